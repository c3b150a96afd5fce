"""Claims that are judged at declared numbers of units."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from uphold.claims.expectations import Decision
from uphold.claims.judge import judge
from uphold.claims.looks import Looks, over_looks
from uphold.randomness import generator
from uphold.statistics.looks import nominal_levels

from ..conftest import STEP

LOOKS = (3, 5, 8)
P = (Decision("supported", 0.01, sides=2), Decision("equivalent", 0.04))


def test_without_a_plan_and_with_one_look_p_stay():
    assert over_looks(P, (), 4) is P
    assert over_looks(P, (4,), 4) is P
    assert over_looks((), LOOKS, 4) == ()


def test_one_look_is_a_plan_too(make, relog, claim, table):
    assert over_looks(P, (4,), 0) == ()
    assert judged(relog, claim, table, looks=[5]).verdict == "inconclusive"
    found, alone = judged(relog, claim, table, looks=[4]), judged(relog, claim, table)
    assert found.verdict == "supported" and found.p_adjusted == alone.p_adjusted
    first = table[table["seed"] < 4].reset_index(drop=True)
    beyond, before = judged(relog, claim, table, looks=[3]), judged(relog, claim, first)
    assert beyond.outcome.seeds == 3 and beyond.p_adjusted == before.p_adjusted


def test_before_the_first_look_there_is_nothing_to_decide():
    assert over_looks(P, LOOKS, 2) == ()


@pytest.mark.parametrize("sides", [1, 2])
@pytest.mark.parametrize("units", LOOKS)
def test_p_at_the_level_of_a_look_is_the_level_of_the_plan(units, sides):
    """A p at the nominal level of its look is .05 for all looks together, and rises with p."""
    level = nominal_levels(LOOKS, 0.05, sides)[LOOKS.index(units)]
    three = tuple(Decision("supported", level * f, sides) for f in (0.5, 1.0, 2.0))
    below, at, above = (d.p for d in over_looks(three, LOOKS, units))
    assert below < at < above and at == pytest.approx(0.05, abs=5e-4)


def test_each_look_asks_for_more_than_one_look_alone_and_the_first_for_most():
    found = [over_looks((Decision("supported", 0.01, 2),), LOOKS, n)[0].p for n in LOOKS]
    assert found[0] > found[1] > found[2] > 0.01


def test_verdict_and_sides_stay():
    found = over_looks(P, LOOKS, 5)
    assert [(d.verdict, d.sides) for d in found] == [(d.verdict, d.sides) for d in P]


def judged(relog, claim, table, **keys):
    one = claim(contrast=STEP, expect="increase")
    return judge({"runs": relog(table, **keys)}, {"up": one})["up"]


def test_a_claim_that_one_look_decides_may_be_open_at_the_first_of_several(relog, claim, table):
    """.02, .05, .08 and .05 by seed: t = 4.08 with 3 degrees of freedom, p = .027."""
    by_seed = np.tile([0.02, 0.05, 0.08, 0.05], 4)
    table = table.assign(f1=0.6 + table["mixup"] * by_seed)
    alone = judged(relog, claim, table)
    assert (alone.verdict, round(alone.p_adjusted, 4)) == ("supported", 0.0265)
    early = judged(relog, claim, table, looks=[4, 8])
    assert early.verdict == "inconclusive" and early.p_adjusted > 0.1
    assert early.outcome.p == alone.outcome.p
    last = judged(relog, claim, table, looks=[2, 4])
    assert last.verdict == "supported" and 0.0265 < last.p_adjusted < 0.05


def test_too_few_seeds_for_the_first_look_decide_nothing(relog, claim, table):
    found = judged(relog, claim, table, looks=[5, 8])
    assert found.verdict == "inconclusive" and found.outcome.p < 1e-4
    assert judged(relog, claim, table).verdict == "supported"


def grown(units: dict[str, int], order: list[int] | None = None) -> pd.DataFrame:
    """Return runs of two arms on so many seeds by task."""
    seeds = order or list(range(20))
    rows = [(on, t, s) for t, n in units.items() for on in (False, True) for s in seeds[:n]]
    return pd.DataFrame(rows, columns=["mixup", "task", "seed"]).assign(f1=0.5)


def come_to(make, table, where=None, looks=LOOKS, **keys):
    log = make(table, ["mixup", "task"], looks=looks, **keys)
    found = Looks(log).come_to(log.scores.selects(where))
    return found.units, None if found.runs is None else table[found.runs]


def test_a_claim_comes_to_a_look_with_the_last_of_its_configurations(make):
    table = grown({"a": 8, "b": 5})
    assert come_to(make, table)[0] == 5
    assert come_to(make, table, {"task": "a"})[0] == 8
    assert come_to(make, grown({"a": 8, "b": 2}))[0] == 0


def test_it_is_judged_on_the_units_of_that_look_alone(make):
    units, runs = come_to(make, grown({"a": 8, "b": 5}))
    assert units == 5 and set(runs["seed"]) == {0, 1, 2, 3, 4} and len(runs) == 20
    units, runs = come_to(make, grown({"a": 7, "b": 7}))
    assert units == 5 and set(runs["seed"]) == {0, 1, 2, 3, 4}


@pytest.mark.parametrize(
    ("seeds", "first"),
    [([0, 1, 2, 3], {0, 1, 2}), ([4, 3, 2, 1], {1, 2, 3}), (["3", "2", "0", "1"], {"0", "1", "2"})],
)
def test_numbered_units_come_in_the_order_of_their_numbers_not_of_the_rows(make, seeds, first):
    """Newest first would else be other units, and another verdict."""
    for order in (seeds, seeds[::-1], seeds[1:] + seeds[:1]):
        assert set(come_to(make, grown({"a": 4}, order))[1]["seed"]) == first


UNORDERED = [
    [10, 9, 2, 1],
    [2, 3, 4, 5],
    [0, 1, 2, 4],
    [-1, 0, 1, 2],
    [0.5, 1.5, 2.5, 3.5],
    ["s1", "s2", "s3", "s4"],
    ["01", "1", "2", "3"],
    ["0", "1", "2", "x"],
]


@pytest.mark.parametrize("seeds", UNORDERED)
def test_units_that_a_further_one_may_precede_are_judged_at_exactly_their_number(make, seeds):
    """Which of them are the first would else change with each further one."""
    table = grown({"a": 4}, seeds)
    assert come_to(make, table, looks=(3, 5))[0] == 0
    assert come_to(make, table, looks=(3,))[0] == 0
    units, runs = come_to(make, table, looks=(3, 4, 5))
    assert units == 4 and set(runs["seed"]) == set(seeds)


def look(make, table, looks):
    log = make(table, ["mixup", "task"], looks=looks)
    return Looks(log).come_to(log.scores.selects(None))


@pytest.mark.parametrize(
    ("a", "b", "looks", "units", "after"),
    [
        (4, 4, (3, 5), 0, 5),
        (5, 5, (3, 5), 5, None),
        (6, 6, (3, 5), 0, None),
        (6, 5, (3, 5), 0, None),
        (6, 5, (3, 5, 8), 0, 8),
        (5, 3, (3, 5, 8), 0, 5),
        (3, 3, (3, 5, 8), 3, 5),
        (2, 1, (3, 5, 8), 0, 3),
    ],
)
def test_the_next_look_is_one_that_all_configurations_can_come_to_exactly(
    make, a, b, looks, units, after
):
    found = look(make, grown({"a": a, "b": b}, [7, 70, 3, 900, 12, 1]), looks)
    assert (found.units, found.after) == (units, after)


def test_configurations_with_an_order_may_run_ahead_of_those_without(make):
    table = pd.concat([grown({"a": 8}), grown({"b": 5}, [7, 70, 3, 900, 12])], ignore_index=True)
    units, runs = come_to(make, table)
    assert units == 5 and set(runs.loc[runs["task"] == "a", "seed"]) == {0, 1, 2, 3, 4}
    assert look(make, table, LOOKS).after == 8


def test_one_look_is_taken_once_whatever_the_values_of_further_seeds(make, claim):
    """Each further seed of a small value would else change which are the first ten."""
    draw = generator(11, "random seeds")
    one = claim(contrast=STEP, expect="increase")
    for _ in range(5):
        seeds = draw.permutation(10**5)[:14]
        table = grown({"a": 14}, list(seeds)).assign(f1=draw.normal(0.5, 0.1, 28))
        table["f1"] += 10.0 * table["mixup"]  # decided at any number
        decided = []
        for n in range(9, 15):
            part = table[table["seed"].isin(seeds[:n])].reset_index(drop=True)
            log = make(part, ["mixup", "task"], looks=(10,))
            found = judge({"runs": log}, {"up": one}, fragility=False)["up"]
            if found.verdict != "inconclusive":
                decided.append(n)
            elif n > 10:
                assert "are in no known order" in found.sentence
        assert decided == [10]


def test_the_order_of_units_is_that_of_the_plan_where_it_is_known(make):
    log = make(grown({"a": 8, "b": 3}), ["mixup", "task"], looks=LOOKS)
    ordered = replace(log, order={s: 7 - s for s in range(8)})
    runs = Looks(ordered).come_to(np.ones(len(log.scores.table), dtype=bool)).runs
    table = log.scores.table[runs]
    assert set(table.loc[table["task"] == "a", "seed"]) == {7, 6, 5}


def test_seeds_of_their_own_count_by_configuration(make):
    table = grown({"a": 5, "b": 5})
    table["seed"] = np.arange(len(table))
    assert come_to(make, table)[0] == 5


def test_a_run_without_a_row_is_not_run_and_one_without_a_score_is(make):
    """Else the number that decides could be chosen among several, which no one declared."""
    table = grown({"a": 5, "b": 5})
    lost = (table["task"] == "a") & (table["seed"] == 2) & table["mixup"]
    without = table[~lost].reset_index(drop=True)
    assert come_to(make, without)[0] == 0
    assert come_to(make, without, looks=(3, 4, 5))[0] == 4
    assert come_to(make, table.assign(f1=table["f1"].where(~lost)))[0] == 5


def test_one_arm_that_grows_opens_no_look_before_its_number_is_there(make):
    table = grown({"a": 20})
    for n in range(15, 20):
        part = table[~table["mixup"] | (table["seed"] < n)].reset_index(drop=True)
        assert come_to(make, part, looks=(3, 5, 8, 12, 20))[0] == 12


def test_no_run_is_no_look(make):
    log = make(grown({"a": 5}), ["mixup", "task"], looks=LOOKS)
    assert Looks(log).come_to(np.zeros(len(log.scores.table), dtype=bool)).units == 0


def test_a_verdict_does_not_change_as_some_configurations_run_ahead(make, claim):
    """What they have beyond the common look would else be judged again at each step."""
    draw = generator(3, "ahead")
    full = grown({task: 8 for task in "abcd"})
    full["f1"] = 0.6 + 0.03 * full["mixup"] + draw.normal(0, 0.03, len(full))
    one = claim(contrast=STEP, expect="increase")

    def judged_at(ahead: str) -> tuple:
        table = full[(full["seed"] < 5) | full["task"].isin(list(ahead))].reset_index(drop=True)
        found = judge({"runs": make(table, ["mixup", "task"], looks=LOOKS)}, {"up": one})["up"]
        return found.verdict, found.outcome.seeds, found.outcome.value, found.p_adjusted

    assert judged_at("") == judged_at("a") == judged_at("abc")
    assert judged_at("abcd")[1] == 8 and judged_at("abcd")[3] < judged_at("")[3]


def test_all_that_is_told_of_a_claim_is_of_the_runs_of_its_look(make, claim):
    """Also where others run ahead: the ranks of an ANOVA, g, and what is unmatched."""
    draw = generator(5, "told")
    full = grown({"a": 8, "b": 8})
    full["f1"] = 0.6 + 0.01 * full["mixup"] + draw.normal(0, 0.02, len(full))
    claims = {
        "step": claim(contrast=STEP, expect="increase"),
        "levels": claim(anova={"over": "mixup"}, expect="difference"),
    }

    def told(table, **keys):
        found = judge({"runs": make(table, ["mixup", "task"], **keys)}, claims)
        return [(j.outcome, j.alone) for j in found.values()]

    five = full[full["seed"] < 5].reset_index(drop=True)
    ahead = full[(full["seed"] < 5) | (full["task"] == "a")].reset_index(drop=True)
    for (o, alone), (whole, alone_whole) in zip(told(ahead, looks=LOOKS), told(five), strict=True):
        assert (o.hedges_g, o.unmatched) == (whole.hedges_g, whole.unmatched) or o.anova
        if o.anova:
            assert o.anova.kruskal_p == whole.anova.kruskal_p
        assert alone.value == pytest.approx(alone_whole.value)


def test_leaving_a_seed_out_is_no_other_look(make, claim):
    """Without one of five seeds a verdict is not held against the level of three."""
    draw = generator(4, "left out")
    table = grown({"a": 5, "b": 5})
    table["f1"] = 0.6 + 0.2 * table["mixup"] + draw.normal(0, 0.01, len(table))
    one = claim(contrast=STEP, expect="increase")
    log = make(table, ["mixup", "task"], looks=(3, 5))
    found = judge({"runs": log}, {"up": one})["up"]
    assert found.verdict == "supported" and found.depends_on == ()
