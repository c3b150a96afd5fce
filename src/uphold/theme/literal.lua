-- Words that Typst reads as marks where they begin a line or a cell, which Pandoc does not escape,
-- and those with a mark inside: each becomes a string, in which nothing is a mark; an option of a
-- command one in a box, in which it is not broken at its hyphens. Both renderers put a page that is
-- written for Typst through this filter.

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

function Str(element)
  if FORMAT:match("typst") and marked(element.text) then
    local escaped = element.text:gsub("\\", "\\\\"):gsub('"', '\\"')
    local string = '"' .. escaped .. '"'
    if element.text:find("^%-%-%a") then string = "box(" .. string .. ")" end
    return pandoc.RawInline("typst", "#" .. string .. ";")
  end
end
