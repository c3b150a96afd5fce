"""What the pictures of claims lead to is there, in each document."""

from pathlib import Path

import pytest

from uphold.pages import led_to
from uphold.rendering.document import parse

ROOT = Path(__file__).parents[3]


def problems(tmp_path, *cells: str) -> list[str]:
    body = "".join(f"```{{python}}\n{cell}\n```\n\n" for cell in cells)
    path = tmp_path / "page.qmd"
    path.write_text(f"---\ntitle: A\n---\n\n{body}", "utf-8")
    return [problem.text for problem in led_to.problems(parse(path))]


@pytest.mark.parametrize(
    ("picture", "tables", "lacking"),
    [
        ("primary(page)", [], "claim_tables.primary"),
        ("primary(page)", ["exploratory"], "claim_tables.primary"),
        ("primary(page)", ["primary"], ""),
        ("exploratory(page)", ["primary"], "claim_tables.exploratory"),
        ('chosen(page, "a")', ["primary"], "claim_tables.exploratory"),
        ('chosen(page, "a")', ["primary", "exploratory"], ""),
        ('chosen(page, "a")', ["claims"], ""),
    ],
)
def test_a_picture_whose_lines_no_table_has_is_a_problem(tmp_path, picture, tables, lacking):
    found = problems(
        tmp_path, f"forest.{picture}", *(f"claim_tables.{table}(page)" for table in tables)
    )
    assert len(found) == bool(lacking)
    assert all(lacking in text for text in found)


@pytest.mark.parametrize("document", sorted((ROOT / "reports").glob("*.qmd")), ids=lambda p: p.stem)
def test_no_document_has_such_a_picture(document):
    assert not list(led_to.problems(parse(document)))


def test_a_document_without_pictures_of_claims_needs_no_table(tmp_path):
    assert problems(tmp_path, "run_tables.top(page)") == []
