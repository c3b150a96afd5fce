"""Digits of running text, and nothing else, are problems."""

import pytest

from uphold.rendering import lint


def lines(path):
    return [p.line for p in lint(path) if "typed by hand" in p.text]


@pytest.mark.parametrize(
    "body",
    [
        "The score is 0.81.",
        "A ± 7 b",
        "half: ½",
        "x² is a power",
        "Roman Ⅳ",
        "**bold 3**",
        "## Heading 2",
        "- item\n- item 2",
        "> quoted 5",
        "[text 5](https://example.org)",
        "Math $\\alpha = 5$.",
        "$$\n5\n$$",
        "Math with a result: $d = 1.2$.",
        "Two digits, $n = 12$, are no constant.",
        "| a |\n|---|\n| 5 |",
        "A note.[^a]\n\n[^a]: With 5.",
        "::: {.callout-note title='Of 5'}\nb\n:::",
        "::: {.callout-note}\nb 5\n:::",
        "[5]{style='color: #a40e26'}",
        "Escaped \\5 and entity &#53;.",
        "a 1e-3 b",
        "12 apostles at the beginning of a line",
        "Not a list:\n12. it goes on",
    ],
)
def test_digits_in_running_text_are_found(write, body):
    assert len(lines(write(body))) == 1


@pytest.mark.parametrize(
    "body",
    [
        "No digits at all.",
        "A formula defines: $y' = (1 - \\varepsilon) y$, $x^2$ and $$\\frac{1}{2} (p - 0)$$",
        "`code 5` and\n\n```\nlisting 5\n```\n\n```python\nx = 5\n```",
        "[text](https://example.org/2024/5)",
        "<https://example.org/2024/5>",
        "## Heading {#sec-2}\n\nSee @sec-2.",
        "As @zhang2018mixup and [@lin2017focal, p. 33] say.\n\n::: {#refs}\n:::",
        "1. first\n2. second\n\n(3) third",
        "<!-- a comment of 2024 -->",
        "![a picture](x2.png){width=50%}",
        "A note.[^1]\n\n[^1]: Without.",
        "A [link][1].\n\n[1]: https://example.org",
        "[a]{style='color: #a40e26'}",
        "| a | b |\n|:--|--:|\n| c | d |\n\n: Caption {#tbl-1}",
    ],
)
def test_digits_elsewhere_are_not(write, body):
    path = write(body)
    path.with_name("x2.png").write_bytes(b"")
    assert lint(path) == []


def test_the_line_is_exact(write):
    body = (
        "`5` code\n\nfirst 5\nsecond line\nthird line with 5 and 5\n\n- x\n- y\n  over\n  lines 7\n"
    )
    assert lines(write(body)) == [7, 9, 14]


def test_what_is_wrong_is_quoted(write):
    (problem,) = lint(write("a\n\nThe score is 0.81 here."))
    assert problem.line == 7
    assert "'The score is 0.81 here.'" in problem.text


def test_captions_titles_and_alternative_texts_are_running_text(write):
    body = (
        "```{python}\nimport sample_results as r\n```\n\n```{python}\n#| label: fig-x\n"
        "#| fig-cap: Of 5\n#| fig-alt: And 5\nr.figure()\n```"
    )
    assert lines(write(body, front="title: Of 5\nsubtitle: And 5")) == [2, 3, 12, 13]


def test_names_may_have_digits(write):
    front = "title: Of Stage 2\nlint-names: [Stage 2, F1, 3C]"
    assert lines(write("Stage 2, Stage\n2 and 3C: F1, 'F1' and F1-scores.", front=front)) == []
    assert lines(write("Stage 22 or F12 or XF1 or Stage 2.5", front=front)) == [6]
    assert lines(write("Stage 3 of F1", front=front)) == [6]


def test_a_number_is_no_name(write):
    problems = lint(write("a", front='title: T\nlint-names: ["0.81"]'))
    assert ["'0.81' is no name" in p.text for p in problems] == [True]


def test_aligned_tables_stay_aligned(write):
    body = (
        "  Right     Left\n-------     ------\n     12     12\n\n: Simple\n\n"
        "+---+---+\n| a | 3 |\n+===+===+\n| b | c |\n+---+---+\n"
    )
    assert lines(write(body)) == [7, 12]
