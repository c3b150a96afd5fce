"""Pages that say less in words than in tables are made, and refused."""

import shutil
from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.pipeline.stages.render import report

REPORTS = Path(__file__).parents[4] / "reports"
TABLE = "\n".join(["| a | b | c |", "|---|---|---|", *["| x | y | z |"] * 6])
FOLDED = f'::: {{.callout-note collapse="true" title="All"}}\n{TABLE}\n:::'


@pytest.fixture
def rendered(tmp_path):
    """Return a function that renders documents and returns the lines about them."""
    for name in ("_quarto.yml", "references.bib"):
        shutil.copy(REPORTS / name, tmp_path)
    shutil.copytree(REPORTS / "theme", tmp_path / "theme")
    lines: list[str] = []

    def rendered(**bodies: str) -> list[str]:
        for name, body in bodies.items():
            (tmp_path / f"{name}.qmd").write_text(f"---\ntitle: A page\n---\n\n{body}\n")
        documents = [tmp_path / f"{name}.qmd" for name in bodies]
        lines.clear()
        lines.extend(sorted(report(documents, tmp_path / "site", "embedded")))
        return [line.partition("; ")[2] for line in lines]

    return rendered


def test_a_line_says_how_much_of_what_there_is(rendered):
    assert rendered(one="Only words.", two=f"{'Words. ' * 30}\n\n{TABLE}\n\n{FOLDED}") == [
        "2 words, 0 cells open, 0 folded",
        "30 words, 21 cells open, 21 folded",
    ]


def test_a_page_of_more_cells_than_words_is_refused_by_name(rendered, tmp_path):
    many = "\n".join([*TABLE.splitlines()[:2], *["| x | y | z |"] * 67])
    with pytest.raises(InputError, match=r"^two has 20 words, 204 cells open, 0 folded: more"):
        rendered(one="Only words.", two=f"{'Words. ' * 20}\n\n{many}")
    assert (tmp_path / "site/two.html").exists()  # to be looked at
    folded = FOLDED.replace(TABLE, many)
    assert rendered(two=f"{'Words. ' * 20}\n\n{folded}") == ["20 words, 0 cells open, 204 folded"]
    assert rendered(two=f"{'Words. ' * 204}\n\n{many}") == ["204 words, 204 cells open, 0 folded"]


def test_a_page_that_begins_with_a_small_table_is_not_refused(rendered):
    assert rendered(two=TABLE) == ["0 words, 21 cells open, 0 folded"]
