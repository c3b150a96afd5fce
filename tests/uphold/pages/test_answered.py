"""A write-up's document answers before it shows or tells anything else."""

from pathlib import Path

import pytest

from uphold.pages import answered
from uphold.rendering.document import parse

HEAD = '---\ntitle: A page\n---\n\n```{python}\n#| include: false\npage = writeup("a")\n```\n\n'
ANSWERS = "## In short {.unnumbered}\n\n```{python}\nfirst_screen.answers(page)\n```\n"
TABLE = "```{python}\nrun_tables.top(sweep)\n```\n"


def found(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "a.qmd"
    path.write_text(text)
    return [problem.text for problem in answered.problems(parse(path))]


def test_one_that_answers_first_is_all_right(tmp_path):
    assert found(tmp_path, f"{HEAD}A line. `{{python}} say.whole(page)`\n\n{ANSWERS}{TABLE}") == []


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (TABLE + ANSWERS, "a reader sees this before an answer"),
        ("Only words.\n", "nothing is answered"),
        ("word " * 39 + "\n\n" + ANSWERS, "41 words stand before the answers: at most 40"),
    ],
)
def test_what_stands_before_the_answers_is_a_problem(tmp_path, body, says):
    (problem,) = found(tmp_path, HEAD + body)
    assert problem.startswith(says)


def test_a_document_that_opens_no_write_up_has_nothing_to_answer(tmp_path):
    assert found(tmp_path, "---\ntitle: A page\n---\n\n" + TABLE) == []
