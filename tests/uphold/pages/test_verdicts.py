"""How verdicts look: each in a word, a mark and a colour of its own."""

import pytest

from uphold.analysis.model.writeup import Claim
from uphold.pages.verdicts import CELLS, LOOKS, verdict

from ...partly import partly


def claim(of: str, fragile: bool) -> Claim:
    return partly(Claim, {"verdict": of, "fragile": fragile})


@pytest.mark.parametrize("of", LOOKS)
@pytest.mark.parametrize("fragile", [True, False])
def test_each_has_a_ground_by_the_text_that_stands_in_the_cell(of, fragile):
    text = verdict(claim(of, fragile))
    assert text in CELLS
    assert text.startswith(f"{LOOKS[of].mark} ")
    assert text.endswith(", fragile") == fragile


def test_marks_differ_without_their_colours():
    assert len({look.mark for look in LOOKS.values()}) == len(LOOKS)
    assert len({look.word for look in LOOKS.values()}) == len(LOOKS)
