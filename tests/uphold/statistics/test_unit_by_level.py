import itertools

import numpy as np
import pandas as pd
import pytest
from statsmodels.formula.api import ols

from uphold.statistics.scores import Scores
from uphold.statistics.unit_by_level import unit_by_level


def runs(levels: dict[str, int], units: int, values: int = 1, seed: int = 1) -> pd.DataFrame:
    """Return a full design with scores of noise alone, y0, y1, …."""
    rows = itertools.product(*map(range, levels.values()), range(units))
    found = pd.DataFrame(rows, columns=[*levels, "seed"])
    noise = np.random.default_rng(seed).normal(size=(len(found), values))
    return found.join(pd.DataFrame(noise, columns=[f"y{i}" for i in range(values)]))


def by_least_squares(table: pd.DataFrame, full: str, reduced: str) -> tuple[float, int, int]:
    """Return F and its degrees of freedom from two fits."""
    fits = [ols(f"y0 ~ {terms}", table).fit() for terms in (full, reduced)]
    ranks = [np.linalg.matrix_rank(fit.model.exog) for fit in fits]
    df, df_resid = ranks[0] - ranks[1], len(table) - ranks[0]
    f = (fits[1].ssr - fits[0].ssr) / df / (fits[0].ssr / df_resid)
    return f, df, df_resid


@pytest.mark.parametrize("gaps", [[], [3, 10, 17, 30]])
@pytest.mark.parametrize("factor", "abc")
def test_contexts_are_the_replication(gaps, factor):
    table = runs({"a": 3, "b": 2, "c": 2}, 4).drop(index=gaps).reset_index(drop=True)
    context = ":".join(f"C({name})" for name in "abc" if name != factor)
    reduced = f"{context}:C({factor}) + {context}:C(seed)"
    answer = by_least_squares(table, f"{reduced} + C(seed):C({factor})", reduced)
    (found,) = unit_by_level(Scores(table, ("a", "b", "c"), "seed"), ["y0"], factor)
    assert found[1:4] == pytest.approx(answer)


@pytest.mark.parametrize("gaps", [[], [3, 10, 17, 30]])
def test_without_contexts_it_is_the_replicates_within_a_unit(gaps):
    """Equal spread is the classic F; otherwise the error is weighed by where it counts."""
    table = runs({"a": 3, "set": 5}, 4).drop(index=gaps).reset_index(drop=True)
    answer = by_least_squares(table, "C(set):C(a)", "C(set) + C(a)")
    (found,) = unit_by_level(Scores(table, ("a",), "set", within=("seed",)), ["y0"], "a")
    assert found[2:4] == answer[1:]
    assert pytest.approx(answer[0], rel=0.1 if gaps else 1e-9) == found.F


def test_repeats_and_what_shares_no_unit_tell_nothing():
    table = runs({"a": 2}, 3)
    twice = pd.concat([table, table.assign(y0=table.y0 + 1e-3)], ignore_index=True)
    assert unit_by_level(Scores(table, ("a",), "seed"), ["y0"], "a") == []
    assert unit_by_level(Scores(twice, ("a",), "seed"), ["y0"], "a") == []
    crossed = runs({"a": 2, "b": 2}, 3)
    own = crossed.assign(seed=crossed.index)
    assert unit_by_level(Scores(own, ("a", "b"), "seed"), ["y0"], "a") == []
    agree = crossed.assign(y0=crossed.a + crossed.seed)
    assert unit_by_level(Scores(agree, ("a", "b"), "seed"), ["y0"], "a") == []


def test_runs_without_a_score_or_a_level_take_no_part():
    table = runs({"a": 3, "b": 3}, 3)
    gone = table.assign(y0=table.y0.where(table.index != 4), y1=table.y0)
    found = unit_by_level(Scores(gone, ("a", "b"), "seed"), ["y0", "y1"], "a")
    assert [one.df_resid for one in found] == [7, 8]
    without = table.assign(a=table.a.where(table.a < 2).astype(object))
    (one,) = unit_by_level(Scores(without, ("a", "b"), "seed"), ["y0"], "a")
    assert (one.df, one.df_resid) == (2, 4)


def test_shares_and_costs_come_out_as_put_in():
    """Variances 1 of seeds, 2 of seed × a, 1 of runs: sharing costs √((8·2 + 1) / 4)."""
    table = runs({"a": 2, "b": 8}, 250)
    rng = np.random.default_rng(2)
    seed, both = rng.normal(size=250), rng.normal(scale=2**0.5, size=(250, 2))
    table["y0"] += seed[table.seed] + both[table.seed, table.a]
    (found,) = unit_by_level(Scores(table, ("a", "b"), "seed"), ["y0"], "a")
    assert found.share == pytest.approx(0.5, abs=0.05)
    assert found.cost == pytest.approx(17**0.5 / 2, abs=0.1)


def test_beyond_its_limit_nothing_is_tested():
    assert unit_by_level(Scores(runs({"a": 2, "b": 2}, 301), ("a", "b"), "seed"), ["y0"], "a") == []


@pytest.mark.parametrize(
    ("levels", "units", "kind"),
    [
        ({"a": 2, "b": 2, "c": 2, "d": 2}, 3, "normal"),
        ({"a": 4, "b": 3}, 5, "normal"),
        ({"a": 2, "b": 2}, 3, "heavy"),
        ({"a": 4, "b": 3}, 5, "unequal"),
        ({"a": 2, "b": 2, "c": 2}, 3, "other"),
    ],
)
def test_false_alarms_are_as_many_as_promised(levels, units, kind):
    """Of tests at .05; in a binomial of 2,000 the limit is 2.05 standard errors above."""
    many = 2000
    table = runs(levels, units, many, seed=5)
    y = table[[f"y{i}" for i in range(many)]].to_numpy(copy=True)
    rng = np.random.default_rng(6)
    y += 2 * rng.normal(size=(units, many))[table.seed]
    if kind == "heavy":
        y += rng.standard_t(3, size=y.shape) * 3
    if kind == "unequal":
        y += rng.normal(scale=4, size=y.shape) * (table.a == 0).to_numpy()[:, None]
    if kind == "other":  # what seeds do to the levels of b is nothing that they do to those of a
        y += 3 * rng.normal(size=(units, 2, many))[table.seed, table.b]
    table[[f"y{i}" for i in range(many)]] = y
    scores = Scores(table, tuple(levels), "seed")
    found = unit_by_level(scores, [f"y{i}" for i in range(many)], "a")
    assert len(found) == many
    assert np.mean([one.p < 0.05 for one in found]) <= 0.06


@pytest.mark.parametrize(("sets", "inner"), [(4, 3), (8, 5)])
def test_false_alarms_where_each_unit_has_a_spread_of_its_own(sets, inner):
    many = 2000
    table = runs({"a": 3, "set": sets}, inner, many, seed=7)
    names = [f"y{i}" for i in range(many)]
    rng = np.random.default_rng(8)
    spread = np.exp(0.8 * rng.normal(size=(sets, many)))
    table[names] = table[names].to_numpy() * spread[table.set] + rng.normal(
        scale=3, size=(sets, many)
    ).take(table.set, axis=0)
    found = unit_by_level(Scores(table, ("a",), "set", within=("seed",)), names, "a")
    assert np.mean([one.p < 0.05 for one in found]) <= 0.06
