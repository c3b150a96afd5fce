"""What is planned for an open claim asks for no more units than the data have."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from uphold.analysis.findings import claim_of
from uphold.claims.attainable import beyond_the_data
from uphold.claims.judge import judge
from uphold.claims.log import Units
from uphold.statistics.power import SeedsNeeded

from ..conftest import STEP

OPEN = "4 of 8 folds leave it open; all of them may settle it, or be too few."
SHAPE = np.array([-1.0, 1.0, 0.5, -0.5, 0.8, -0.8, 0.2, -0.2])
ALL = Units(8, "actor")


@pytest.fixture
def log(make):
    """Return a function that makes a log of a step on some folds, of which there may be more."""

    def of(folds: int, noise: float, units: Units | None = ALL):
        rows = [(on, unit) for on in (False, True) for unit in range(folds)]
        table = pd.DataFrame(rows, columns=["mixup", "fold"])
        seen = noise * SHAPE[table["fold"]]
        table["f1"] = 0.5 - 0.1 * seen + table["mixup"] * (0.004 + seen)
        table["seed"] = table["fold"]
        return replace(make(table, ["mixup"], replicate="fold"), units=units)

    return of


@pytest.fixture
def alone(claim):
    """Return a function that gives what the test of a step gave."""

    def of(log):
        one = claim(contrast=STEP, expect="increase")
        return judge({"runs": log}, {"it": one}, fragility=False)["it"].alone

    return of


@pytest.fixture
def shown(claim):
    """Return a function that judges a step, and gives it as a page shows it."""

    def of(log, form: str = "contrast", expect: str = "increase", **parts):
        one = claim(**{form: STEP}, expect=expect, **parts)
        return claim_of(judge({"runs": log}, {"it": one}, fragility=False)["it"], log)

    return of


@pytest.mark.parametrize("folds", [4, 8])
@pytest.mark.parametrize("noise", [0.04, 0.08, 0.5])
def test_no_plan_asks_for_more_folds_than_there_are(log, shown, folds, noise):
    free = shown(log(folds, noise, None))
    highs = [plan.high for plan in (free.seeds_needed, free.seeds_as_seen) if plan]
    assert free.verdict == "inconclusive" and any(n is None or n > 8 for n in highs)
    it = shown(log(folds, noise))
    assert it.seeds_needed is None and it.seeds_as_seen is None and it.most_units == 8
    for text in (it.sentence, it.brief):
        assert "takes" not in text and "would take" not in text and "more than 100" not in text
        assert "8 folds" in text
        assert max(map(int, re.findall(r"(\d+) folds", text))) == 8


def test_what_could_settle_it_instead_is_named(log, shown):
    for group, could in (("actor", "more actors could"), ("", "more data could")):
        it = shown(log(8, 0.08, Units(8, group)))
        assert it.brief.endswith(f"These data cannot settle it with their 8 folds; {could}.")
        assert it.sentence.endswith(f"These data cannot settle it with their 8 folds; {could}.")


def test_folds_that_were_not_run_may_still_settle_it(log, shown):
    assert shown(log(4, 0.02, None)).seeds_needed.low <= 8
    assert shown(log(4, 0.02, Units(8))).brief.endswith(OPEN)


def test_a_spread_that_needs_more_folds_is_not_promised_them(log, shown):
    stability = {"form": "stability", "role": "secondary"}
    assert re.search(r"would take \d+ folds", shown(log(4, 0.08, None), **stability).sentence)
    it = shown(log(4, 0.08), **stability)
    assert "would take" not in it.sentence and it.sentence.endswith(OPEN)


def test_words_that_name_a_number_of_something_else_stay(log, alone):
    outcome = alone(log(4, 0.08))
    other = replace(outcome, reason="too few actors", takes="It takes at least 5 actors.")
    assert beyond_the_data(other, [], log(4, 0.08)) == ""
    assert beyond_the_data(replace(other, least=6), [], log(4, 0.08)) == OPEN


def test_a_plan_of_folds_that_there_are_stays(log, alone):
    few = log(4, 0.02, Units(4))
    outcome = alone(few)
    for units, beyond in ((Units(8), False), (Units(7), True)):
        there = replace(few, units=units)
        assert bool(beyond_the_data(outcome, [SeedsNeeded(5, 8)], there)) is beyond


def test_more_seeds_can_always_be_trained(log, alone):
    assert beyond_the_data(alone(log(4, 0.5)), [SeedsNeeded(5, None)], log(4, 0.5, None)) == ""


def test_nothing_else_of_a_claim_changes(log, shown):
    now, before = shown(log(8, 0.08)), shown(log(8, 0.08, None))
    words = {"sentence", "brief", "seeds_needed", "seeds_as_seen", "most_units", "outcome"}
    assert now.model_dump(exclude=words) == before.model_dump(exclude=words)
    outcomes = (one.outcome.model_dump(exclude={"takes"}) for one in (now, before))
    assert next(outcomes) == next(outcomes)


def test_what_is_decided_stays(log, shown):
    now = shown(log(8, 0.0001))
    assert (
        now.verdict != "inconclusive"
        and now.model_dump() == shown(log(8, 0.0001, None)).model_dump()
    )
