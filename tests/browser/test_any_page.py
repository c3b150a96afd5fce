"""What holds for any page on any screen: its size, its colours, its links, its numbers."""

import re
import shutil
import subprocess

import pytest

# Visible elements beyond the window's right or left edge, but for what lies in a box that scrolls.
BEYOND = """() => {
  const scrolls = (e) => /auto|scroll|hidden/.test(getComputedStyle(e).overflowX);
  const inBox = (e) => {
    for (let p = e.parentElement; p && p !== document.body; p = p.parentElement)
      if (scrolls(p)) return true;
    return false;
  };
  const wide = [...document.querySelectorAll("main, main *, header *, footer *")].filter((e) => {
    const { left, right, width, height } = e.getBoundingClientRect();
    return width > 1 && height > 1 && (right > innerWidth + 1 || left < -1) && !inBox(e);
  });
  const page = document.scrollingElement.scrollWidth;
  return [
    ...(page > innerWidth ? [`the page is ${page} wide`] : []),
    ...wide.map((e) => `${e.tagName}: ${e.textContent.trim().slice(0, 60)}`),
  ];
}"""
WIDTHS = """() => [...document.querySelectorAll("main figure img")].map((e) => e.width)"""
# Pandoc writes every cell of a head as one, also one above a stub that has nothing to say.
RULES = {"rules": {"empty-table-header": {"enabled": False}}}
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@pytest.fixture
def html(site, name):
    return site / f"{name}.html"


@pytest.mark.parametrize("width", [390, 768, 1280])
def test_nothing_is_wider_than_the_window(opened, html, width):
    assert opened(html, width).evaluate(BEYOND) == []


def test_figures_keep_a_readable_size_on_a_phone(opened, html):
    assert [width for width in opened(html, 390).evaluate(WIDTHS) if width < 500] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_no_violation(opened, html, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = opened(html, width, color_scheme=scheme)
    page.wait_for_timeout(100)  # until observers of sizes have been told
    found = axe.Axe().run(page, options=RULES).response["violations"]
    assert [
        (each["id"], [node["html"][:200] for node in each["nodes"][:4]]) for each in found
    ] == []


def test_a_dark_screen_gets_a_dark_page_and_paper_a_white_one(opened, html):
    ground = "() => getComputedStyle(document.body).backgroundColor"
    light = opened(html, color_scheme="light").evaluate(ground)
    page = opened(html, color_scheme="dark")
    if page.locator("#quarto-content").count():
        pytest.skip("Quarto's pages are light")
    assert page.evaluate(ground) != light == "rgb(255, 255, 255)"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(ground) == light


def test_every_link_leads_somewhere(opened, html):
    hrefs = opened(html).evaluate(
        "() => [...document.querySelectorAll('a[href]')].map((e) => e.getAttribute('href'))"
    )
    text = html.read_text("utf-8")
    ids = re.findall(r'\bid="([^"]+)"', text)
    assert hrefs
    broken = [href for href in hrefs if href.startswith("#") and href[1:] not in {"", *ids}]
    files = [href for href in hrefs if not re.match(r"[a-z]+:|#", href)]
    broken += [href for href in files if not (html.parent / href.partition("#")[0]).exists()]
    assert broken == []


def test_no_paragraph_stands_twice(opened, html):
    said = opened(html, java_script_enabled=False).evaluate(
        "() => [...document.querySelectorAll('main p')].map((e) => e.textContent.trim())"
    )
    assert [text for text in set(said) if len(text) > 100 and said.count(text) > 1] == []


def test_without_scripts_there_is_no_control(opened, html):
    page = opened(html, java_script_enabled=False)
    if page.locator("#quarto-content").count():
        pytest.skip("Quarto writes controls of its own")
    assert page.locator("button, input").count() == 0


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_the_pdf_holds_every_number_of_the_page(opened, html):
    text = opened(html, java_script_enabled=False).locator("main").inner_text()
    command = ["pdftotext", "-layout", str(html.with_suffix(".pdf")), "-"]
    paper = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    numbers, printed = set(NUMBER.findall(text)), set(NUMBER.findall(paper))
    assert numbers
    assert sorted(numbers - printed) == []
