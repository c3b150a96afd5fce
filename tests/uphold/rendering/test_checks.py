"""What a document may not have: found without running it, named, with its line."""

import pytest

from uphold.errors import InputError
from uphold.rendering import Problem, lint, render

CELLS = """\
```{python}
import sample_results as r
```

```{python}
#| label: fig-x
#| fig-cap: A figure
r.figure()
```

"""


def test_a_document_without_problems_has_none(write):
    body = "## Here {#sec-here}\n\nSee @fig-x and [@sec-here; -@fig-x], `{python} r.draw()`."
    assert lint(write(CELLS + body)) == []


def test_the_sample_has_none(project_folder):
    assert lint(project_folder / "sample.qmd") == []


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        (
            "a\n\n::: {.callout-nota}\nb\n:::",
            7,
            "unknown block class 'callout-nota'. Did you mean 'callout-note'?",
        ),
        ("::: {.column-page}\nb\n:::", 5, "unknown block class 'column-page'"),
        ("::: {#fig-panel}\nb\n:::", 5, "a block ':::' must be one callout, not 'fig-panel'"),
        (
            'a\n\n::: {.callout-tip icon="false"}\nb\n:::',
            7,
            "unknown callout attribute 'icon'",
        ),
        ("a\n\n{{< video x.mp4 >}}", 7, "shortcode '{{<' is not understood"),
        ("a <b>bold</b>", 5, "raw html ('<b>') would be in one format only"),
        ("a\n\n```{=typst}\n#pagebreak()\n```", 8, "raw typst ('#pagebreak()')"),
        ("a\n\nb \\newpage", 7, "raw tex ('\\\\newpage')"),
        ("## Title {.cover}", 5, "unknown class 'cover'"),
        ("[x]{.badge}", 5, "unknown class 'badge'"),
        ("[x]{style='text-shadow: none'}", 5, "style 'text-shadow' has no counterpart in print"),
        ("[x]{style='color: blurple'}", 5, "colour 'blurple' is not known"),
        ("a\n\n```{.python filename=x}\ny\n```", 7, "unknown attribute 'filename'"),
        ("[x](../data.csv)", 5, "link to '../data.csv'"),
        ("[x](other.html)", 5, "there is no other.qmd beside this"),
        ("a\n\n![x](missing.png)", 7, "picture 'missing.png' does not exist"),
        ("![x](https://example.org/x.png)", 5, "pictures lie beside the document"),
        ("![x](x.gif)", 5, "known kinds are .jpeg, .jpg, .png, .svg"),
        ("a\n\nSee @eq-one.", 7, "cross-reference '@eq-one': known kinds are"),
        ("a\n\nSee [see @fig-x].", 7, "words around the cross-reference '@fig-x'"),
        ("Text\n::: {.callout-note}\nb", 6, "mark ':::' is not understood"),
        ("a\n\n---\nkey: value\n---\n", 7, "metadata in the middle of the document"),
        ("`{r} x`", 5, "an inline expression {r} that would not be evaluated here"),
        ("a\n\n```\n`{python} r.draw()`\n```", 8, "stands where no text is"),
        (
            "a\n\n::: {.callout-tip title='`{python} r.draw()`'}\nb\n:::",
            7,
            "write the callout's title as a heading inside it",
        ),
    ],
)
def test_what_is_not_known_is_refused_by_name_and_line(write, body, line, message):
    path = write(body)
    try:
        problems = lint(path)
    except InputError as error:  # what keeps the document from being read is said at once
        text = str(error)
        assert text.startswith(f"{path}:{line}: ")
        assert message in text
    else:
        assert any(p.line == line and message in p.text for p in problems), problems


def test_a_fence_left_open_is_refused_with_its_line(write):
    with pytest.raises(InputError, match="Div at line 7 column 1 unclosed"):
        lint(write("a\n\n::: {.callout-note}\nb"))


def test_an_unknown_project_key_is_refused(write):
    path = write("a")
    settings = path.with_name("_quarto.yml")
    settings.write_text(settings.read_text() + "\nbibliografy: x.bib\n")
    with pytest.raises(
        InputError, match=r"unknown key 'bibliografy'. Did you mean 'bibliography'\?"
    ):
        lint(path)
    settings.unlink()
    with pytest.raises(InputError, match=r"_quarto.yml is missing"):
        lint(path)


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        ("a\n\nSee @fig-y.", 17, "reference '@fig-y' to a label that does not exist"),
        ("See [-@tbl-y].", 15, "reference '@tbl-y' to a label that does not exist"),
        ("## A {#sec-a}\n\nSee @sec-b.", 17, "reference '@sec-b' to a label that does not exist"),
        ("[there](#nowhere)", 15, "link to '#nowhere', which is not a label here"),
        (
            "```{python}\n#| label: fig-x\n#| fig-cap: B\nr.figure()\n```",
            16,
            "label 'fig-x' is already on line 10",
        ),
        (
            "| a |\n|---|\n| b |\n\n: C {#tbl-a}\n\n| a |\n|---|\n| b |\n\n: D {#tbl-a}",
            25,
            "label 'tbl-a' is already on line 19",
        ),
        (
            "a [@nobody1999]\n\n::: {#refs}\n:::",
            15,
            "citation '@nobody1999' is not in the bibliography",
        ),
        ("a [@zhang2018mixup]", 15, "the document has no '::: {#refs}'"),
    ],
)
def test_labels_references_and_citations(write, body, line, message):
    problems = lint(write(CELLS + body))
    assert any(p.line == line and message in p.text for p in problems), problems


def test_a_reference_to_a_section_needs_numbers(write):
    body = "## A {#sec-a}\n\nSee @sec-a."
    front = "title: T\nnumber-sections: false"
    path = write(body, front=front)
    assert lint(path) == [Problem(8, "'@sec-a' needs 'number-sections: true'.")]


def test_render_refuses_with_all_problems_and_writes_nothing(write, tmp_path):
    path = write("Scores of 0.81.\n\n::: {.tabset}\nb\n:::")
    site = tmp_path / "site"
    with pytest.raises(InputError) as refused:
        render(path, site, renderer="embedded")
    lines = str(refused.value).splitlines()
    assert [line.removeprefix(f"{path}:").split(":")[0] for line in lines] == ["5", "7", "7"][
        : len(lines)
    ]
    assert "a number typed by hand" in lines[0]
    assert not site.exists()
