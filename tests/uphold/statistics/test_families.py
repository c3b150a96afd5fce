from itertools import product

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import t as student

from uphold.error_rates import ALPHA, LEVEL
from uphold.randomness import generator
from uphold.statistics.families import step_down, step_up

BOTH = pytest.mark.parametrize("adjust", [step_down, step_up])


def one_each(p):
    return [np.array([x]) for x in p]


def claims(families, m, margin, effect, purpose):
    """Return p, shape (families, m, 2), of "no effect" and "as large as the margin"."""
    x = effect + generator(0, purpose).standard_normal((families, m))
    return np.stack([2 * ndtr(-np.abs(x)), ndtr(np.abs(x) - margin)], axis=-1)


def test_with_one_null_a_claim_they_are_holm_and_benjamini_hochberg():
    p = one_each([0.011, 0.021, 0.0004, 0.3, 0.021, 0.97, 0.04])
    # R: p.adjust(p, "holm") and p.adjust(p, "BH")
    holm = [0.066, 0.105, 0.0028, 0.6, 0.105, 0.97, 0.12]
    hochberg = [0.03675, 0.03675, 0.0028, 0.35, 0.03675, 0.97, 0.056]
    assert np.concatenate(step_down(p)) == pytest.approx(holm, rel=1e-12)
    assert np.concatenate(step_up(p)) == pytest.approx(hochberg, rel=1e-12)


@pytest.mark.parametrize(
    ("second", "then"),
    [
        pytest.param(0.99, 0.02, id="beyond the margin: leaves"),
        pytest.param(0.6, 0.04, id="may still be called equivalent: stays"),
        pytest.param(0.01, 0.02, id="both rejected: leaves"),
        pytest.param(np.nan, 0.04, id="the other could not be tested: stays"),
    ],
)
def test_when_a_claim_leaves(second, then):
    found = step_down([np.array([0.001, second]), np.array([0.02])])
    assert found[0][0] == pytest.approx(0.002) and found[1][0] == pytest.approx(then)
    assert np.isnan(found[0][1]) == np.isnan(second)


def test_a_claim_without_a_rejection_stays_however_large_its_p():
    found = step_down([np.array([0.97, 0.98]), np.array([0.02])])
    assert found[1][0] == pytest.approx(0.04)


def test_the_level_rises_with_claims_and_not_with_their_nulls():
    found = step_up([np.array([0.001, 0.03]), np.array([0.04]), np.array([0.5])])
    # Two claims at .06: 3 * .04 / 2. The second null of the first goes with them.
    assert np.concatenate(found) == pytest.approx([0.003, 0.06, 0.06, 0.5])


@BOTH
def test_a_claim_whose_nulls_could_not_be_tested_counts(adjust):
    found = adjust([np.array([0.01]), np.array([np.nan, np.nan]), np.array([0.2])])
    assert found[0][0] == pytest.approx(0.03) and np.isnan(found[1]).all()


@BOTH
def test_one_and_the_same_test_counts_once_and_has_one_p(adjust):
    a, b = np.array([0.01, 0.7]), np.array([0.02])
    once = adjust([a, b])
    found = adjust([a, b, a.copy()], same=["lr", "batch", "lr"])
    assert [list(p) for p in found] == [list(once[0]), list(once[1]), list(once[0])]


@BOTH
def test_keys_that_do_not_fit(adjust):
    with pytest.raises(ValueError, match="key 'lr' and different p"):
        adjust(one_each([0.01, 0.02]), same=["lr", "lr"])
    with pytest.raises(ValueError, match="2 claims and 1 keys"):
        adjust(one_each([0.01, 0.02]), same=["lr"])


@BOTH
def test_no_claims(adjust):
    assert adjust([]) == []


@BOTH
def test_the_order_of_claims_with_equal_p_makes_no_difference(adjust):
    tests = [np.array(p) for p in ([0.01, 0.99], [0.01, 0.2], [0.01], [0.2, 0.01], [0.97, 0.01])]
    found = adjust(tests)
    for order in ([4, 3, 2, 1, 0], [2, 4, 0, 1, 3]):
        again = adjust([tests[i] for i in order])
        for i, p in zip(order, again, strict=True):
            assert p.tolist() == found[i].tolist()


def random_tests(rng):
    grid = [0.0, 0.001, 0.004, 0.01, 0.02, 0.03, 0.05, 0.2, 0.6, 0.94, 0.96, 1.0, np.nan]
    return [rng.choice(grid, rng.integers(1, 4)) for _ in range(rng.integers(1, 7))]


def test_step_down_rejects_what_the_sequential_rule_rejects():
    rng = generator(0, "rule")
    for tests in (random_tests(rng) for _ in range(300)):
        adjusted = step_down(tests)
        for alpha in (0.004, 0.0101, 0.05, 0.1, 0.21):
            rejected = [np.zeros(p.size, dtype=bool) for p in tests]
            while True:
                both = zip(rejected, tests, strict=True)
                left = sum(
                    not (r.any() and (r | (p > 1 - ALPHA / len(tests))).all()) for r, p in both
                )
                level = alpha / max(left, 1)
                more = [p <= level * (1 + 1e-12) for p in tests]
                if sum(map(sum, more)) == sum(map(sum, rejected)):
                    break
                rejected = more
            for r, p in zip(rejected, adjusted, strict=True):
                assert r.tolist() == (p <= alpha * (1 + 1e-12)).tolist()


def closed(tests, most=1.0):
    """Return the p of the closed test by brute force, shape as ``tests``.

    Every set of nulls that can be true together is held against Bonferroni's level: at most one of
    a claim (Shaffer 1986, theorem 1). Nulls with p > ``most`` are not counted.
    """
    adjusted = [np.zeros(p.size) for p in tests]
    for of_each in product(*([None, *range(p.size)] for p in tests)):
        true = [(c, i) for c, i in enumerate(of_each) if i is not None]
        p = np.array([tests[c][i] for c, i in true])
        if p.size:
            level = min(1.0, p.min() * max(1, (p <= most).sum()))
            for c, i in true:
                adjusted[c][i] = max(adjusted[c][i], level)
    return adjusted


def test_step_down_is_the_closed_test_of_nulls_that_exclude_each_other():
    rng = generator(0, "closed")
    for _ in range(200):
        tests = [
            rng.uniform(size=rng.integers(1, 4)) ** 3 * LEVEL for _ in range(rng.integers(1, 5))
        ]
        for ours, full in zip(step_down(tests), closed(tests), strict=True):
            assert ours == pytest.approx(full, rel=1e-12)


def test_step_down_lies_between_the_closed_tests_with_and_without_large_p():
    rng = generator(0, "closed")
    smaller = 0
    for _ in range(300):
        tests = [
            np.where(rng.random(k) < 0.4, rng.uniform(LEVEL, 1, k), rng.uniform(size=k) ** 4)
            for k in rng.integers(1, 4, rng.integers(1, 5))
        ]
        for ours, full, least in zip(
            step_down(tests), closed(tests), closed(tests, LEVEL), strict=True
        ):
            assert (ours <= full + 1e-12).all() and (ours >= least - 1e-12).all()
            smaller += (ours < full - 1e-12).sum()
    assert smaller > 50


def test_claims_that_go_against_each_other_do_not_lift_each_others_level():
    """Two effects of just the margin, five standard errors, whose noise is opposite."""
    rng, margin, bad, n = generator(0, "opposite"), 5 / np.sqrt(12), 0, 12
    for noise in rng.normal(size=(4000, n)):
        tests = []
        for effect in (margin + noise, margin - noise):
            mean, error = effect.mean(), effect.std(ddof=1) / np.sqrt(n)
            differs = 2 * student.sf(mean / error, n - 1)
            tests.append(np.array([differs, student.cdf((mean - margin) / error, n - 1)]))
        bad += min(p[1] for p in step_down(tests)) < ALPHA
    assert bad / 4000 <= 0.06


def test_step_up_rejects_what_the_rule_rejects():
    rng = generator(0, "rule")
    for tests in (random_tests(rng) for _ in range(300)):
        adjusted, m = step_up(tests), len(tests)
        smallest = np.array([np.nanmin([*p, 1.0]) if not np.isnan(p).all() else 2 for p in tests])
        for alpha in (0.004, 0.0101, 0.05, 0.1, 0.21):
            r = max(
                (r for r in range(1, m + 1) if (smallest <= r * alpha / m + 1e-12).sum() >= r),
                default=0,
            )
            for p, own in zip(adjusted, tests, strict=True):
                passed = own <= r * alpha / m + 1e-12 if r else np.zeros(own.size, dtype=bool)
                assert passed.tolist() == (p <= alpha + 1e-12).tolist()


def test_effects_at_the_margin_are_called_equivalent_in_no_more_families_than_allowed():
    # The nulls exclude each other in the sample (3.5 < 1.96 + 1.64): leaving after the first
    # rejection errs in 25 % of families.
    found = [step_down(p) for p in claims(4_000, 30, 3.5, 3.5, "edge")]
    assert np.mean([(np.array(p)[:, 1] < ALPHA).any() for p in found]) < 0.06


def test_false_discoveries():
    # Ranks among the nulls instead of the claims give .066.
    found = np.array([step_up(p) for p in claims(10_000, 1, 3.5, 3.5, "edge")]) < ALPHA
    share = found[..., 1].sum(axis=1) / np.maximum(found.sum(axis=(1, 2)), 1)
    assert share.mean() < 0.055
