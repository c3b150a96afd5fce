"""What is one run by several names counts once, by a digest or by its scores."""

import numpy as np
import pandas as pd
import pytest

from uphold.claims.judge import judge
from uphold.claims.training_identity import trained_alike, under_one_name
from uphold.randomness import generator

COUNTED = ("df", "se", "ci_low", "ci_high", "inside_p", "outside_p", "runs", "seeds", "n")


def runs(groups: int, seeds: int = 3, digits: int = 15) -> pd.DataFrame:
    """Return one arm a group, with the digest of the set that it was trained on."""
    rows = [(g, s) for g in range(groups) for s in range(seeds)]
    table = pd.DataFrame(rows, columns=["upsampling", "seed"])
    table["f1"] = generator(1).normal(0.72, 0.01, len(table)).round(digits)
    table["training_set"] = [f"{10 * g + s:08x}" for g, s in rows]
    return table


def repeated(table: pd.DataFrame, times: int) -> pd.DataFrame:
    """Return a table with each arm under so many names."""
    several = [table.assign(upsampling=table.upsampling + 10 * k) for k in range(times)]
    return pd.concat(several, ignore_index=True)


def one(make, table, claim, digest: bool = True, **keys):
    table = table if digest else table.drop(columns="training_set")
    keys |= {"training": ["training_set"]} if digest else {}
    log = make(table, ["upsampling"], **keys)
    return judge({"runs": log}, {"it": claim}, fragility=False)["it"]


@pytest.mark.parametrize("digest", [True, False])
@pytest.mark.parametrize("groups", [1, 2, 5])
@pytest.mark.parametrize("bound", [{"at_most": 0.74}, {"at_least": 0.7}, {"at_most": 0.715}])
def test_a_bound_takes_runs_by_several_names_once(make, claim, digest, groups, bound):
    about, once = claim(bound=bound), runs(groups)
    alone = one(make, once, about, digest).outcome
    found = one(make, repeated(once, 21), about, digest)
    outcome = found.outcome
    for key in COUNTED:
        assert getattr(outcome, key) == pytest.approx(getattr(alone, key), nan_ok=True), key
    assert (outcome.levels, outcome.distinct) == (21 * groups, groups)
    assert outcome.breaking == 21 * alone.breaking
    assert f"{21 * groups} configurations ({groups} distinct" in found.sentence
    assert f"{3 * groups} runs, 3 seeds" in found.sentence


def test_runs_on_one_training_set_whose_scores_differ_are_averaged(make, claim):
    """As a device that does not repeat its sums makes them: another name is no other seed."""
    once = runs(1)
    table = repeated(once, 21)
    table["f1"] += generator(2).normal(0, 1e-4, len(table))
    found = one(make, table, claim(bound={"at_most": 0.74})).outcome
    assert (found.df, found.distinct, found.runs, found.n) == (2, 1, 63, 3)
    assert found.value == pytest.approx(table.f1.mean())
    assert found.se == pytest.approx(table.groupby("seed").f1.mean().sem())


def test_a_name_that_lacks_a_seed_is_no_other_arm(make, claim):
    table = repeated(runs(1), 4).drop(index=5)
    for digest in (True, False):
        found = one(make, table, claim(bound={"at_most": 0.74}), digest).outcome
        assert (found.df, found.distinct, found.runs) == (2, 1, 3)


def test_arms_on_other_data_are_no_copies(make, claim):
    for digest in (True, False):
        found = one(make, runs(8), claim(bound={"at_most": 0.76}), digest)
        assert (found.outcome.distinct, found.outcome.runs) == (8, 24)
        assert "distinct" not in found.sentence


def test_scores_that_meet_by_chance_prove_nothing(make):
    """Of few items many arms have the same scores here and there, and some have all of them."""
    table = runs(40, digits=2).drop(columns="training_set")
    assert table.groupby("upsampling").f1.agg(tuple).duplicated().any()
    log = make(table, ["upsampling"])
    assert under_one_name(log, trained_alike(log)).tolist() == log.scores.cells().tolist()


def test_scores_that_are_always_the_same_prove_nothing(make):
    table = repeated(runs(1), 3).drop(columns="training_set").assign(f1=1.0)
    log = make(table, ["upsampling"])
    assert np.unique(under_one_name(log, trained_alike(log))).size == 3


def test_all_metrics_have_to_be_the_same(make):
    table = repeated(runs(1), 2).drop(columns="training_set")
    table["loss"] = generator(3).normal(1, 0.1, len(table))
    metrics = {
        "f1": {"label": "F1", "better": "higher", "margin": 0.02},
        "loss": {"label": "loss", "better": "lower", "margin": 0.02},
    }
    log = make(table, ["upsampling"], metrics=metrics)
    assert np.unique(under_one_name(log, trained_alike(log))).size == 2
