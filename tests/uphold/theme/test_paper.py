"""The look of the theme on paper, as Typst lays it out."""

import json
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


# A page with a figure after so many lines, and where its title and its figure came to stand.
PAGE = """
#show: article.with(title: [A title#metadata("title")<place>])
#for _ in range(LINES) [A line. #parbreak()]
#figure(kind: image, supplement: [Figure], caption: [Seen.])[
  #metadata("figure")<place> #rect(height: 40mm)
]
#lorem(900)
#context [#metadata(query(<place>).map(one => {
  let at = one.location().position()
  (one.value, at.page, at.y / 1mm)
}))<places>]
"""


@pytest.fixture
def places(tmp_path):
    """Return the pages and heights in mm at which title and figure stand."""

    def placed(lines: int) -> dict[str, tuple[int, float]]:
        shutil.copytree(palette.THEME, tmp_path / "theme", dirs_exist_ok=True)
        look = (palette.THEME / "page.typ").read_text("utf-8")
        (tmp_path / "page.typ").write_text(look + PAGE.replace("LINES", str(lines)), "utf-8")
        found = typst.query(str(tmp_path / "page.typ"), "<places>", field="value", one=True)
        # the heads of later pages have the title too
        return {name: (page, down) for name, page, down in reversed(json.loads(found))}

    return placed


@pytest.mark.parametrize("lines", [0, 3, 20, 30, 45])
def test_a_figure_never_stands_above_the_title(places, lines):
    found = places(lines)
    assert found["title"][0] == 1
    assert found["title"] < found["figure"]


def test_a_figure_that_has_no_room_stands_at_the_top_of_the_next_page(places):
    page, down = places(40)["figure"]
    assert page == 2
    assert down < 30


# A rule after so many lines, and on which page it and the card that it begins came to stand.
CARD = """
#for _ in range(LINES) [A line. #parbreak()]
#horizontalrule
#metadata("card")<place> A title.
#rect(height: 30mm)
#context [#metadata(query(<place>).map(one => one.location().page()).first())<page>]
#context [#metadata(here().page())<end>]
"""


@pytest.mark.parametrize("lines", range(30, 52, 3))
def test_a_card_is_in_one_piece(tmp_path, lines):
    shutil.copytree(palette.THEME, tmp_path / "theme", dirs_exist_ok=True)
    look = (palette.THEME / "page.typ").read_text("utf-8")
    file = tmp_path / "page.typ"
    file.write_text(look + CARD.replace("LINES", str(lines)), "utf-8")
    ends = [typst.query(str(file), f"<{of}>", field="value", one=True) for of in ("page", "end")]
    assert ends[0] == ends[1]
