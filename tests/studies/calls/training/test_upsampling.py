import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from studies.calls.training import upsampling
from uphold.randomness import generator

RNG = np.random.Generator(np.random.PCG64(5))
X = torch.from_numpy(RNG.standard_normal((60, 4)).astype(np.float32))
Y = torch.from_numpy(RNG.integers(2, size=(60, 2)).astype(np.float32))
GROUP = np.arange(10, 35)


def fill(mode, count=40, group=GROUP, seed=1):
    return upsampling.fill(generator(seed, "fill"), X, Y, group, count, mode)


def segments(group):
    """Every ordered pair of different rows of a group."""
    return [(a, b) for a in group for b in group if a != b]


def weight_on(segment, point):
    """Where on a segment a point lies, from 1 at the first end to 0 at the other; None if off."""
    a, b = (X[row].double() for row in segment)
    weight = float((point.double() - b) @ (a - b) / ((a - b) @ (a - b)))
    return (
        weight if torch.allclose(weight * a + (1 - weight) * b, point.double(), atol=1e-5) else None
    )


@pytest.mark.parametrize(
    ("sizes", "ratio", "expected"),
    [
        ([30, 100], 0.5, [20, 0]),
        ([30, 100], 0.3, [0, 0]),
        ([30, 101], 1.0, [71, 0]),
        ([30, 101], 0.75, [45, 0]),
        ([2017, 2017], 1.0, [0, 0]),
        ([5, 0, 9], 0.6, [0, 5, 0]),
        ([], 0.5, []),
    ],
)
def test_missing_rows_by_hand(sizes, ratio, expected):
    assert upsampling.missing(sizes, ratio) == expected


@given(st.lists(st.integers(0, 500), min_size=1), st.floats(0, 1))
def test_after_filling_every_group_has_its_share_and_the_largest_is_untouched(sizes, ratio):
    counts = upsampling.missing(sizes, ratio)
    filled = [size + count for size, count in zip(sizes, counts, strict=True)]
    assert min(filled) >= int(ratio * max(sizes))
    assert max(filled) == max(sizes)


def test_cut_draws_without_replacement_and_keeps_the_order():
    kept = upsampling.cut(generator(1, "cut"), GROUP, 7)
    assert len(kept) == 7 == len(set(kept))
    assert set(kept) <= set(GROUP)
    assert list(kept) == sorted(kept)
    assert list(upsampling.cut(generator(1, "cut"), GROUP, 25)) == list(GROUP)


def test_repeat_gives_rows_of_the_group():
    x, y = fill("repeat")
    for row, target in zip(x, y, strict=True):
        (source,) = [k for k in range(60) if torch.equal(X[k], row)]
        assert source in GROUP
        assert torch.equal(Y[source], target)


def test_mean_gives_midpoints():
    x, y = fill("mean")
    pairs = {(a, b): (X[a] + X[b]) / 2 for a in GROUP for b in GROUP}
    for row, target in zip(x, y, strict=True):
        sources = [pair for pair, mid in pairs.items() if torch.allclose(mid, row, atol=1e-6)]
        assert sources
        assert any(torch.allclose((Y[a] + Y[b]) / 2, target) for a, b in sources)


def test_linear_lies_between_two_rows_anywhere():
    x, _ = fill("linear")
    weights = []
    for row in x:
        on = [weight_on(pair, row) for pair in segments(GROUP)]
        inside = [w for w in on if w is not None and -1e-5 <= w <= 1 + 1e-5]
        assert inside or any(torch.equal(row, X[k]) for k in GROUP)
        weights += inside[:1]
    assert min(weights) < 0.25 and max(weights) > 0.75


def test_smote_lies_between_a_row_and_one_of_its_five_nearest_of_the_group():
    x, _ = fill("smote")
    distances = np.linalg.norm(X.numpy()[:, None] - X.numpy()[None], axis=2)
    allowed = [
        (a, b)
        for a in GROUP
        for b in sorted(set(GROUP) - {a}, key=lambda other, a=a: distances[a, other])[:5]
    ]
    assert len(allowed) == 5 * len(GROUP)
    for row in x:
        on = [weight_on(pair, row) for pair in allowed]
        assert any(w is not None and -1e-5 <= w <= 1 + 1e-5 for w in on)


@pytest.mark.parametrize("mode", ["repeat", "mean", "linear", "smote"])
def test_a_group_of_one_row_gives_that_row(mode):
    x, y = fill(mode, count=3, group=np.array([17]))
    torch.testing.assert_close(x, X[[17, 17, 17]])
    torch.testing.assert_close(y, Y[[17, 17, 17]])


@pytest.mark.parametrize("mode", ["repeat", "mean", "linear", "smote"])
def test_equal_seeds_give_equal_rows_and_others_do_not(mode):
    assert torch.equal(fill(mode)[0], fill(mode)[0])
    assert not torch.equal(fill(mode)[0], fill(mode, seed=2)[0])


def test_smote_tells_near_duplicates_apart():
    # Rows at distances of 1e-4 around 1000: squared sums in single precision cannot order them.
    x = torch.full((8, 3), 1000.0)
    x[:, 0] += torch.arange(8) * 2e-4
    group = np.arange(8)
    far_end = upsampling._neighbours(generator(1, "fill"), x, group, np.zeros(200, dtype=int))
    assert set(far_end) == {1, 2, 3, 4, 5}


def test_an_unknown_mode_is_an_error():
    with pytest.raises(ValueError, match="'adasyn'"):
        fill("adasyn")
