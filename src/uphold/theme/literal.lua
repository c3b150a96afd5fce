-- What both renderers put a page through that is written for Typst.
-- Words that Typst reads as marks where they begin a line or a cell, which Pandoc does not escape,
-- and those with a mark inside: each becomes a string, in which nothing is a mark; an option of a
-- command one in a box, in which it is not broken at its hyphens.
-- Code has no colours on paper, and Quarto would give it some, inside of lines too, and larger type.
-- The heads of a table that was written as Markdown are bold, as those of all others are.

local begins = { "^=+$", "^[-+/]$", "^%d+%.$" }
local holds = { "%.%.%.", "%-%-", "%-%?" }

local function marked(word)
  for _, pattern in ipairs(begins) do
    if word:find(pattern) then return true end
  end
  for _, pattern in ipairs(holds) do
    if word:find(pattern) then return true end
  end
  return false
end

local function quoted(text)
  return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("\n", "\\n") .. '"'
end

function Str(element)
  if FORMAT:match("typst") and marked(element.text) then
    local string = quoted(element.text)
    if element.text:find("^%-%-%a") then string = "box(" .. string .. ")" end
    return pandoc.RawInline("typst", "#" .. string .. ";")
  end
end

function CodeBlock(element)
  if FORMAT:match("typst") then
    return pandoc.RawBlock("typst", "#raw(block: true, " .. quoted(element.text) .. ")")
  end
end

function Code(element)
  if FORMAT:match("typst") then
    return pandoc.RawInline("typst", "#raw(" .. quoted(element.text) .. ");")
  end
end

function Table(element)
  if not FORMAT:match("typst") then return end
  for _, row in ipairs(element.head.rows) do
    for _, cell in ipairs(row.cells) do
      cell.attributes["typst:text:weight"] = '"bold"'
    end
  end
  return element
end
