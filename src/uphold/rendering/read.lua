-- Reads many fragments in one Pandoc process, each on its own: a fence left open in one cannot
-- swallow the next. In: a JSON list of {format, text}; out: a JSON list of Pandoc documents.

-- Quarto writes a callout's title as an attribute or as a heading inside; an attribute is only a
-- string, so it is read here and becomes the callout's first block.
local function title_as_block(div)
  local title = div.attributes.title
  if title == nil or not div.classes[1] or not div.classes[1]:find('^callout%-') then
    return nil
  end
  local inlines = pandoc.utils.blocks_to_inlines(pandoc.read(title, 'markdown').blocks)
  div.attributes.title = nil
  div.content:insert(1, pandoc.Div({ pandoc.Plain(inlines) }, { class = 'callout-title' }))
  return div
end

local documents = {}
for index, fragment in ipairs(pandoc.json.decode(io.read('a'), false)) do
  local document = pandoc.read(fragment.text, fragment.format):walk({ Div = title_as_block })
  documents[index] = pandoc.write(document, 'json')
end
io.write('[' .. table.concat(documents, ',') .. ']')
