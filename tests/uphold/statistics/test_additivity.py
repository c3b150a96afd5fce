import itertools

import numpy as np
import pandas as pd
import pytest

from uphold.statistics.additivity import additivity
from uphold.statistics.contrasts import contrast
from uphold.statistics.interactions import Step, interaction
from uphold.statistics.scores import Scores

STEPS = [Step("a", False, True), Step("b", False, True), Step("c", False, True)]


def runs(score) -> pd.DataFrame:
    """Return the runs of a 2 × 2 × 2 design over three seeds."""
    points = itertools.product([False, True], [False, True], [False, True], [1, 2, 3])
    rows = [(a, b, c, seed, score(a, b, c, seed)) for a, b, c, seed in points]
    return pd.DataFrame(rows, columns=["a", "b", "c", "seed", "f1"])


def test_by_hand():
    noise = {1: 0.0, 2: 0.01, 3: 0.05}

    def score(a, b, c, seed):
        joint = -0.02 - noise[seed] if a and b and c else 0
        return 0.5 + 0.1 * seed + 0.03 * a + 0.02 * b - 0.01 * c + joint

    found = additivity(Scores(runs(score), ("a", "b", "c"), "seed"), "f1", STEPS)
    # joint by seed: .04 - .02 - noise = .02, .01, -.03; single gains .03, .02, -.01: sum .04
    assert found.joint.value == pytest.approx(0.0, abs=1e-12)
    assert found.total.value == pytest.approx(0.04)
    assert {k: e.value for k, e in found.alone.items()} == pytest.approx(
        {"a": 0.03, "b": 0.02, "c": -0.01}
    )
    # all less all but one: the single gain and the joint loss
    assert found.in_company["c"].value == pytest.approx(-0.01 - 0.04)
    # R: t.test(c(-.02, -.03, -.07))
    assert found.excess.value == pytest.approx(-0.04)
    assert (found.excess.ci_low, found.excess.ci_high) == pytest.approx(
        (-0.1057241061, 0.0257241061), abs=1e-7
    )
    assert found.excess.p == pytest.approx(0.12011731, abs=1e-7)
    assert (found.excess.n, found.excess.runs, found.excess.df) == (3, 15, 2)


def test_of_two_steps_it_is_their_interaction(scores):
    steps = [Step("amount", "low", "high"), Step("mode", "x", "y")]
    found, same = additivity(scores, "f1", steps), interaction(scores, "f1", *steps)
    assert found.excess.value == pytest.approx(same.value)
    assert found.excess.p == pytest.approx(same.p)


def test_alone_and_in_company_are_contrasts_at_the_levels_of_the_others():
    rng = np.random.default_rng(3)
    scores = Scores(runs(lambda *_: rng.normal()), ("a", "b", "c"), "seed")
    found = additivity(scores, "f1", STEPS)
    for where, gains in ((False, found.alone), (True, found.in_company)):
        expected = contrast(scores, "f1", "b", False, True, {"a": where, "c": where})
        assert gains["b"].value == pytest.approx(expected.value)
        assert gains["b"].ci_low == pytest.approx(expected.ci_low)


def test_other_factors_are_matched():
    table = pd.concat(
        [
            runs(lambda a, b, c, seed: 0.1 * a + 0.2 * b + seed).assign(size=1),
            runs(lambda a, b, c, seed: 5 + 0.1 * a + 0.4 * b + seed + 0.3 * a * b).assign(size=2),
        ]
    )
    scores = Scores(table.query("c == False"), ("a", "b", "size"), "seed")
    found = additivity(scores, "f1", STEPS[:2])
    assert found.excess.n == 3
    assert found.excess.value == pytest.approx((0 + 0.3) / 2)
    assert found.total.value == pytest.approx((0.3 + 0.5) / 2)


def test_a_run_without_a_score_leaves_the_others_of_its_seed():
    table = runs(lambda a, b, c, seed: 0.1 * a + 0.01 * seed * b + 0.003 * seed**2 * c)
    gap = table.query("a and not b and not c and seed == 2").index
    table.loc[gap, "f1"] = np.nan
    found = additivity(Scores(table, ("a", "b", "c"), "seed"), "f1", STEPS)
    assert (found.excess.n, found.total.n, found.joint.n) == (3, 3, 3)
    assert found.excess.method == "incomplete blocks t" and found.excess.df < 2


def test_arms_that_were_not_run_give_no_estimate():
    table = runs(lambda a, b, c, seed: 0.1 * a + 0.01 * seed * (1 + a))
    table = table[table[["a", "b", "c"]].sum(axis=1) < 2]
    found = additivity(Scores(table, ("a", "b", "c"), "seed"), "f1", STEPS)
    assert found.alone["a"].value == pytest.approx(0.12)
    for missing in (found.joint, found.excess, found.in_company["a"]):
        assert np.isnan(missing.value) and np.isnan(missing.ci_low)
