"""The words of verdicts are explained in the page's own units, and in the guide."""

import pytest

from uphold.pages import how_to_read
from uphold.pages.verdicts import CELLS, LOOKS

from .conftest import cells


def test_each_word_beside_a_verdict_is_explained_in_the_pages_own_units(page):
    text = how_to_read.verdicts(page()).data
    words = ("Supported", "Refuted", "No difference that matters", "Undecided", "Fragile")
    for word in (*words, "Exploratory"):
        assert f"- **{word}**" in text
    assert "a single run or a single seed" in text and "one of the seeds" in text


@pytest.mark.parametrize("there", [True, False])
def test_it_leads_to_the_guide_where_there_is_one(page, there):
    shown = page()
    (shown.root / "reports").mkdir()
    if there:
        (shown.root / "reports" / "guide-verdict.qmd").touch()
    assert ("(guide-verdict.html)" in how_to_read.verdicts(shown).data) == there


def test_the_guide_has_every_verdict_as_tables_show_it():
    first = [row[0] for row in cells(how_to_read.table())]
    assert len(first) == len(LOOKS) + 1 and set(first) <= set(CELLS)
