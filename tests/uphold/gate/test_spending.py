"""The error of all proposals together is what one test may have."""

import pytest

from uphold.error_rates import ALPHA
from uphold.gate.spending import FIRST, level, share


def test_shares_add_up_to_the_whole():
    ends = [FIRST * (2**k - 1) for k in range(1, 6)]
    sums = [sum(share(t) for t in range(1, end + 1)) for end in ends]
    assert sums == pytest.approx([1 - 0.5**k for k in range(1, 6)])
    assert sum(share(t) for t in range(1, 50_000)) < 1


def test_a_proposal_kept_gives_its_share_back():
    assert level(7, 2) == pytest.approx(3 * level(7, 0))
    assert level(1, 10_000) == ALPHA
