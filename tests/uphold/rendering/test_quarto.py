"""The same documents by Quarto: what it is given and, where it is installed, what it makes."""

import json
import re
import shutil
import subprocess
import sys
from html import unescape

import pytest
import yaml

from uphold.errors import InputError
from uphold.rendering import (
    html,
    linked_pictures,
    project,
    quarto,
    render,
    skeleton,
    superseded,
    tree,
)
from uphold.rendering.document import parse
from uphold.rendering.execution import Execution, Value
from uphold.rendering.page import assemble

from .. import full_disk

installed = pytest.mark.skipif(not quarto.find(), reason="Quarto is not installed")


def test_the_notebook_has_results_and_nothing_left_to_run(sample):
    document = parse(sample.path)
    tables = {source: [table] for source, table in sample.page.tables.items()}
    notebook = quarto.notebook(document, sample.executions[0], tables)
    prose = "".join(
        "".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"
    )
    assert "{python}" not in prose
    assert notebook["cells"][0]["source"][0] == "---\n"
    kinds = [cell["cell_type"] for cell in notebook["cells"]]
    assert kinds.count("code") == len(document.cells)
    assert all(isinstance(cell["source"], list) for cell in notebook["cells"])
    assert not [
        o
        for c in notebook["cells"]
        for o in c.get("outputs", [])
        if "text/html" in o["data" if "data" in o else "text"]
    ]


def test_literal_values_are_escaped_and_markdown_is_not(write):
    document = parse(write("A `{python} r.a` and `{python} r.b`."))
    execution = Execution({}, {0: Value("*a* -1.5 {{< x >}}"), 1: Value("**b**", markdown=True)})
    notebook = quarto.notebook(document, execution, {})
    text = "".join(notebook["cells"][1]["source"])
    assert text.strip() == r"A \*a\* \-1\.5 \{\{\< x \>\}\} and **b**."


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ('#| fig-cap: "What is *seen* (@fig-x)."', '#| fig-alt: "What is *seen*."'),
        ('#| fig-cap: "Seen."\n#| fig-alt: "Heard."', '#| fig-alt: "Heard."'),
    ],
)
def test_a_figure_is_told_in_words_to_whoever_cannot_see_it(write, options, told):
    document = parse(write(f"```{{python}}\n#| label: fig-x\n{options}\nfigure\n```"))
    (cell,) = document.cells
    source = quarto._with_alternative(cell, [_shown("<svg></svg>")])
    assert source.count("fig-alt") == 1
    assert told in source.splitlines()
    titled = quarto._with_alternative(cell, [_shown("<svg><title>Two &amp; two</title></svg>")])
    own = '#| fig-alt: "Heard."' if "fig-alt" in options else '#| fig-alt: "Two & two"'
    assert own in titled.splitlines()
    assert parse(write(f"```{{python}}\n{source}\n```")).cells[0].source == cell.source


def test_each_of_several_pictures_is_told_in_words_of_its_own(write):
    (cell,) = parse(write("```{python}\nfigures\n```")).cells
    one, two = (_shown(f"<svg><title>Card {n}</title></svg>") for n in "ab")
    line = {"output_type": "stream", "name": "stdout", "text": "drawn"}
    told = quarto._with_alternative(cell, [one, line, two])
    assert told == '#| fig-alt: ["Card a", "", "Card b"]\nfigures'
    assert quarto._with_alternative(cell, [line, _shown("<svg></svg>")]) == cell.body


def _shown(picture):
    return {"output_type": "display_data", "data": {"image/svg+xml": picture}}


@pytest.mark.parametrize("end", [*"\v\f\x1c\x1d\x1e\x85\u2028\u2029"])
def test_what_only_python_takes_for_the_end_of_a_line_is_none(write, end):
    """Quarto cannot read a cell whose option ends in the middle, and says not why."""
    document = parse(
        write("```{python}\n#| label: fig-x\n#| fig-cap: Seen.\nfigure\n```\n\nx `{python} y`")
    )
    data = {
        "image/svg+xml": f"<svg><title>One{end}two</title></svg>",
        "text/plain": f"a{end}b\nc",
    }
    shown = {"output_type": "display_data", "data": data, "metadata": {}}
    execution = Execution({0: [shown]}, {0: Value(f"p{end}q")})
    cells = quarto.notebook(document, execution, {})["cells"]
    (figure,) = [cell for cell in cells if cell["cell_type"] == "code"]
    prose = [line for cell in cells if cell["cell_type"] == "markdown" for line in cell["source"]]
    assert figure["source"][0] == '#| fig-alt: "One two"\n'
    assert figure["outputs"][0]["data"]["text/plain"] == [f"a{end}b\n", "c"]
    assert any(f"p{end}q" in line for line in prose)


def test_a_table_reaches_quarto_as_a_tree(sample):
    (source,) = [s for s in sample.page.tables if "OOD F1" in s]
    table = sample.page.tables[source]
    document = parse(sample.path)
    notebook = quarto.notebook(document, sample.executions[0], {source: html.shaped([table])})
    (fence,) = [
        "".join(output["data"]["text/markdown"])
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if "text/markdown" in output.get("data", {})
        and "pandoc-json" in output["data"]["text/markdown"][0]
    ]
    opening, tree, closing = fence.strip().split("\n")
    assert (opening, closing) == ("```{=pandoc-json}", "```")
    assert json.loads(tree)["blocks"] == html.shaped([table])
    assert not re.search("[<>`]", tree)


LINKED = """\
<svg width="9" height="9" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
<g id="a"><a xlink:href="#claim-x" target="_blank"><path id="b"/></a></g>
<metadata class="data">{"claims":{"x":{"says":"A `&lt;b&gt;`"}}}</metadata>
</svg>"""
CLAIM = """```{python}
#| label: fig-claims
#| fig-cap: "All claims."
#| fig-alt: "One claim."
figure
```

[It holds.]{#claim-x}
"""


@pytest.fixture
def linked(write):
    """A document with a picture whose mark leads to a claim, what ran, and the page of both."""
    document = parse(write(CLAIM))
    shown = {"image/svg+xml": LINKED, "text/plain": "<Figure>"}
    execution = Execution({0: [{"output_type": "display_data", "data": shown, "metadata": {}}]}, {})
    settings = project.settings(document)
    return document, execution, assemble(skeleton.read(document), settings, execution)


def test_a_picture_with_links_is_part_of_the_page_and_on_paper_an_image(linked, monkeypatch):
    given = {}

    def render(_document, notebook, form, _quarto):
        (cell,) = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
        (given[form],) = [output["data"] for output in cell["outputs"]]
        return b""

    monkeypatch.setattr(quarto, "_render", render)
    quarto.write(*linked, "quarto")
    assert "".join(given["typst"]["image/svg+xml"]) == LINKED
    (fence,) = given["html"].values()
    ((part,),) = [block["c"] for block in json.loads(fence[1])["blocks"]]
    embedded = linked_pictures.inside(linked[2].blocks, linked[2].pictures)
    assert part in [e for e in tree.walk(embedded) if e["t"] == "RawInline"]
    assert '<a href="#claim-x" aria-label="It holds.">' in part["c"][1]
    assert 'aria-label="One claim."' in part["c"][1]


def names_of_navigation(page):
    """Return how each ``nav`` of a page is called, those that only repeat another's aside."""
    found = re.findall(r"<nav\b([^>]*)>", page)
    labels = [re.findall(r'aria-label="([^"]*)"', attributes) for attributes in found]
    return [label for label in labels if label != ["breadcrumb"]]


def test_no_navigation_of_quartos_is_without_a_name():
    page = (
        '<nav class="quarto-secondary-nav"></nav><nav id="quarto-sidebar" class="sidebar"></nav>'
        '<nav id="TOC" role="doc-toc"></nav><nav class="page-navigation"></nav>'
        '<nav class="quarto-page-breadcrumbs" aria-label="breadcrumb"></nav>'
    )
    assert names_of_navigation(quarto._mended(page)) == [
        ["This page"],
        ["Site"],
        ["Contents"],
        ["Previous and next page"],
    ]


def test_no_script_of_quartos_takes_the_address_of_a_link_in_a_picture_as_text():
    script = (
        'const links = window.document.querySelectorAll("a");\n'
        'links[0].href.replace("/index.html", "/");'
    )
    assert 'querySelectorAll("a:not(svg a)");' in quarto._mended(f"<script>{script}</script>")


@installed
def test_quarto_leaves_a_picture_with_links_whole(linked):
    page = quarto.write(*linked, quarto.find())[0].decode()
    figure = re.search(r"<figure.*?</figure>", page, re.DOTALL)[0]
    assert "<img" not in figure
    assert '<a href="#claim-x" aria-label="It holds.">' in figure
    assert re.search(r"<strong>Figure.1:</strong> All claims\.", figure.replace("&nbsp;", " "))
    carried = re.search(r'<metadata class="data">(.*?)</metadata>', figure)[1]
    assert json.loads(unescape(carried)) == {"claims": {"x": {"says": "A `<b>`"}}}
    assert 'querySelectorAll("a");' not in page


FAKE = """\
#!{python}
import json, os, pathlib, sys
if sys.argv[1:] == ["--version"]:
    print("{version}")
    sys.exit()
_, name, _, form, *rest = sys.argv[1:]
print("a warning", file=sys.stderr)
print("{says}", file=sys.stderr)
if {status}:
    sys.exit({status})
cells = json.loads(pathlib.Path(name).read_text())["cells"]
asked = pathlib.Path("{asked}").read_text() if "{asked}" else ""
seen = [os.getcwd(), sorted(os.listdir()), name, form, rest, len(cells), asked]
site = pathlib.Path("_site")
site.mkdir()
(site / name.replace("ipynb", "pdf" if form == "typst" else "html")).write_text(json.dumps(seen))
"""


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """Put a program in Quarto's place that says what it was asked to do."""

    def fake(version="1.9.38", says="", status=0, asked=""):
        program = tmp_path / "fake-quarto"
        program.write_text(
            FAKE.format(
                python=sys.executable, version=version, says=says, status=status, asked=asked
            )
        )
        program.chmod(0o755)
        monkeypatch.setenv("QUARTO_PATH", str(program))

    return fake


def told(page):
    """Return what the program in Quarto's place wrote; the line below it signs the page."""
    return json.loads(page.read_text().splitlines()[0])


def test_each_format_has_a_folder_of_its_own_and_nothing_runs_again(write, fake, tmp_path):
    fake()
    write("Another.", name="other")
    made = render(write("Text."), tmp_path / "site")
    assert made.renderer == "quarto"
    html_seen, pdf_seen = map(told, (made.html, made.pdf))
    assert html_seen[0] != pdf_seen[0]
    for seen, form in ((html_seen, "html"), (pdf_seen, "typst")):
        _, files, name, asked, rest, cells, _ = seen
        assert (name, asked, rest, cells) == ("page.ipynb", form, ["--no-execute"], 2)
        assert {"_quarto.yml", "references.bib", "theme", "page.ipynb"} <= set(files)
        assert not [file for file in files if file.endswith(".qmd")]


@pytest.mark.parametrize(
    "says",
    [
        "[WARNING] Could not fetch resource ./two.html",
        r"\x1b[33mWARN: Unable to resolve link target: ../page.qmd\x1b[39m",
        r"\x1b[33mWARN: Unable to resolve link target: ../../src/uphold/format.py\x1b[39m",
    ],
)
def test_a_page_knows_its_place_and_nothing_of_its_neighbours(write, fake, tmp_path, says):
    fake(says=says, asked="_quarto.yml")
    path = write("Text.")
    settings = path.with_name("_quarto.yml")
    values = yaml.safe_load(settings.read_text())
    pages = [{"text": "Text", "href": f"{name}.qmd"} for name in ("index", "page", "two")]
    values["website"]["sidebar"]["contents"] = pages
    settings.write_text(yaml.safe_dump(values))
    made = render(path, tmp_path / "site")
    seen = yaml.safe_load(told(made.html)[-1])
    hrefs = [item["href"] for item in seen["website"]["sidebar"]["contents"]]
    assert hrefs == ["index.html", "page.ipynb", "two.html"]


@pytest.mark.parametrize(
    ("says", "status"),
    [
        ("ERROR: no such thing", 1),
        ("WARNING: Unable to resolve crossref @fig-x", 0),
        ("[WARNING] Could not fetch resource styles/x.css", 0),
        ("WARN: Unable to resolve link target: other.qmd", 0),
    ],
)
def test_what_quarto_only_warns_of_is_an_error(write, fake, tmp_path, says, status):
    fake(says=says, status=status)
    path = write("Text.")
    with pytest.raises(InputError) as refused:
        render(path, tmp_path / "site")
    assert str(refused.value).startswith(f"{path}: Quarto says: ")
    assert says in str(refused.value)


def test_an_old_quarto_is_not_used(write, fake, tmp_path):
    fake(version="1.6.40")
    assert quarto.find() is None
    assert render(write("Text."), tmp_path / "site").renderer == "embedded"


@pytest.fixture(scope="module")
def pages(sample) -> tuple[str, bytes]:
    document = parse(sample.path)
    page, paper = quarto.write(document, sample.executions[0], sample.page, quarto.find())
    return page.decode(), paper


@installed
def test_every_navigation_of_a_real_page_has_a_name_of_its_own(pages):
    named = names_of_navigation(re.sub(r"<script.*?</script>", "", pages[0], flags=re.DOTALL))
    assert all(map(len, named))
    assert len({*map(tuple, named)}) == len(named) > 0


@installed
def test_quarto_shows_what_the_embedded_renderer_shows(sample, pages):
    page, _ = pages
    for drawn in re.findall(r"draw-\d+-\d", sample.html):
        assert drawn in page
    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2
    assert re.search(r"background-color: #d7f0dd; color: #116329", page)
    text = page.replace("\u00a0", " ").replace("&nbsp;", " ")
    for caption in re.findall(r"(?:Table|Figure) \d:", sample.html.replace("\u00a0", " ")):
        assert caption in text
    assert "?@" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert "cdn." not in page


@installed
def test_quarto_shows_captions_callouts_and_places_as_the_embedded_renderer_does(sample, pages):
    page = pages[0].replace("\u00a0", " ").replace("&nbsp;", " ")
    numbers = re.findall(
        r"<strong>((?:Table|Figure) \d:)</strong>", sample.html.replace("\u00a0", " ")
    )
    assert len(numbers) == 6
    assert re.findall(r"<figcaption[^>]*>\s*<strong>([^<]*)</strong>", page) == numbers
    assert re.search(r'class="callout-header[^>]*aria-expanded="false"', page)
    assert 'href="./sample.pdf"' in page and 'href="./../sample.qmd"' in page
    assert 'href="./index.html"' in page and 'href="./"' not in page


@installed
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_quartos_pdf_agrees_with_its_page(pages, results, tmp_path):
    file = tmp_path / "page.pdf"
    file.write_bytes(pages[1])
    command = ["pdftotext", "-layout", str(file), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"draw-\d+-\d", text)) == set(re.findall(r"draw-\d+-\d", pages[0]))
    assert re.sub(r"\s+", " ", text).count("<script>alert(1)</script>") == 2
    assert results.SENTENCE in re.sub(r"\s+", " ", text)


def test_a_page_of_the_embedded_renderer_is_superseded_once_quarto_is_there(
    write, fake, tmp_path, monkeypatch
):
    monkeypatch.setenv("QUARTO_PATH", "none")
    made = render(write("Text."), tmp_path / "site", renderer="embedded")
    other, missing = tmp_path / "other.html", tmp_path / "missing.html"
    other.write_text('<meta name="generator" content="quarto-1.9.38">')
    pages = [other, made.html, missing]
    assert superseded(pages) == []
    fake()
    assert superseded(pages) == [made.html]


@pytest.mark.parametrize("name", ["_quarto.yml", "sample.ipynb"])
def test_a_full_disk_for_temporary_files_is_told_with_the_file(sample, name):
    with full_disk.told_of(name):
        quarto.write(parse(sample.path), sample.executions[0], sample.page, "quarto")
