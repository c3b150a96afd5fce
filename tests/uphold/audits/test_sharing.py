import itertools

import numpy as np
import pandas as pd
import pytest

from uphold.audits.sharing import seed_by_factor

from .conftest import flags

TO = {"factor": "a", "from": 0, "to": 1}


def sweep(share: float, seeds: int = 4, of_seed: float = 0.5, rng: int = 1) -> pd.DataFrame:
    """Return 2 × 8 configurations; seed × a makes this share of what is not the seeds' own."""
    rows = itertools.product((0, 1), range(8), range(seeds))
    found = pd.DataFrame(rows, columns=["a", "b", "seed"])
    drawn = np.random.default_rng(rng)
    own, both = drawn.normal(size=seeds), drawn.normal(size=(seeds, 2))
    noise = np.sqrt(1 - share) * drawn.normal(size=len(found))
    away = of_seed * own[found.seed] + np.sqrt(share) * both[found.seed, found.a] + noise
    return found.assign(f1=0.5 + 0.01 * away)


def test_a_seed_that_acts_on_the_arms_differently_should_not_be_shared(make, claim):
    log = make(sweep(0.8), ["a", "b"])
    found = flags(log, {"it": claim(contrast=TO), "b": claim(anova={"over": "b"})})
    answer = found["seed-by-factor"]
    assert (answer.severity, answer.count, answer.unit) == ("warning", 1, "tests")
    assert answer.claims == ("it",) and "a in F1 (" in answer.message
    assert "1 of 2 tests of seed × factor" in answer.message
    assert "`sharing: none`" in answer.message and "% of the variance" in answer.message
    assert answer.rows[0].startswith("a in F1: F(3, 21) = ")
    assert flags(log)["seed-by-factor"].severity == "info"


def test_what_seeds_do_to_all_alike_is_worth_sharing(make, claim):
    log = make(sweep(0.6, of_seed=8), ["a", "b"])
    answer = flags(log, {"it": claim(contrast=TO)})["seed-by-factor"]
    assert answer.severity == "info" and "`sharing: all`" in answer.message


def test_where_sharing_costs_little_it_may_stay(make, claim):
    """Variances .25 of seeds, .8 of seed × a, .2 of runs, two contexts: √(1.8 / 1.25) = 1.2."""
    table = sweep(0.8, seeds=30, rng=3)
    log = make(table[table.b < 2], ["a", "b"])
    answer = flags(log, {"it": claim(contrast=TO)})["seed-by-factor"]
    assert answer.severity == "info" and "would hardly be smaller" in answer.message
    assert "(`sharing: all`)" in answer.message


def test_seeds_that_act_alike_are_no_flag(make):
    assert "seed-by-factor" not in flags(make(sweep(0), ["a", "b"]))


def test_false_alarms_are_as_many_as_promised(make):
    """Four factors of a sweep, adjusted together."""
    rows = list(itertools.product((0, 1), (0, 1), (0, 1), (0, 1), range(3)))
    table = pd.DataFrame(rows, columns=[*"abcd", "seed"])
    alarms = []
    for rng in range(400):
        drawn = np.random.default_rng(rng)
        f1 = drawn.normal(size=48) + drawn.normal(size=3)[table.seed]
        log = make(table.assign(f1=f1), [*"abcd"])
        alarms.append(seed_by_factor(log, {}) is not None)
    assert np.mean(alarms) <= 0.06


def test_without_other_factors_or_shared_seeds_there_is_nothing_to_test(make):
    table = sweep(0.8)
    one = table[table.b == 0]
    assert "seed-by-factor" not in flags(make(one, ["a"]))
    own = table.assign(seed=range(len(table)))
    assert "seed-by-factor" not in flags(make(own, ["a", "b"]))


@pytest.mark.parametrize(("unit", "within"), [("fold", []), ("dataset", ["seed"])])
def test_units_that_are_not_drawn_at_will_are_to_be_more(make, unit, within):
    table = sweep(0.8).rename(columns={"seed": unit})
    if within:
        table = table.rename(columns={"b": "seed"})
    factors = ["a"] if within else ["a", "b"]
    answer = flags(make(table, factors, replicate=[unit, *within]))["seed-by-factor"]
    assert f"Further {unit}s make effects surer" in answer.message
    assert "sharing:" not in answer.message


def test_an_arm_under_two_names_is_no_replication(make):
    """Every run stands twice, as b and as b + 8, trained on the same data."""
    table = sweep(0.8)
    twice = pd.concat([table, table.assign(b=table.b + 8)], ignore_index=True)
    sets = [f"{b % 8}-{seed}" for b, seed in zip(twice.b, twice.seed, strict=True)]
    known, unknown = twice.assign(training_set=sets), twice
    once, answer, naive = (
        flags(make(one, ["a", "b"]))["seed-by-factor"].rows for one in (table, known, unknown)
    )
    assert answer == once != naive
