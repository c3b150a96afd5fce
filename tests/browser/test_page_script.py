"""What a page does in a browser: its contents, its folding, its code. Chromium of the system."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from uphold.rendering import quarto, render

sync_api = pytest.importorskip("playwright.sync_api")
ROOT = Path(__file__).parents[2]
DOCUMENT = """\
---
title: A page
---

See [what is folded](#tbl-folded).

## First

::: {.callout-note collapse="true" title="Folded"}
| c | d |
|---|--:|
| x | y |

: What few need {#tbl-folded}
:::

```bash
uphold make
```

""" + "\n".join(f"## Section {letter}\n\n" + "Words. " * 600 + "\n" for letter in "abc")
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 800}


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A document with all that the script is about, in a project of its own."""
    folder = tmp_path_factory.mktemp("reports")
    for name in ("_quarto.yml", "references.bib"):
        shutil.copy(ROOT / "reports" / name, folder)
    shutil.copytree(ROOT / "reports" / "theme", folder / "theme")
    path = folder / "calls-stage2.qmd"
    path.write_text(DOCUMENT)
    return path


@pytest.fixture(scope="module")
def html(document: Path) -> Path:
    """The page of the embedded renderer."""
    return render(document, document.with_name("embedded"), renderer="embedded").html


@pytest.fixture(scope="module")
def of_quarto(document: Path) -> Path:
    """The page of Quarto."""
    if not quarto.find():
        pytest.skip("Quarto is not installed")
    return render(document, document.with_name("quarto"), renderer="quarto").html


@pytest.fixture
def opened(html, browser):
    """Open the page at a size, with no motion; what goes wrong in its script is an error here."""
    contexts, errors = [], []

    def opened(size: dict[str, int], hash_: str = "", **more: Any) -> Any:
        context = browser.new_context(viewport=size, reduced_motion="reduce", **more)
        contexts.append(context)
        shown = context.new_page()
        shown.on("pageerror", lambda error: errors.append(error))
        shown.goto(html.as_uri() + hash_)
        return shown

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def test_the_contents_are_open_beside_the_text_and_folded_on_a_phone(opened):
    shown = opened(WIDE)
    contents = shown.locator("details.contents")
    text = shown.locator("div.text")
    assert contents.get_attribute("open") is not None
    assert (
        contents.bounding_box()["x"] + contents.bounding_box()["width"]
        <= (text.bounding_box()["x"])
    )
    shown.set_viewport_size(PHONE)
    sync_api.expect(contents).not_to_have_attribute("open", re.compile(".*"))
    title = shown.locator("h1").bounding_box()
    assert title["y"] + title["height"] <= contents.bounding_box()["y"]
    contents.locator("summary").click()
    shown.locator("#TOC a", has_text="Section b").click()
    sync_api.expect(contents).not_to_have_attribute("open", re.compile(".*"))


def test_the_contents_stand_beside_the_text_without_a_script(opened):
    shown = opened(WIDE, java_script_enabled=False)
    assert shown.locator("#TOC a", has_text="Section b").is_visible()
    assert shown.locator("button").count() == 0


def test_the_section_that_is_read_is_marked_whichever_way_one_comes(opened):
    shown = opened(WIDE)
    marked = shown.locator("#TOC a[aria-current]")
    for name in ("b", "c", "a"):
        shown.locator(f"#section-{name}").evaluate("e => e.scrollIntoView()")
        sync_api.expect(marked).to_have_text(re.compile(f"Section {name}$"))
    shown.evaluate("scrollBy(0, -300)")  # the heading is below the line again, what is read is not
    sync_api.expect(marked).to_have_text(re.compile("First$"))
    shown.evaluate("scrollTo(0, 0)")
    sync_api.expect(marked).to_have_count(0)


def test_what_a_link_leads_to_is_unfolded(opened):
    shown = opened(WIDE)
    folded = shown.locator("details.callout")
    table = shown.locator("#tbl-folded")
    assert not table.is_visible()
    link = shown.get_by_role("link", name="what is folded")
    for _ in range(2):  # the second time the address stays what it is
        link.click()
        sync_api.expect(table).to_be_visible()
        sync_api.expect(table).to_be_in_viewport()
        folded.locator("summary").click()
        sync_api.expect(table).not_to_be_visible()
    assert opened(WIDE, "#tbl-folded").locator("#tbl-folded").is_visible()


def test_what_a_link_leads_to_is_unfolded_on_a_page_of_quarto(browser, of_quarto):
    shown = browser.new_page(viewport=WIDE, reduced_motion="reduce")
    shown.goto(of_quarto.as_uri() + "#tbl-folded")
    table = shown.locator("#tbl-folded")
    sync_api.expect(table).to_be_visible()
    assert shown.locator("button.copy, details.contents, .anchor").count() == 0
    for _ in range(2):
        title = shown.get_by_role("button", name="Folded")
        sync_api.expect(shown.locator(".callout-collapse.show")).to_have_count(1)
        title.focus()
        shown.keyboard.press("Enter")
        sync_api.expect(table).not_to_be_visible()
        shown.get_by_role("link", name="what is folded").click()
        sync_api.expect(table).to_be_visible()
    shown.close()


def test_a_callout_folds_by_the_keyboard(opened):
    shown = opened(PHONE)
    shown.locator("details.callout > summary").focus()
    shown.keyboard.press("Enter")
    sync_api.expect(shown.locator("#tbl-folded")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_paper_shows_what_is_folded_and_nothing_to_click(opened, script):
    shown = opened(WIDE, java_script_enabled=script)
    shown.emulate_media(media="print")
    assert shown.locator("#tbl-folded").is_visible()
    for hidden in ("header.site", "footer.site", "details.contents"):
        assert not shown.locator(hidden).is_visible()


def test_printing_leaves_folded_what_was(opened):
    shown = opened(WIDE)
    folded = shown.locator("details.callout")
    shown.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert folded.get_attribute("open") is not None
    shown.evaluate("dispatchEvent(new Event('afterprint'))")
    assert folded.get_attribute("open") is None


def test_a_button_copies_code_and_says_so(opened):
    shown = opened(WIDE, permissions=["clipboard-read", "clipboard-write"])
    button = shown.get_by_role("button", name="Copy")
    button.focus()
    shown.keyboard.press("Enter")
    sync_api.expect(shown.locator("button.copy")).to_have_text("Copied")
    assert shown.evaluate("navigator.clipboard.readText()") == "uphold make"


def test_the_first_stop_of_the_keyboard_leads_past_what_is_on_every_page(opened):
    shown = opened(PHONE)
    shown.keyboard.press("Tab")
    skip = shown.get_by_role("link", name="Skip to the text")
    sync_api.expect(skip).to_be_in_viewport()
    shown.keyboard.press("Enter")
    assert shown.evaluate("document.activeElement.tagName") == "MAIN"


def test_a_heading_shows_its_link_when_it_has_the_focus(opened):
    anchor = opened(WIDE).locator("#section-a > .anchor")
    assert anchor.evaluate("e => getComputedStyle(e).opacity") == "0"
    shown = anchor.page
    shown.get_by_role("link", name="what is folded").focus()
    while shown.evaluate("document.activeElement.hash") != "#section-a":
        shown.keyboard.press("Tab")
    assert anchor.evaluate("e => getComputedStyle(e).opacity") == "1"


def test_nothing_moves_for_who_wants_no_motion(browser, html):
    for motion, behaviour in (("reduce", "auto"), ("no-preference", "smooth")):
        context = browser.new_context(reduced_motion=motion)
        shown = context.new_page()
        shown.goto(html.as_uri())
        assert shown.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == (
            behaviour
        )
        context.close()
