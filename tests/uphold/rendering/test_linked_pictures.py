"""A picture whose marks lead somewhere is a part of the page; any other stays an image."""

from uphold.rendering import linked_pictures, tree

SVG = """<?xml version="1.0"?>
<svg width="9" height="9"><defs><path id="glyph"/><clipPath id="clip"/></defs>
<g id="a" clip-path="url(#clip)">
<a xlink:href="#claim-x" target="_blank"><use xlink:href="#glyph"/></a>
</g></svg>"""


def image(name: str):
    return {"t": "Image", "c": [["", [], []], tree.words("What <is> seen"), [name, ""]]}


def shown(svg: str, name: str = "fig-a-0.svg") -> str:
    claim = {"t": "Span", "c": [["claim-x", [], []], tree.words("It <does>.")]}
    page = [tree.plain([image(name)]), tree.plain([claim])]
    found, _ = linked_pictures.inside(page, {name: svg.encode()})
    return found["c"][0]["c"][1] if found["c"][0]["t"] == "RawInline" else ""


def test_its_links_lead_to_the_page_and_its_own_names_stay_its_own():
    svg = shown(SVG)
    assert svg.startswith("<svg ")
    assert '<a href="#claim-x" aria-label="It &lt;does&gt;.">' in svg
    assert '<use xlink:href="#fig-a-0-glyph"/>' in svg
    assert 'clip-path="url(#fig-a-0-clip)"' in svg
    assert 'id="fig-a-0-glyph"' in svg and 'id="glyph"' not in svg


def test_it_is_told_to_whoever_cannot_see_it():
    assert 'role="group" aria-label="What &lt;is&gt; seen"' in shown(SVG)


def test_a_picture_without_links_stays_an_image():
    assert shown(SVG.replace(' xlink:href="#claim-x"', "")) == ""
