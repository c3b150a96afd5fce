"""Taking a document apart: parts, lines, and what is refused."""

import pytest

from uphold.errors import InputError
from uphold.rendering.document import Cell, Prose, parse

BODY = """\
First line, `{python} v.a` here.

```{python}
#| label: fig-x
#| fig-cap: "A caption: with a colon"
v.figure()
v.more()
```

Then ``{python} not`` and
`{python} v.b` at the start of a line.

````
```{python}
a listing, not a cell
```
````
"""


def test_parts_know_their_lines(write):
    document = parse(write(BODY))
    first, cell, last = document.parts
    assert isinstance(first, Prose) and isinstance(cell, Cell) and isinstance(last, Prose)
    assert (first.line, cell.line, last.line) == (4, 7, 13)
    assert cell.source == "v.figure()\nv.more()"
    assert cell.source_line == 10
    assert cell.label == "fig-x"
    assert cell.options["fig-cap"].value == "A caption: with a colon"
    assert cell.options["fig-cap"].line == 9


def test_expressions_are_found_as_quarto_finds_them(write):
    document = parse(write(BODY))
    assert [(e.number, e.line, e.source) for e in document.expressions] == [
        (0, 5, "v.a"),
        (1, 15, "v.b"),
    ]


def test_expressions_are_substituted_in_place(write):
    first, _, last = parse(write(BODY)).parts
    assert first.substitute({0: "ONE"}) == "\nFirst line, ONE here.\n"
    assert "``{python} not`` and\nTWO at the start" in last.substitute({1: "TWO"})


@pytest.mark.parametrize(
    ("front", "line", "message"),
    [
        (
            "title: T\nsubtitel: S",
            3,
            "unknown front matter key 'subtitel'. Did you mean 'subtitle'?",
        ),
        ("title: T\ntitle: U", 3, "'title' is already given on line 2"),
        ("title: 3", 2, "front matter key 'title' must be text, not 3"),
        ("title: T\ntoc-depth: true", 3, "'toc-depth' must be a whole number"),
        ("subtitle: S", 1, "the front matter has no title"),
        ("title: [a", 2, "this is not YAML"),
        ("- a", 2, "expected lines of the form 'key: value'"),
    ],
)
def test_front_matter_is_refused_by_key_and_line(write, front, line, message):
    path = write("Text.", front=front)
    with pytest.raises(InputError) as refused:
        parse(path)
    assert str(refused.value).startswith(f"{path}:{line}: ")
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        (
            "```{python}\n#| fig-capt: x\n```",
            6,
            "unknown cell option 'fig-capt'. Did you mean 'fig-cap'?",
        ),
        ("```{python}\n#| fig-width: 5\n```", 6, "unknown cell option 'fig-width'"),
        ("```{python}\n#| echo: yess\n```", 6, "'echo' must be true or false, not 'yess'"),
        ("```{python}\n#| label: x\n#| label: y\n```", 7, "'label' is already given on line 6"),
        ("```{python}\n#| label: Fig X\n```", 6, "label 'Fig X'"),
        ("```{python}\n#| label: fig-x\n```", 5, "cell 'fig-x' is a figure without 'fig-cap'"),
        ("```{python}\n#| tbl-cap: x\n```", 6, "'tbl-cap' needs a label that begins with 'tbl-'"),
        ("```{python}\n#| fig-alt: x\n```", 6, "'fig-alt' without a figure"),
        ("```{r}\nx\n```", 5, "a cell in 'r'; write-ups have Python cells only"),
        ("```{python, echo=FALSE}\nx\n```", 5, "a cell opens with ```{python}"),
        ("- item\n\n    ```{python}\n    x\n    ```", 7, "at the beginning of the line"),
        ("Text.\n\n```{python}\nx", 7, "this fence is never closed"),
    ],
)
def test_cells_are_refused_by_name_and_line(write, body, line, message):
    path = write(body)
    with pytest.raises(InputError) as refused:
        parse(path)
    assert str(refused.value).startswith(f"{path}:{line}: ")
    assert message in str(refused.value)


def test_a_file_without_front_matter_is_refused(tmp_path):
    path = tmp_path / "x.qmd"
    path.write_text("# Title\n")
    with pytest.raises(InputError, match="begins with front matter"):
        parse(path)
    path.write_text("---\ntitle: T\n")
    with pytest.raises(InputError, match="no closing '---'"):
        parse(path)
    with pytest.raises(InputError, match="cannot be read"):
        parse(tmp_path / "missing.qmd")
