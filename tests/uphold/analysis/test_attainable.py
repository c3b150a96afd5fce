"""What is planned for an open claim asks for no more units than the data have."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from uphold.analysis.attainable import claims_of
from uphold.analysis.findings import claim_of
from uphold.claims.judge import judge
from uphold.statistics.power import SeedsNeeded

from ..conftest import STEP

OPEN = "4 of 8 folds leave it open; all of them may settle it, or be too few."
SHAPE = np.array([-1.0, 1.0, 0.5, -0.5, 0.8, -0.8, 0.2, -0.2])


@pytest.fixture
def of(make, claim):
    """Return a function that judges a step on the first of 8 folds, beside a sweep of them all."""

    def judged(folds: int, noise: float, replicate: str = "fold", **parts):
        def log(many: int):
            rows = [(on, unit) for on in (False, True) for unit in range(many)]
            table = pd.DataFrame(rows, columns=["mixup", replicate])
            seen = noise * SHAPE[table[replicate]]
            table["f1"] = 0.5 - 0.1 * seen + table["mixup"] * (0.004 + seen)
            table["seed"] = table[replicate]
            return make(table, ["mixup"], replicate=replicate)

        logs = {"narrow": log(folds), "wide": log(8)}
        form = parts.pop("form", "contrast")
        one = claim(**{form: STEP}, expect=parts.pop("expect", "increase"), sweep="narrow", **parts)
        return logs, judge(logs, {"it": one}, fragility=False)

    return judged


def unchanged(judged, logs):
    return {key: claim_of(j, logs[j.log]) for key, j in judged.items()}


@pytest.mark.parametrize("folds", [4, 8])
@pytest.mark.parametrize("noise", [0.04, 0.08, 0.5])
def test_no_plan_asks_for_more_folds_than_there_are(of, folds, noise):
    logs, judged = of(folds, noise)
    plans = judged["it"].seeds_needed, judged["it"].as_seen and judged["it"].as_seen.needed
    highs = [plan.high for plan in plans if plan]
    assert judged["it"].verdict == "inconclusive" and any(n is None or n > 8 for n in highs)
    shown = claims_of(judged, logs, "actor")["it"]
    assert shown.seeds_needed is None and shown.seeds_as_seen is None and shown.most_units == 8
    for text in (shown.sentence, shown.brief):
        assert "takes" not in text and "would take" not in text and "more than 100" not in text
        assert "8 folds" in text
        assert max(map(int, re.findall(r"(\d+) folds", text))) == 8


def test_what_could_settle_it_instead_is_named(of):
    logs, judged = of(8, 0.08)
    for group, could in (("actor", "more actors could"), ("", "more data could")):
        j = claims_of(judged, logs, group)["it"]
        assert j.brief.endswith(f"These data cannot settle it with their 8 folds; {could}.")
        assert j.sentence.endswith(f"These data cannot settle it with their 8 folds; {could}.")


def test_folds_that_were_not_run_may_still_settle_it(of):
    logs, judged = of(4, 0.02)
    assert judged["it"].seeds_needed.low <= 8
    j = claims_of(judged, logs, "actor")["it"]
    assert j.brief.endswith(OPEN)


def test_a_spread_that_needs_more_folds_is_not_promised_them(of):
    logs, judged = of(4, 0.08, form="stability", role="secondary")
    assert re.search(r"would take \d+ folds", judged["it"].sentence)
    j = claims_of(judged, logs, "actor")["it"]
    assert "would take" not in j.sentence
    assert j.sentence.endswith(
        "4 of 8 folds leave it open; all of them may settle it, or be too few."
    )


def test_a_plan_of_folds_that_there_are_stays(of):
    logs, judged = of(4, 0.02)
    assert judged["it"].verdict == "inconclusive"
    j = replace(judged["it"], seeds_needed=SeedsNeeded(5, 8), as_seen=None)
    judged = {"it": j}
    assert claims_of(judged, logs, "actor") == unchanged(judged, logs)


def test_an_effect_that_differs_by_context_plans_with_no_more_folds_either(of):
    logs, judged = of(8, 0.08)
    j = replace(judged["it"], differs="It differs by context.")
    shown = claims_of({"it": j}, logs, "actor")["it"]
    assert shown.seeds_needed is None and shown.most_units == 8
    assert "cannot settle" not in shown.brief + shown.sentence


def test_more_seeds_can_always_be_trained(of):
    logs, judged = of(4, 0.08, replicate="seed")
    assert claims_of(judged, logs, "actor") == unchanged(judged, logs)


def test_nothing_else_of_a_claim_changes(of):
    logs, judged = of(8, 0.08)
    (now,), (before,) = claims_of(judged, logs, "").values(), unchanged(judged, logs).values()
    words = {"sentence", "brief", "seeds_needed", "seeds_as_seen", "most_units", "outcome"}
    assert now.model_dump(exclude=words) == before.model_dump(exclude=words)
    outcomes = (one.outcome.model_dump(exclude={"takes"}) for one in (now, before))
    assert next(outcomes) == next(outcomes)


def test_what_is_decided_stays(of):
    logs, judged = of(8, 0.0001)
    assert judged["it"].verdict != "inconclusive"
    assert claims_of(judged, logs, "actor") == unchanged(judged, logs)


@pytest.mark.parametrize(("members", "shown"), [(1, 1), (3, 3), (0, 1)])
def test_a_claim_says_of_how_many_runs_its_units_are(of, members, shown):
    logs, judged = of(8, 0.08)
    j = replace(judged["it"], members=members)
    assert claims_of({"it": j}, logs, "")["it"].members == shown
