"""The pages of a site: one list, from which either renderer leads from page to page."""

import json
import re
from pathlib import Path

import pytest
import yaml

from uphold.errors import InputError
from uphold.rendering import lint, project, website

PATH = Path("_quarto.yml")
PAGES = {"index": "Start", "one": "The <first> one", "two": "Two"}
LIST = [{"text": text, "href": f"{name}.qmd"} for name, text in PAGES.items()]
BLOCK = {"title": "A & B", "page-navigation": True, "sidebar": {"contents": LIST}}


def places(page: str) -> dict[str, tuple[str, str]]:
    """Return by role or label the links of a page outside its text."""
    outside = re.sub(r"<main.*</main>", "", page, flags=re.DOTALL)
    found = re.findall(r'<a (?:rel="(\w+)" )?href="([^"]*)"[^>]*>([^<]*)</a>', outside)
    return {role or text: (href, text) for role, href, text in found}


@pytest.fixture
def sited(embed, write):
    """Return the HTML of a page of a site."""

    def sited(name: str, body: str = "## Text", **changes: object) -> str:
        settings = write("x").with_name("_quarto.yml")
        values = yaml.safe_load(settings.read_text())
        values["website"] = BLOCK | changes
        settings.write_text(yaml.safe_dump(values))
        html, _ = embed(body, name=name)
        return html

    return sited


def test_a_page_leads_home_to_its_pdf_to_its_source_and_to_its_neighbours(sited):
    assert places(sited("one")) == {
        "A &amp; B": ("index.html", "A &amp; B"),
        "PDF": ("one.pdf", "PDF"),
        "Source": ("../one.qmd", "Source"),
        "prev": ("index.html", "Start"),
        "next": ("two.html", "Two"),
    }


def test_the_first_and_the_last_page_have_one_neighbour_and_an_unlisted_one_none(sited):
    assert "prev" not in places(sited("index"))
    assert places(sited("index"))["next"] == ("one.html", "The &lt;first&gt; one")
    assert "next" not in places(sited("two"))
    for page in (sited("other"), sited("one", **{"page-navigation": False})):
        assert {"prev", "next"}.isdisjoint(places(page))
        assert "<footer" not in page
        assert places(page)["A &amp; B"] == ("index.html", "A &amp; B")


def test_a_page_leads_to_the_first_page_of_each_section_and_turns_through_them_in_order(sited):
    section = {"section": "More & more", "contents": LIST[1:]}
    start = places(sited("index", sidebar={"contents": [LIST[0], section]}))
    assert start["More &amp; more"] == ("one.html", "More &amp; more")
    assert start["next"] == ("one.html", "The &lt;first&gt; one")
    second = places(sited("two", sidebar={"contents": [section, LIST[0]]}))
    assert (second["prev"][0], second["next"][0]) == ("one.html", "index.html")


def test_the_source_is_at_the_address_of_the_repository(sited):
    known = {"repo-url": "https://example.org/a/b/", "repo-subdir": "reports"}
    assert places(sited("one", **known))["Source"][0] == (
        "https://example.org/a/b/blob/main/reports/one.qmd"
    )
    branch = {"repo-url": "https://example.org/a/b", "repo-branch": "trunk"}
    assert places(sited("one", **branch))["Source"][0] == (
        "https://example.org/a/b/blob/trunk/one.qmd"
    )


@pytest.mark.parametrize(
    ("changes", "address"),
    [
        ({}, "../../src/"),
        ({"repo-url": "https://example.org/a/b/"}, "https://example.org/a/b/blob/main/src/"),
    ],
)
def test_a_link_into_the_code_is_at_the_address_of_the_repository_too(sited, changes, address):
    page = sited("one", "[mixup](../../src/uphold/training/mixup.py)", **changes)
    assert f'href="{address}uphold/training/mixup.py"' in page


def test_a_page_of_no_site_leads_nowhere(embed, write):
    settings = write("x").with_name("_quarto.yml")
    values = yaml.safe_load(settings.read_text())
    del values["website"]
    settings.write_text(yaml.safe_dump(values))
    html, _ = embed("## Text")
    assert places(html) == {}
    assert "<header class" not in html


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"serch": True}, r"unknown key 'website: serch'. Did you mean 'search'\?"),
        ({"search": "yes"}, "'website: search' must be true or false, not 'yes'"),
        ({"sidebar": {"style": "docked"}}, "unknown key 'website: sidebar: style'"),
        ({"sidebar": {"contents": "auto"}}, "'website: sidebar: contents' must be a list"),
        ({"sidebar": {"contents": ["one.qmd"]}}, "'one.qmd'; a page stands there as {text:"),
        ({"sidebar": {"contents": [{"text": "One"}]}}, "a page stands there as {text:"),
        ({"sidebar": {"contents": [{"text": 1, "href": "one.qmd"}]}}, "must be text, not 1"),
        ({"sidebar": {"contents": [{"text": "One", "href": "one.html"}]}}, "is not a document"),
        ({"sidebar": {"contents": [*LIST, LIST[0]]}}, "contents: index.qmd stands twice"),
        ({"sidebar": {"contents": [{"section": "A"}]}}, "the section 'A' has no 'contents'"),
        (
            {"sidebar": {"contents": [*LIST, {"section": "A", "contents": LIST[:1]}]}},
            "contents: index.qmd stands twice",
        ),
        (
            {"sidebar": {"contents": [{"section": "A", "content": LIST}]}},
            "contents: content'. Did you mean 'contents'",
        ),
        (
            {"sidebar": {"contents": [{"section": "A", "contents": [{"section": "B"}]}]}},
            "a page stands there as",
        ),
    ],
)
def test_what_is_not_known_is_refused_by_name(changes, message):
    with pytest.raises(InputError, match=message):
        website.read(BLOCK | changes, PATH)


def test_what_stands_at_the_end_of_a_page_is_one_text(write):
    path = write("x")
    settings = path.with_name("_quarto.yml")
    values = yaml.safe_load(settings.read_text())
    values["format"]["html"]["include-after-body"] = "after.html"
    settings.write_text(yaml.safe_dump(values))
    with pytest.raises(InputError, match=r"'format: html: include-after-body:' must be 'text:"):
        lint(path)


def test_quarto_renders_a_page_among_addresses():
    section = {"section": "More", "contents": [{"text": "Three", "href": "three.qmd"}]}
    pages = {"sidebar": {"contents": [*LIST, section]}}
    before = {"website": BLOCK | pages | {"search": True}, "format": {"html": {}}, "lang": "en"}
    kept = json.dumps(before)
    site = website.read(before["website"], PATH)
    alone = website.of_one(before, site.navigation("one"), "one")
    *listed, last = alone["website"]["sidebar"]["contents"]
    assert [item["href"] for item in listed] == ["index.html", "one.ipynb", "two.html"]
    assert last == {"section": "More", "contents": [{"text": "Three", "href": "three.html"}]}
    assert alone["website"]["search"] is False
    tools = [
        {key: tool[key] for key in tool if key != "icon"}
        for tool in alone["website"]["sidebar"]["tools"]
    ]
    assert tools == [{"text": "PDF", "href": "one.pdf"}, {"text": "Source", "href": "../one.qmd"}]
    assert alone["lang"] == "en"
    assert json.dumps(before) == kept


def test_documents_that_the_list_lacks_and_pages_without_one_are_told(write):
    path = write("x", name="new")
    settings = path.with_name("_quarto.yml")
    values = yaml.safe_load(settings.read_text())
    values["website"] = BLOCK
    settings.write_text(yaml.safe_dump(values))
    write("x", name="index")
    write("x", name="two")
    assert project.unlisted(path.parent) == [
        f"{settings}: website: sidebar: contents has one.qmd, which is not there.",
        f"{settings}: website: sidebar: contents has no new.qmd, so that no page leads to it.",
    ]
    assert lint(path) == []
