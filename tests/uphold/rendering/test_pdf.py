"""What is on paper: every row and every sign of a table, by both renderers, and legible."""

import html
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import typst

from uphold import palette
from uphold.errors import InputError
from uphold.rendering import pandoc, quarto, render, tree
from uphold.rendering.pandoc import Fragment
from uphold.rendering.pdf import shaped

MARKS = "selector(heading).or(list).or(enum).or(terms)"
LITERAL = f"--lua-filter={palette.THEME / 'literal.lua'}"
read = pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
RENDERERS = [
    "embedded",
    pytest.param(
        "quarto", marks=pytest.mark.skipif(not quarto.find(), reason="Quarto is not installed")
    ),
]
CELL = """\
```{python}
import sample_results as r
```

```{python}
#| label: tbl-a
#| tbl-cap: A table
%s
```
"""


@pytest.fixture
def written(tmp_path):
    """Return the Typst of blocks."""

    def written(blocks, *arguments: str) -> str:
        return pandoc.write(blocks, {}, ["--to=typst-smart", *arguments], "a test", tmp_path)

    return written


@pytest.fixture
def marks_in_a_cell(tmp_path, written):
    """Return what Typst finds in a cell that holds a text, beside text."""

    def find(text: str, *arguments: str) -> str:
        cell = f"<table><tr><td>{html.escape(text)}</td></tr></table>"
        (table,) = pandoc.read([Fragment(pandoc.HTML, cell)], "a test")
        source = written(shaped(table["blocks"]), *arguments)
        (tmp_path / "page.typ").write_text("#let muted = gray\n" + source, "utf-8")
        return typst.query(str(tmp_path / "page.typ"), MARKS)

    return find


@pytest.mark.parametrize("text", ["= a", "== a", "- a", "+ a", "/ a: b", "1. a"])
def test_text_in_a_cell_that_looks_like_a_mark_stays_text(marks_in_a_cell, text):
    assert marks_in_a_cell(text, LITERAL) == "[]"


def test_without_care_it_would_not(marks_in_a_cell):
    assert "heading" in marks_in_a_cell("= a")


@pytest.mark.parametrize(
    ("words", "source"),
    [
        ('x..."\\ = 1.', '#"x...\\"\\\\"; #"="; #"1.";\n'),
        ("--use_bn, a--dropout", '#box("--use_bn,"); #"a--dropout";\n'),
        ("‘macro-F1’ ‘0.532’.", "‘macro-F1’ ‘0.532’.\n"),  # after a digit no prime
        ("a=b -1 1.5 +x a/b", "a=b -1 1.5 +x a/b\n"),
    ],
)
def test_a_word_with_a_mark_is_a_string_of_typst_and_no_other_is(written, words, source):
    assert written([tree.plain(tree.words(words))], LITERAL) == source


def test_code_reaches_typst_as_it_is_whatever_a_renderer_would_colour_in_it(written):
    block = tree.code('a = "b\\n"\n# `c`', "python")
    assert written([block], LITERAL) == '#raw(block: true, "a = \\"b\\\\n\\"\\n# `c`")\n'
    inline = {"t": "Code", "c": [["", [], []], 'a "b"']}
    assert written([tree.plain([inline])], LITERAL) == '#raw("a \\"b\\"");\n'


def test_the_head_of_a_table_of_markdown_is_bold(written):
    (document,) = pandoc.read([pandoc.Fragment(pandoc.MARKDOWN, "|a|b|\n|-|-|\n|c|d|")], "a test")
    source = written(document["blocks"], LITERAL)
    assert source.count('weight: "bold"') == 2
    assert source.index("[d]") > source.rindex('weight: "bold"')


def test_the_filter_leaves_other_formats_alone(tmp_path):
    blocks = [tree.plain(tree.words("= --a"))]
    assert pandoc.write(blocks, {}, ["--to=html", LITERAL], "a test", tmp_path).strip() == "= --a"


def pages(file: Path) -> list[str]:
    """Return the text of each page, its words in one line."""
    command = ["pdftotext", str(file), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [re.sub(r"\s+", " ", page) for page in text.split("\f")[:-1]]


def sizes(file: Path) -> set[float]:
    """Return the sizes of type, in points."""
    command = ["pdftohtml", "-xml", "-zoom", "3", "-i", "-stdout", str(file)]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return {int(size) / 3 for size in re.findall(r'<fontspec [^>]*size="(\d+)"', text)}


CODE = """\
::: {.callout-note}
Text with `code`.
:::

```
code
```

| a      | metric |
|--------|--------|
| `code` | name   |

: With `code` {#tbl-code}
"""
# as they are, in smaller type, divided; beside sentences, and those divided
TABLES = [(90, 4, False), (90, 7, False), (90, 15, False), (40, 3, True), (40, 9, True)]


@read
@pytest.mark.parametrize("renderer", RENDERERS)
def test_every_cell_of_a_table_is_on_paper(write, tmp_path, renderer):
    cells = (
        f"```{{python}}\n#| label: tbl-t{number}\n#| tbl-cap: A table\n"
        f"r.numbered({number}, {rows}, {columns}, said={said})\n```\n"
        for number, (rows, columns, said) in enumerate(TABLES)
    )
    path = write("\n".join(["```{python}\nimport sample_results as r\n```\n", *cells, CODE]))
    made = render(path, tmp_path / "site", renderer=renderer)
    found = pages(made.pdf)
    text = " ".join(found)
    lost = [
        cell
        for number, (rows, columns, _) in enumerate(TABLES)
        for row in range(rows)
        for cell in (
            f"row {number}.{row} ",
            *(f" {number}.{row:02}{column:02} ± 0.0211" for column in range(columns)),
        )
        if cell not in text
    ]
    assert lost == []
    assert all("name" in page.split() and "metric" in page for page in found)  # heads on each page
    assert text.count("A note that is longer than a line.") == len(TABLES)  # and notes once
    assert min(sizes(made.pdf)) >= 7


def filled(file: Path) -> list[float]:
    """Return how far down the words of each page go, as a share of the page."""
    command = ["pdftotext", "-bbox", str(file), "-"]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    ends = (re.findall(r'yMax="([\d.]+)"', page) for page in text.split("<page ")[1:])
    return [max(y for y in map(float, end) if y < 790) / 842 for end in ends]  # above the number


@read
def test_pictures_leave_no_holes(write, tmp_path):
    drawn = "".join(
        f"{'Words about it. ' * 90}\n\n```{{python}}\n#| label: fig-f{number}\n"
        "#| fig-cap: A figure\n#| fig-alt: A line\nr.figure(7, 6)\n```\n\n"
        for number in range(4)
    )
    path = write(f"```{{python}}\nimport sample_results as r\n```\n\n{drawn}{'The end. ' * 200}")
    *whole, _last = filled(render(path, tmp_path / "site", renderer="embedded").pdf)
    assert len(whole) > 2
    assert min(whole) > 0.8


@read
@pytest.mark.parametrize("renderer", RENDERERS)
@pytest.mark.parametrize(("before", "there"), [(90, True), (160, False)])
def test_text_goes_on_where_the_picture_of_all_claims_has_no_room(
    write, tmp_path, renderer, before, there
):
    path = write(f"""```{{python}}
import sample_results as r
```

{"Words before it. " * before}

```{{python}}
#| label: fig-claims
#| fig-cap: "The claims."
#| fig-alt: "A line"
r.figure(7, 6)
```

The beginning. {"Words after it. " * 400}
""")
    made = render(path, tmp_path / "site", renderer=renderer)
    first, second, *_ = pages(made.pdf)
    assert "The beginning." in first
    assert ("The claims." in first) == there == ("The claims." not in second)
    assert filled(made.pdf)[0] > 0.8


@read
@pytest.mark.parametrize("renderer", RENDERERS)
def test_a_callout_keeps_its_order(write, tmp_path, renderer):
    path = write(f"""```{{python}}
import sample_results as r
```

{"Words before it. " * 220}

::: {{.callout-note}}
## The title

The beginning.

```{{python}}
#| label: fig-inside
#| fig-cap: "The figure."
#| fig-alt: "A line"
r.figure(7, 5)
```

The end.
:::
""")
    text = " ".join(pages(render(path, tmp_path / "site", renderer=renderer).pdf))
    parts = ("The title", "The beginning.", "The figure.", "The end.")
    assert sorted(parts, key=text.index) == list(parts)


@read
@pytest.mark.parametrize("renderer", RENDERERS)
def test_what_a_cell_says_is_what_paper_says(write, results, tmp_path, renderer):
    beginnings = ("A range ‘0.532’, and +3.", "+ 4 points.", "1. So.", "= 5 of them.")
    prose = "\n\n".join(f'`{{python}} r.text("{words}")`' for words in beginnings)
    path = write(CELL % "r.marked()" + f"\n{prose}\n")
    text = "".join(pages(render(path, tmp_path / "site", renderer=renderer).pdf)).replace(" ", "")
    for words in beginnings:
        assert words.replace(" ", "") in text
    for cell in results.MARKED:
        assert text.count(cell.replace(" ", "")) >= 2, cell


@read
@pytest.mark.parametrize("renderer", RENDERERS)
def test_an_option_of_a_command_is_not_broken_at_its_hyphens(write, tmp_path, renderer):
    options = " ".join(f"{'a' * (number % 7)} --an_option_{number}" for number in range(99))
    path = write(CELL % f'r.html("<table><tr><td>a</td><td>{options}</td></tr></table>")')
    made = render(path, tmp_path / "site", renderer=renderer)
    found = re.findall(r"\S*an_option_\d+", " ".join(pages(made.pdf)))
    assert found == re.findall(r"--an_option_\d+", options)
    shown = re.findall(r'<span class="whole">(--\w+)</span>', made.html.read_text("utf-8"))
    assert shown == found


def test_the_line_is_divided_so_that_a_table_is_short():
    long = "A sentence of so many words that it is broken into lines wherever it stands in a table."
    rows = "".join(
        f"<tr><td>{long}</td><td>{long if number == 0 else 'undecided'}</td></tr>"
        for number in range(9)
    )
    (read,) = pandoc.read([Fragment(pandoc.HTML, f"<table>{rows}</table>")], "a test")
    (made,) = shaped(read["blocks"])
    (_, often), (_, once) = made["c"][2]
    assert often["c"] > 1.5 * once["c"]
    assert often["c"] + once["c"] == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("renderer", RENDERERS)
def test_a_row_that_would_be_lost_is_an_error(write, tmp_path, renderer):
    path = write(CELL % "r.numbered(0, 90, 4)")
    with (path.parent / "theme" / "page.typ").open("a", encoding="utf-8") as look:
        look.write("#show tabular: set block(breakable: false)\n")
        look.write("#show table: it => block(breakable: false, it)\n")
    with pytest.raises(InputError, match="a table on page 2 does not fit on it; divide the table"):
        render(path, tmp_path / "site", renderer=renderer)


def test_a_word_that_no_paper_holds_is_refused(write, tmp_path):
    path = write(CELL.replace("%s", 'r.html("<table><tr><td>a</td><td>%s</td></tr></table>")') % "")
    path.write_text(path.read_text().replace("<td></td>", f"<td>{'x' * 200}</td>"))
    with pytest.raises(InputError, match="'tbl-a' has words too wide for paper; divide it"):
        render(path, tmp_path / "site", renderer="embedded")
