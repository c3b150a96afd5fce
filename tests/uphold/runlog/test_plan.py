from dataclasses import replace

import pandas as pd
import pytest

from uphold.audits import AuditFlag, audit
from uphold.claims.judge import judge
from uphold.runlog.plan import plan
from uphold.runlog.rows import first_rows

from ..conftest import read_claim

NOT_THERE = AuditFlag("nonfinite", "info", 3, "runs", "Text.", ())
STEP = {"factor": "mode", "from": "a", "to": "b"}


@pytest.fixture
def table() -> pd.DataFrame:
    rows = [("a", 1, 0.50), ("a", 2, 0.60), ("a", 3, 0.40)]
    rows += [("b", 1, 0.56), ("b", 2, 0.55), ("b", 3, 0.50)]
    return pd.DataFrame(rows, columns=["mode", "seed", "f1"])


def planned(log, **claim):
    claims = {"c": read_claim({"metric": "f1", **claim})} if claim else {}
    return plan(log, judge({"runs": log}, claims), audit(log, claims))


def test_an_open_claim_asks_for_its_seeds(make, table):
    log = make(table, ["mode"])
    (step,) = planned(log, contrast=STEP, says="b is better.")
    needed = judge({"runs": log}, {"c": read_claim({"metric": "f1", "contrast": STEP})})
    further = needed["c"].seeds_needed.low - 3
    assert step.what.startswith(f"{further:,} more seeds")
    # Two arms: each further seed is two runs.
    assert step.runs == 2 * further
    assert step.why.startswith("“b is better” is open. It takes")


@pytest.mark.parametrize(
    ("looks", "what", "said"),
    [
        ([3, 5], "up to the next declared look, 5 seeds", "It is judged next at 5 seeds."),
        ([5, 8], "up to the next declared look, 5 seeds", "It is judged next at 5 seeds."),
        ([2, 3], "nothing more", "The declared looks are used up."),
    ],
)
def test_with_declared_looks_the_next_one_is_named(make, table, looks, what, said):
    log = make(table, ["mode"], looks=looks)
    (step,) = (s for s in planned(log, contrast=STEP) if s.why.startswith("c."))
    assert (step.what, step.why) == (what, f"c. {said}")
    j = judge({"runs": log}, {"c": read_claim({"metric": "f1", "contrast": STEP})})["c"]
    assert said in j.sentence


@pytest.mark.parametrize(
    ("looks", "what", "said"),
    [
        (
            [2, 5],
            "up to the next declared look, 5 seeds",
            "It is judged next at exactly 5 seeds: its seeds are in no known order.",
        ),
        (
            [2],
            "nothing more",
            "With more than the 2 seeds of the last look it cannot be judged: its seeds are in no"
            " known order.",
        ),
    ],
)
def test_with_seeds_in_no_known_order_it_says_so(make, table, looks, what, said):
    log = make(table.assign(seed=table.seed * 1000), ["mode"], looks=looks)
    (step,) = (s for s in planned(log, contrast=STEP) if s.why.startswith("c."))
    assert (step.what, step.why) == (what, f"c. {said}")
    j = judge({"runs": log}, {"c": read_claim({"metric": "f1", "contrast": STEP})})["c"]
    assert said in j.sentence


def test_a_decided_claim_asks_for_nothing(make, table):
    far = table.assign(f1=table.f1 * 0.01 + (table["mode"] == "b"))
    assert planned(make(far, ["mode"]), contrast=STEP) == []


def test_a_spread_that_no_hundred_seeds_outweigh_is_no_unknown_spread(make, table):
    log = make(table.assign(f1=table.f1 * 1e6), ["mode"])
    (step,) = planned(log, contrast=STEP)
    assert step.what == "rather less noise, or a wider margin" and step.runs is None
    assert step.why == "c. It would take more than 100 seeds."


def test_one_seed_asks_for_a_second(make, table):
    steps = planned(make(table[table.seed == 1], ["mode"]), contrast=STEP)
    assert [step.what for step in steps] == [
        "at least two more seeds of every configuration",
        "1 more seed at least, to see the spread",
    ]
    assert steps[0].runs == 4


def test_where_no_number_of_seeds_decides_other_arms_are_asked_for(make, table):
    nowhere = {"factor": "mode", "from": "a", "to": "c"}
    (step,) = planned(make(table, ["mode"]), contrast=nowhere, says="c is better")
    assert step.what == "arms that differ in what is claimed" and step.runs is None
    assert step.why == (
        "“c is better” is open. No run has mode = c (levels: a, b). No number of seeds decides it:"
        " run that level, or name another."
    )


def test_missing_cells_are_named(make):
    rows = [(a, b, s, 0.5 + s / 10) for a in "xyz" for b in "pq" for s in (1, 2)]
    table = pd.DataFrame(rows, columns=["a", "b", "seed", "f1"])
    table = table[~((table.a == "z") & (table.b == "q"))]
    (step,) = planned(make(table, ["a", "b"]))
    assert step.what == "the missing cells: a z, b q"
    assert step.runs == 2


def test_first_rows_are_cut_and_the_others_counted():
    flag = AuditFlag("check", "error", 9, "cells", "Text.", ("a" * 200, "b", "c"))
    assert first_rows(flag, 2) == (["a" * 120 + "…", "b"], 1)
    many = AuditFlag("check", "error", 5_000, "runs", "Text.", ("r",) * 1_000)
    assert first_rows(many, 3) == (["r", "r", "r"], 4_997)


def test_no_seeds_are_asked_for_where_contexts_go_apart(make):
    rows = [(m, d, s) for m in "ab" for d in "xy" for s in range(1, 7)]
    table = pd.DataFrame(rows, columns=["mode", "data", "seed"])
    sign = (table["data"] == "x") * 2 - 1
    table["f1"] = 0.5 + 0.05 * sign * (table["mode"] == "b") + 0.001 * (table.index * 7 % 5)
    (step,) = planned(make(table, ["mode", "data"]), contrast=STEP, expect="no-effect")
    assert step.what.startswith("nothing more of the same") and step.runs is None
    assert "It differs by context" in step.why


def test_a_score_that_does_not_exist_for_some_configurations_is_not_asked_for_again(make, table):
    log = make(table, ["mode"])
    assert plan(log, {}, [NOT_THERE]) == []
    assert plan(log, {}, [replace(NOT_THERE, severity="warning")])


def test_what_is_only_noted_comes_after_the_open_claims(make):
    rows = [(a, b, s, 0.5 + s / 10) for a, b in ("xp", "xq", "yp", "zq") for s in (1, 2, 3)]
    log = make(pd.DataFrame(rows, columns=["a", "b", "seed", "f1"]), ["a", "b"])
    missing = AuditFlag("missing-cells", "info", 2, "cells", "Text.", ())
    claims = {"c": read_claim({"metric": "f1", "bound": {"at_least": 0.6}})}
    steps = plan(log, judge({"runs": log}, claims), [missing])
    assert [step.what.startswith("cells beside") for step in steps] == [False, True]
