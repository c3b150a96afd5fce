"""The scores behind a claim are those of its runs, arm by arm and seed by seed."""

import pandas as pd
import pytest

from uphold.claims.behind import behind
from uphold.claims.judge import judge

from ..conftest import STEP


def of(log, claim):
    return behind(judge({"runs": log}, {"it": claim}, fragility=False)["it"])


def test_a_contrast_has_two_arms_each_a_mean_over_contexts(table, log, claim):
    found = of(log, claim(contrast=STEP))
    assert (found.arms, found.units) == (("mixup off", "mixup on"), ("1", "2", "3", "4"))
    means = table.pivot_table("f1", "mixup", "seed")
    assert found.scores == pytest.approx(means.to_numpy())


def test_an_interaction_has_four(table, log, claim):
    step = {"factor": "ratio", "from": 0, "to": 0.5}
    found = of(log, claim(interaction={"of": STEP, "with": step}))
    assert found.arms == tuple(f"mixup {m}, ratio {r}" for m in ("off", "on") for r in ("0", "0.5"))
    means = table.pivot_table("f1", ["mixup", "ratio"], "seed")
    assert found.scores == pytest.approx(means.to_numpy())


def test_a_gain_over_a_number_has_one_which_is_every_run(table, log, claim):
    found = of(log, claim(gain={"at_least": 0, "over": 0.5}))
    assert found.arms == ("",)
    assert found.scores == pytest.approx(table.groupby("seed")["f1"].mean().to_numpy()[None])


def test_a_claim_about_spread_has_the_arms_that_it_compares(table, relog, claim):
    more = [table.assign(seed=table["seed"] + 4 * k, f1=table["f1"] + 0.001 * k) for k in range(2)]
    log = relog(pd.concat(more, ignore_index=True).drop(columns="run"), run=None)
    found = of(log, claim(stability=STEP))
    assert found.arms == ("mixup off", "mixup on") and len(found.units) == 8


def test_units_are_in_order_and_one_that_an_arm_lacks_does_not_count(table, relog, claim):
    table = table.assign(seed=table["seed"].map({1: 10, 2: 9, 3: 100, 4: 1}))
    gone = table[~(table["mixup"] & (table["seed"] == 100))].reset_index(drop=True)
    assert of(relog(table), claim(contrast=STEP)).units == ("1", "9", "10", "100")
    assert of(relog(gone), claim(contrast=STEP)).units == ("1", "9", "10")


@pytest.mark.parametrize("parts", [{"bound": {"at_least": 0.5}}, {"anova": {"over": "ratio"}}])
def test_what_compares_no_arms_has_nothing(log, claim, parts):
    assert of(log, claim(**parts)) is None


def test_what_was_not_tested_has_nothing(table, relog, claim):
    log = relog(table[table["seed"] == 1].reset_index(drop=True))
    assert of(log, claim(contrast=STEP)) is None
