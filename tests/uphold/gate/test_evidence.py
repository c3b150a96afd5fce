"""The evidence agrees with scipy's t and with least squares, and holds at any time."""

import numpy as np
import pytest
from scipy import stats

from uphold.gate.evidence import MIXTURE, Arms, Gain, log_ratio


@pytest.mark.parametrize(
    ("t", "df", "ncp"),
    [(1.3, 3, 2.0), (5.0, 10, 3.0), (-2.0, 1, 1.0), (0.1, 200, 4.0), (12, 40, 6)],
)
def test_the_ratio_of_densities_is_that_of_scipy(t, df, ncp):
    expected = stats.nct.logpdf(t, df, ncp) - stats.t.logpdf(t, df)
    assert log_ratio(t, df, ncp) == pytest.approx(expected, abs=1e-4)


def test_the_ratio_is_known_far_out_where_scipy_gives_nothing():
    assert np.isfinite(log_ratio(80.0, 12, 60.0))
    assert log_ratio(float("inf"), 12, 60.0) == float("inf")


def filled(runs, seeds: int = 3) -> Arms:
    arms = Arms(seeds)
    for arm, score, seed in runs:
        arms.add(arm, score, seed)
    return arms


def least_squares(runs, candidate: str, baseline: str, seeds: int = 3):
    """Fit arms and seeds as dummies, as a textbook does; no gain where it cannot be estimated."""
    names = sorted({arm for arm, _, _ in runs})
    x = np.array(
        [[a == n for n in names] + [s == k for k in range(seeds)] for a, _, s in runs], dtype=float
    )
    y = np.array([score for _, score, _ in runs])
    coefficients, *_ = np.linalg.lstsq(x, y, rcond=None)
    df = len(y) - np.linalg.matrix_rank(x)
    sd = np.sqrt(((y - x @ coefficients) ** 2).sum() / df) if df else 0.0
    apart = np.zeros(x.shape[1])
    apart[names.index(candidate)], apart[names.index(baseline)] = 1, -1
    if not np.allclose(apart @ np.linalg.pinv(x) @ x, apart):
        return None, sd, df, None
    return apart @ coefficients, sd, df, np.sqrt(apart @ np.linalg.pinv(x.T @ x) @ apart)


def test_gains_are_those_of_least_squares_with_seeds_and_gaps():
    rng = np.random.default_rng(3)
    runs = [(a, 5000 + rng.normal(), s) for a in "abcd" for s in (0, 1, 2) if (a, s) != ("b", 1)]
    runs += [("a", 5001.0, 1), ("c", 4999.5, 0)]
    found = filled(runs).gain("b", "a")
    gain, sd, df, per_sd = least_squares(runs, "b", "a")
    assert (found.gain, found.sd, found.df) == (pytest.approx(gain), pytest.approx(sd), df)
    assert found.per_sd == pytest.approx(per_sd)


@pytest.mark.parametrize("draw", range(40))
def test_more_arms_than_seeds_or_fewer_whole_or_in_pieces_all_agree_with_least_squares(draw):
    rng = np.random.default_rng(draw)
    arms, seeds = rng.integers(2, 20), int(rng.integers(1, 20))
    first = [("0", 10.0, 0), ("1", 11.0, int(rng.integers(seeds)))]
    others = rng.integers(1, 40)
    runs = first + [
        (str(rng.integers(arms)), 10 + rng.normal(), int(rng.integers(seeds)))
        for _ in range(others)
    ]
    taken_up = filled(runs, seeds)
    found, (sd, df) = taken_up.gain("1", "0"), taken_up.spread()
    gain, expected, expected_df, per_sd = least_squares(runs, "1", "0", seeds)
    assert df == expected_df and sd == pytest.approx(expected, abs=1e-6)
    if gain is None or not df:
        assert found is None
    else:
        assert (found.gain, found.per_sd) == (pytest.approx(gain), pytest.approx(per_sd))


def test_a_log_of_many_seeds_takes_no_longer_than_one_of_few():
    """Of 400 seeds and 3 arms the equations are 3 by 3: no array of 400 by 400 is made."""
    arms = filled([(arm, float(seed % 7), seed) for seed in range(400) for arm in "abc"], 400)
    assert arms._fit._normal.shape == (3, 3)


def test_of_seeds_that_no_other_arm_has_nothing_is_known():
    runs = [("a", 1.0, 0), ("a", 1.2, 0), ("b", 2.0, 1), ("b", 2.1, 1)]
    assert filled(runs).gain("b", "a") is None


def test_nothing_is_known_before_a_run_is_repeated():
    arms = Arms()
    arms.add("a", 1.0)
    arms.add("b", 2.0)
    assert arms.gain("b", "a") is None
    assert arms.gain("c", "a") is None
    assert arms.spread() == (0.0, 0)


def test_a_large_offset_costs_no_digits():
    low, high = Arms(), Arms()
    for score in (0.1, 0.2, 0.4):
        low.add("a", score)
        high.add("a", 1e9 + score)
    assert high.spread()[0] == pytest.approx(low.spread()[0], rel=1e-6)


def test_a_gain_of_many_margins_is_seen_in_few_runs():
    huge = Gain(gain=30.0, sd=1.0, df=8, per_sd=1.0)
    assert huge.for_gain(1.0) > huge.for_gain(20.0) - 5
    assert -huge.against_gain(1.0) < huge.for_gain(1.0) - 3
    assert sum(MIXTURE.values()) == 1


def test_what_gains_nothing_rarely_reaches_the_bound_at_any_of_many_looks():
    """At 1 in 20, looked at after each of forty runs; a t test each time would err in a third."""
    rng = np.random.default_rng(7)
    reached = tested = 0
    for _ in range(300):
        arms, over, naive = Arms(), False, False
        for _ in range(6):
            arms.add("a", rng.normal())
        effect = 1 / arms.spread()[0]
        for _ in range(40):
            arms.add("b", rng.normal())
            arms.add("a", rng.normal())
            found = arms.gain("b", "a")
            over |= found.for_gain(effect) >= np.log(20)
            naive |= stats.t.sf(found.gain / found.se, found.df) < 0.05
        reached, tested = reached + over, tested + naive
    assert reached <= 300 * 0.05
    assert tested > 300 * 0.15
