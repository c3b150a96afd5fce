"""An effect that differs by context says where, where that is shown and matters."""

import numpy as np
import pandas as pd
import pytest

from uphold.claims.differing import differs
from uphold.claims.judge import judge
from uphold.claims.outcomes import Outcome
from uphold.statistics.heterogeneity import Contexts

from ..conftest import STEP

SURE = "(p\N{NO-BREAK SPACE}<\N{NO-BREAK SPACE}.001)"


def found(log, effects, p=1e-4, reason=""):
    """Say how effects differ over the first contexts of a log of one run each."""
    o = Outcome.from_t(
        float(np.mean(effects)), 0.01, 5, n=6, runs=12, seeds=6, method="paired t",
        contexts=Contexts(np.array(effects), np.arange(len(effects)), p), reason=reason,
    )  # fmt: skip
    return differs(o, log, 0.02)


@pytest.fixture
def places(make):
    rows = [(s, d, False) for d in (1, 2) for s in "pqr"]
    table = pd.DataFrame(rows, columns=["site", "depth", "mixup"]).assign(f1=0.5, seed=1)
    return make(table, ["site", "depth", "mixup"])


def test_levels_beyond_the_margin_on_both_sides_are_named(places):
    assert found(places, [0.03, -0.05, 0.0]) == (
        f"It differs by context: +0.030 with site p, −0.050 with site q {SURE}."
    )


def test_one_context_that_makes_the_whole_effect_is_named(places):
    assert found(places, [0.2, 0.001, -0.002]) == (
        f"One context makes the effect: +0.200 with site p, and −0.001 in the others {SURE}."
    )


def test_only_factors_that_vary_over_the_contexts_are_named(places):
    assert "+0.300 with site q, depth 2" in found(places, [0.0, 0.0, 0.0, 0.0, 0.3, 0.0])


@pytest.mark.parametrize(
    ("effects", "more"),
    [
        ([0.03, -0.05, 0.0], {"p": 0.06}),  # not shown
        ([0.03, -0.05, 0.0], {"p": np.nan}),  # not tested
        ([0.03, -0.05, 0.0], {"reason": "all runs share one seed"}),
        ([0.03, -0.01, 0.0], {}),  # on one side only
        ([0.1, 0.05, 0.08], {}),  # an effect everywhere
        ([0.03, 0.001, 0.0], {}),  # one context, but none that matters on average
    ],
)
def test_nothing_is_said_where_it_is_not_shown_or_does_not_matter(places, effects, more):
    assert found(places, effects, **more) == ""


def sweep(make, by_site: dict, noise=0.004, seeds=6):
    rng = np.random.default_rng(2)
    rows = [(site, m, s) for site in by_site for m in (False, True) for s in range(seeds)]
    table = pd.DataFrame(rows, columns=["site", "mixup", "seed"])
    table["f1"] = 0.6 + rng.normal(0, noise, len(table)) + table.mixup * table.site.map(by_site)
    return make(table, ["site", "mixup"])


def test_no_effect_on_average_is_not_no_effect(make, claim):
    """Four data sets, of which one gains and one loses: pooled it is nothing."""
    log = sweep(make, {"d1": 0.05, "d2": -0.05, "d3": 0.0, "d4": 0.0})
    for expect in ("no-effect", "increase", "difference"):
        j = judge({"runs": log}, {"it": claim(contrast=STEP, expect=expect)})["it"]
        assert abs(j.outcome.value) < 0.005 and j.verdict == "inconclusive"
        assert j.outcome.equivalence_p(0.02) < 0.001
        assert "It differs by context: +0.0" in j.sentence
        assert "with site d1, −0.0" in j.sentence and f"with site d2 {SURE}" in j.sentence
        assert "would take" not in j.sentence


@pytest.mark.parametrize("expect", ["no-effect", "difference"])
def test_levels_that_agree_on_average_alone_are_not_the_same(make, claim, expect):
    """What holds for a contrast holds for an analysis of variance of the same two levels."""
    log = sweep(make, {"d1": 0.1, "d2": -0.1})
    j = judge({"runs": log}, {"it": claim(anova={"over": "mixup"}, expect=expect)})["it"]
    assert j.verdict == "inconclusive"


def test_an_effect_of_all_contexts_says_nothing_of_them(make, claim):
    log = sweep(make, dict.fromkeys(["d1", "d2", "d3"], 0.05))
    j = judge({"runs": log}, {"it": claim(contrast=STEP, expect="increase")})["it"]
    assert j.verdict == "supported" and not j.differs
