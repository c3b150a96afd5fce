"""The look of the theme on paper, as Typst lays it out."""

import shutil

import pytest
import typst

from uphold import palette

# Pandoc writes ``auto`` where a cell says no side of its own.
TABLE = """
#figure(table(columns: 2, align: (SIDE, right), [word], [word], [a longer one], [word]))
"""


@pytest.fixture
def drawn(tmp_path):
    """Return the picture of a table whose first column stands at a side."""

    def draw(side: str) -> bytes:
        shutil.copytree(palette.THEME, tmp_path / "theme", dirs_exist_ok=True)
        look = (palette.THEME / "page.typ").read_text("utf-8")
        (tmp_path / "page.typ").write_text(look + TABLE.replace("SIDE", side), "utf-8")
        return typst.compile(str(tmp_path / "page.typ"), format="svg")

    return draw


def test_a_cell_that_says_no_side_stands_left(drawn):
    assert drawn("auto") == drawn("left")


def test_one_that_says_its_side_keeps_it(drawn):
    assert len({drawn("left"), drawn("center"), drawn("right")}) == 3
