from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from uphold.claims import fragility
from uphold.claims.expectations import EXPECTED
from uphold.claims.judge import judge
from uphold.claims.training_identity import trained_alike
from uphold.statistics.oneway import one_way
from uphold.statistics.permutation import DRAWS, permuted_within

from ..conftest import STEP


@pytest.fixture
def table() -> pd.DataFrame:
    """Two factors of two levels × five seeds: the fewest that verdicts are tried without."""
    rows = [(m, r, s) for m in (False, True) for r in (0, 0.5) for s in range(1, 6)]
    found = pd.DataFrame(rows, columns=["mixup", "ratio", "seed"])
    noise = np.array([3, -2, 1, 0, 2, -1, 2, 0, -2, 1, 1, 1, -3, 2, 0, 0, -1, 2, 1, -2]) / 1000
    found["f1"] = 0.6 + noise + found.mixup * (0.03 + 0.04 * found.ratio)
    found["run"] = [f"r{i}" for i in range(len(found))]
    return found


def paired(differences) -> pd.DataFrame:
    """One configuration with mixup and without, on as many seeds as there are differences."""
    n = len(differences)
    rows = [(m, 0, s) for m in (False, True) for s in range(1, n + 1)]
    found = pd.DataFrame(rows, columns=["mixup", "ratio", "seed"])
    found["f1"] = 0.6 + 0.01 * found.seed + np.where(found.mixup, np.tile(differences, 2), 0.0)
    return found.assign(run=[f"r{i}" for i in range(2 * n)])


def only(log, claim):
    return judge({"runs": log}, {"it": claim})["it"]


def test_a_verdict_that_hangs_on_one_run_names_it(table, relog, claim):
    table.loc[10, "f1"] = 0.3  # mixup, ratio 0, seed 1: one collapsed run
    j = only(relog(table), claim(contrast=STEP, expect="increase"))
    assert j.verdict == "inconclusive" and j.fragile
    hangs = {(x.kind, x.name): x.verdict for x in j.depends_on}
    # without it, and without its seed
    assert hangs == {("run", "r10"): "supported", ("seed", "1"): "supported"}
    assert j.sentence.endswith(
        "Depends on one part of the runs: the claim would be supported without run r10 or seed 1."
    )


@pytest.mark.parametrize("seeds", [2, 3, 4])
def test_with_few_seeds_every_verdict_hangs_on_each_so_none_is_said_to(table, relog, claim, seeds):
    table.loc[10, "f1"] = 0.3
    j = only(relog(table[table.seed <= seeds]), claim(contrast=STEP, expect="increase"))
    assert j.verdict == "inconclusive" and not j.fragile


def test_a_verdict_that_stands_without_each_run_is_not_fragile(log, claim):
    assert not only(log, claim(contrast=STEP, expect="increase")).fragile


def test_p_are_adjusted_anew_in_each_leave_out(table, relog, claim):
    # Without run r0 the claim's own p is .01, which nine further claims adjust away.
    off = np.array([-2, 1.5, -1, 1, 0, -0.5, 0.5, 0.5])
    log = relog(paired(0.05 * (off + 2 * off.std(ddof=1) / np.sqrt(8))))
    mine = claim(contrast=STEP)
    others = {f"n{i}": claim(bound={"at_least": 0.6 + i / 1000}) for i in range(9)}
    alone = judge({"runs": log}, {"mine": mine})["mine"]
    crowded = judge({"runs": log}, {"mine": mine, **others})["mine"]
    assert alone.verdict == crowded.verdict == "inconclusive"
    assert {x.verdict for x in alone.depends_on if x.name == "r0"} == {"supported"}
    assert "r0" not in {x.name for x in crowded.depends_on}


def test_a_run_named_by_its_levels_alone_brings_them(table, relog, claim):
    table.loc[10, "f1"] = 0.3
    rows = table[["mixup", "ratio", "seed"]].itertuples(index=False)
    names = [f"mixup={str(m).lower()}, ratio={r:g}, seed={s}" for m, r, s in rows]
    j = only(relog(table.assign(run=names)), claim(contrast=STEP, expect="increase"))
    levels = {x.name: dict(x.levels) for x in j.depends_on if x.kind == "run"}
    assert levels["mixup=true, ratio=0, seed=1"] == {"mixup": True, "ratio": 0, "seed": 1}
    assert "without the run (mixup on, ratio 0, seed 1) or seed 1." in j.sentence


def test_runs_that_no_claim_uses_are_not_left_out(log, claim, monkeypatch):
    left = []
    original = fragility._parts
    monkeypatch.setattr(fragility, "_parts", lambda *a: left.extend(original(*a)) or original(*a))
    only(log, claim(contrast=STEP, where={"ratio": 0}))
    assert {name for kind, name, *_ in left if kind == "run"} == {
        *(f"r{i}" for i in (*range(5), *range(10, 15)))
    }


def test_large_logs_leave_out_what_lies_furthest(claim, relog, monkeypatch):
    # One contrast goes through its 200 runs each time: five times in all.
    monkeypatch.setattr(fragility, "MOST_WORK", 1_000)
    monkeypatch.setattr(fragility, "AT_LEAST", 2)
    rng = np.random.default_rng(0)
    rows = [(m, 0, s) for m in (False, True) for s in range(100)]
    table = pd.DataFrame(rows, columns=["mixup", "ratio", "seed"])
    table["f1"] = rng.normal(0.6, 0.02, 200)
    table["run"] = [f"r{i}" for i in range(200)]
    table.loc[150, "f1"] = -3.0
    j = only(relog(table), claim(contrast=STEP, expect="no-effect"))
    assert j.verdict == "inconclusive"
    assert ("run", "r150") in {(x.kind, x.name) for x in j.depends_on}
    assert ("seed", "50") in {(x.kind, x.name) for x in j.depends_on}


@pytest.mark.parametrize("form", [{"contrast": STEP}, {"anova": {"over": "configuration"}}])
def test_leaving_out_is_never_having_had(table, relog, claim, form):
    table["f1"] = 0.6 + 0.01 * table.mixup + np.random.default_rng(0).normal(0, 0.009, 20)
    whole = only(relog(table), claim(**form))
    changed = {x.name for x in whole.depends_on if x.kind == "run"}
    again = {
        f"r{i}"
        for i in range(20)
        if only(relog(table.drop(index=i)), claim(**form)).verdict != whole.verdict
    }
    assert changed == again and changed


def test_a_verdict_may_hang_on_a_run_of_another_log(relog, claim):
    # Eight differences whose t is 2.6 (p = .035) in each of two logs: by Holm p must be below .025
    # for either to be supported. Without run r0 of b, whose difference is far off, it is there, and
    # then .05 is enough for a.
    off = np.array([-4, 1, 1, 1, 0, 0, 0.5, 0.5])
    table = paired(0.02 * (off + 2.6 * off.std(ddof=1) / np.sqrt(8)))
    claims = {name: claim(contrast=STEP, sweep=name) for name in "ab"}
    found = judge({"a": relog(table), "b": relog(table)}, claims)
    assert {j.verdict for j in found.values()} == {"inconclusive"}
    assert ("run", "b: r0", "supported") in {
        (x.kind, x.name, x.verdict) for x in found["a"].depends_on
    }
    again = judge({"a": relog(table), "b": relog(table[table.run != "r0"])}, claims)
    assert again["a"].verdict == "supported"


def skewed(table, relog, seed: int):
    """A log whose residuals are not normal, and whose levels differ a little."""
    noise = np.random.default_rng(seed).exponential(size=20) ** 3
    return relog(table.assign(f1=0.6 + 0.01 * noise + 0.03 * table.mixup))


def test_few_permutations_where_they_are_clear_and_all_where_they_are_not(
    table, relog, claim, monkeypatch
):
    drawn = []
    monkeypatch.setattr(
        "uphold.statistics.oneway.one_way",
        lambda means, term, draws, *more: drawn.append(draws) or one_way(means, term, draws, *more),
    )
    over = claim(anova={"over": "configuration"})
    answer = {}
    for seed in range(14, 22):
        drawn.clear()
        answer[seed] = only(skewed(table, relog, seed), over), drawn[1:].count(DRAWS)
    assert {bool(full) for _, full in answer.values()} == {True, False}
    # what is told is what all permutations of every leave-out tell
    monkeypatch.setattr(fragility, "DRAWS_A_CLAIM", DRAWS)
    for seed, (judged, _) in answer.items():
        assert only(skewed(table, relog, seed), over).depends_on == judged.depends_on


def test_permutations_that_cannot_change_a_verdict_are_not_drawn(table, relog, claim, monkeypatch):
    # The verdict's p is the larger one of F* and permutation: from .05 on it is never significant.
    drawn = []

    def permuted(values, block, draws=DRAWS, seed=0):
        drawn.append(draws)
        return permuted_within(values, block, draws, seed)

    monkeypatch.setattr("uphold.statistics.oneway.permuted_within", permuted)
    j = only(skewed(table, relog, 20), claim(anova={"over": "configuration"}))
    assert j.outcome.anova.p_permutation < 0.05 < j.outcome.anova.p_unequal
    assert drawn == [DRAWS]  # of all runs, and of none without some


def test_a_log_too_large_to_leave_out_every_run_says_so(log, claim):
    contrast = only(log, claim(contrast=STEP)).outcome
    anova = only(log, claim(anova={"over": "configuration"})).outcome

    def sized(outcome, runs, **more):
        return replace(outcome, runs=runs, **more)

    assert fragility.reach(1_000, [sized(contrast, 1_000)] * 20) == ""
    # 40 million numbers over 10 claims of 100,000 runs each
    assert fragility.reach(100_000, [sized(contrast, 100_000)] * 10).startswith(
        "Whether a verdict depends on a single run was tried with at least the 20 of 100,000 runs"
    )
    # every pair of 1,000 levels: a million numbers, and the 2,000 runs
    assert "the 19 of 2,000 runs" in fragility.reach(2_000, [sized(anova, 2_000, levels=1_000)])
    assert "the 10 of 100,000 runs" in fragility.reach(100_000, [sized(contrast, 100_000)] * 99)


@pytest.mark.parametrize("expect", list(EXPECTED))
def test_decisions_without_runs_need_no_test_that_contexts_differ(table, relog, claim, expect):
    log, one = relog(table), claim(contrast=STEP, expect=expect)
    test = one.test(log, trained_alike(log))
    every = np.ones(len(table), dtype=bool)
    whole, kept = test.outcome(), test.outcome(every)
    assert whole.contexts.p < 1 and np.isnan(kept.contexts.p)
    assert kept.contexts.effect.tolist() == whole.contexts.effect.tolist()
    assert one.decisions(kept, 0.02) == one.decisions(whole, 0.02)
    without = replace(whole, contexts=replace(whole.contexts, p=np.nan))
    assert one.decisions(without, 0.035) == one.decisions(whole, 0.035)
