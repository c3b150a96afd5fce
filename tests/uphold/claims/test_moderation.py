"""Errors of one metric's effects, drawn towards what these have in common."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from uphold.claims import moderation
from uphold.claims.judge import judge, pools_of
from uphold.claims.moderation import Pools, moderate, pooled
from uphold.claims.outcomes import Outcome
from uphold.error_rates import ALPHA
from uphold.randomness import generator
from uphold.statistics.moderation import moderated

from ..conftest import STEP


def outcome(value: float, se: float, df: float = 2, scale: float = 2 / 3, **more) -> Outcome:
    more = {"n": 3, "runs": 6, "seeds": 3, "method": "paired t", **more}
    return Outcome.from_t(value, se, df, scale=scale, **more)


def many(count: int = 20, seed: int = 0, value: float = 0.02) -> dict[str, Outcome]:
    """Effects of one spread, each known from three seeds."""
    rng = np.random.default_rng(seed)
    se = 0.01 * np.sqrt(rng.chisquare(2, count) / 2)
    return {f"c{i}": outcome(value, own) for i, own in enumerate(se)}


def test_errors_and_degrees_of_freedom_are_those_that_the_statistics_give():
    alone = many(value=0.03)
    found = moderate(alone, dict.fromkeys(alone, "f1"))
    se = np.array([o.se for o in alone.values()])
    both = moderated(se**2 * 1.5, np.full(20, 2.0))
    assert (both.df > 2).all() and {o.value for o in found.values()} == {0.03}
    # Intervals are of the new error, and so is p where the effect is found by its own runs; what
    # would be found by the new error alone keeps its own.
    kept = 0
    for (name, one), se, df in zip(found.items(), np.sqrt(both.s2 / 1.5), both.df, strict=True):
        own, new = alone[name], outcome(0.03, se, df)
        if new.p < 0.05 <= own.p:
            assert one is own
            kept += 1
            continue
        assert (one.se, one.df) == pytest.approx((new.se, new.df))
        assert one.p == pytest.approx(new.p if own.p < 0.05 else max(own.p, new.p))
        assert one.ci_low + one.ci_high == pytest.approx(0.06)
    assert 0 < kept < len(found) and {o.p < 0.05 for o in alone.values()} == {True, False}


@pytest.mark.parametrize("seed", range(4))
def test_an_outcome_has_one_error_from_which_its_interval_and_p_follow(seed):
    """Whoever takes the error, such as for other items, gets no surer than the interval says."""
    alone = many(seed=seed, value=0.03)
    kept = 0
    for name, o in moderate(alone, dict.fromkeys(alone, "f1")).items():
        again = o.with_error(o.se, o.df)
        assert (o.ci_low, o.ci_high) == pytest.approx((again.ci_low, again.ci_high))
        assert o.p >= again.p - 1e-12 and (o.p < ALPHA) == (again.p < ALPHA)
        kept += o is alone[name]
    assert kept


def test_each_metric_of_each_log_has_its_own_pool():
    alone = many()
    pool = {name: ("f1" if i < 10 else "recall") for i, name in enumerate(alone)}
    found = moderate(alone, pool)
    half = {name: o for name, o in alone.items() if pool[name] == "f1"}
    expected = moderate(half, pool)
    assert {name: found[name].se for name in half} == {n: o.se for n, o in expected.items()}


def test_what_units_an_effect_is_in_makes_no_difference():
    """An effect of twice as many runs has half the variance, and the same spread behind it."""
    alone = many(value=0.2)
    halved = {
        name: replace(o, se=o.se / np.sqrt(2), scale=o.scale / 2) if i % 2 else o
        for i, (name, o) in enumerate(alone.items())
    }
    one, other = (moderate(x, dict.fromkeys(x, "f1")) for x in (alone, halved))
    for i, name in enumerate(alone):
        assert other[name].se == pytest.approx(one[name].se / (np.sqrt(2) if i % 2 else 1))
        assert other[name].df == pytest.approx(one[name].df)


def test_an_effect_under_several_names_counts_once():
    alone = many(value=0.2)
    again = {**alone, "twin": replace(alone["c0"], value=0.5)}
    one, other = (moderate(x, dict.fromkeys(x, "f1")) for x in (alone, again))
    assert other["c3"].se == one["c3"].se
    assert (other["twin"].se, other["twin"].df) == (one["c0"].se, one["c0"].df)


def test_effects_beside_the_claims_help_and_are_found_again():
    alone = many()
    mine = {name: alone[name] for name in ("c0", "c1")}
    beside = [("f1", o) for name, o in alone.items() if name not in mine]
    pool = dict.fromkeys(alone, "f1")
    assert moderate(mine, pool, beside) == {n: moderate(alone, pool)[n] for n in mine}
    assert moderate(mine, pool)["c0"].df == 2  # two are too few to tell a common spread
    pools = Pools([("f1", o) for o in alone.values()])
    assert pools.error("f1", alone["c5"]) is not None
    assert pools.error("f1", outcome(0.02, 0.5)) is pools.error("recall", alone["c5"]) is None


@pytest.mark.parametrize(
    "more",
    [
        {"reason": "all runs share one seed"},
        {"scale": np.nan},  # a bound or an analysis of variance
        {"se": 0.0, "value": 0.0},
        {"se": np.nan, "df": np.nan},
    ],
)
def test_what_has_no_error_of_its_own_stays_and_tells_the_others_nothing(more):
    alone = many()
    odd = outcome(**{"value": 0.02, "se": 0.05, **more})
    pool = dict.fromkeys([*alone, "odd"], "f1")
    found = moderate({**alone, "odd": odd}, pool)
    assert found["odd"] is odd
    assert found["c0"].se == moderate(alone, pool)["c0"].se


def test_verdicts_rest_on_moderated_errors_and_plans_on_their_own(table, relog, claim):
    rng = np.random.default_rng(0)
    table = table.assign(f1=rng.normal(0.6, 0.02, 16) + 0.03 * table.mixup)
    ratio = {"factor": "ratio", "from": 0, "to": 0.5}
    claims = {"it": claim(contrast=STEP), "other": claim(contrast=ratio)}
    claims |= {"third": claim(interaction={"of": STEP, "with": ratio})}
    log = relog(table)
    found = judge({"runs": log}, claims)
    alone = {name: c.test(log, np.arange(16)).outcome() for name, c in claims.items()}
    expected = moderate(alone, dict.fromkeys(claims, "f1"))
    assert {n: j.outcome.p for n, j in found.items()} == {n: o.p for n, o in expected.items()}
    assert {n: j.alone.p for n, j in found.items()} == {n: o.p for n, o in alone.items()}
    again = pools_of(found, ()).error(("runs", "f1"), alone["it"])
    assert again == (found["it"].outcome.se, found["it"].outcome.df)


def test_an_interval_excludes_zero_only_where_the_effect_s_own_does(make, claim):
    """One contrast that is three times as noisy as fifteen others borrows no interval."""
    draw, only = generator(1, "noisy"), 0
    claims = {
        f"c{k}": claim(contrast=STEP, expect="increase", where={"task": k}) for k in range(16)
    }
    rows = [(on, k, s) for k in range(16) for on in (False, True) for s in range(3)]
    table = pd.DataFrame(rows, columns=["mixup", "task", "seed"])
    for _ in range(25):
        sd = np.where(table["task"] == 0, 0.03, 0.01)
        one = table.assign(f1=0.6 + draw.normal(0, sd))
        judged = judge({"runs": make(one, ["mixup", "task"])}, claims, fragility=False)
        for j in judged.values():
            o = j.outcome
            assert (o.ci_low > 0 or o.ci_high < 0) == (o.p < ALPHA)
            only += j.alone.p >= ALPHA and o.ci_high - o.ci_low == j.alone.ci_high - j.alone.ci_low
    assert only


def test_pools_of_the_same_effects_are_not_moderated_again(monkeypatch):
    """A leave-out changes few of a page's pools; what it gives is what all anew would give."""
    alone = many(24)
    pool = {name: ("f1", "recall", "auc")[i % 3] for i, name in enumerate(alone)}
    before = pooled(alone, pool, [])
    changed = {**alone, "c3": outcome(0.02, 0.5)}
    expected = moderate(changed, pool)
    done = []
    moderated = moderation.moderated
    monkeypatch.setattr(moderation, "moderated", lambda *of: done.append(1) or moderated(*of))
    assert moderate(changed, pool, before=before) == expected
    assert len(done) == 1
    left_out = {name: o for name, o in alone.items() if name != "c4"}
    assert moderate(left_out, pool, before=before) == moderate(left_out, pool)
