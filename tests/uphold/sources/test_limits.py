"""Limits on real data: shares, small strata, and draws that can be repeated."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from uphold.errors import InputError
from uphold.pipeline import params
from uphold.sources import limits

ROOT = Path(__file__).parents[3]
REAL = [
    *(("calls", "folder"), ("calls", "embeddings"), ("multitask", "npz")),
    *(("radio", "radioml2016"), ("radio", "radioml2018"), ("speech", "ravdess")),
]


@pytest.mark.parametrize(("study", "source"), REAL)
def test_small_scales_limit_real_data_and_full_does_not(study, source):
    found = params.load(ROOT)
    smoke, quick, full = (
        getattr(found.data(study, scale), source).at_most for scale in ("smoke", "quick", "full")
    )
    assert smoke < quick
    assert full is None


def test_strata_keep_their_shares():
    strata = ["a"] * 600 + ["b"] * 300 + ["c"] * 100
    used = limits.drawn(strata, 100, 1, "at_most")
    assert Counter(strata[k] for k in used) == {"a": 60, "b": 30, "c": 10}
    assert used.tolist() == sorted(set(used.tolist()))
    np.testing.assert_array_equal(used, limits.drawn(strata, 100, 1, "at_most"))
    assert used.tolist() != limits.drawn(strata, 100, 2, "at_most").tolist()


def test_no_limit_and_one_that_is_not_reached_take_all():
    for at_most in (None, 3, 7):
        assert limits.drawn("aab", at_most, 1, "at_most").tolist() == [0, 1, 2]


@pytest.mark.parametrize("sizes", [[1000, 1], [1000, 9, 2], [5, 5, 5], [990, 3, 3, 3, 3]])
@pytest.mark.parametrize("at_most", [5, 12, 14])
def test_small_strata_keep_what_a_split_needs(sizes, at_most):
    taken = limits.shares(sizes, at_most)
    assert sum(taken) == at_most
    fewest = min(4, at_most // len(sizes))
    assert all(min(fewest, n) <= k <= n for k, n in zip(taken, sizes, strict=True))


def test_a_limit_below_the_number_of_strata_is_refused():
    with pytest.raises(InputError, match=r"data.x.at_most is 2, .* 3 kinds of item.* at least 3"):
        limits.drawn("abc", 2, 1, "data.x.at_most")


def test_earlier_rounds_come_first():
    rounds = [0, 1, 2, 3, 0, 1, 0, 1]
    used = limits.drawn("a" * 8, 5, 1, "at_most", rounds)
    assert Counter(rounds[k] for k in used) == {0: 3, 1: 2}
