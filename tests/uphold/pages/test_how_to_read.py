"""The words of verdicts are explained in the page's own units."""

from uphold.pages import how_to_read


def test_each_word_beside_a_verdict_is_explained_in_the_pages_own_units(page):
    text = how_to_read.verdicts(page()).data
    for word in ("Supported", "refuted", "No difference that matters", "Undecided", "Fragile"):
        assert f"**{word}**" in text
    assert "a single run or a single seed" in text and "one of the seeds" in text
