"""Verdicts under other margins and without a seed: the same as if they were judged so."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from uphold.analysis import what_if as module
from uphold.analysis.what_if import TIMES, what_if
from uphold.claims.judge import judge
from uphold.claims.log import Log
from uphold.claims.metric import Metric
from uphold.statistics.scores import Scores

from ..conftest import STEP

SEEDS = (7, 11, 42, 100, 123, 456)


def a_log(seed: int = 3, margin: float = 0.02) -> Log:
    rng = np.random.default_rng(seed)
    rows = [(m, r, s) for m in (False, True) for r in (0, 0.5) for s in SEEDS]
    table = pd.DataFrame(rows, columns=["mixup", "ratio", "seed"])
    table["f1"] = 0.62 + 0.025 * table["mixup"] + rng.normal(0, 0.012, len(table))
    scores = Scores(table, ("mixup", "ratio"), "seed")
    return Log(scores, {"f1": Metric(label="F1", better="higher", margin=margin)})


@pytest.fixture
def claims(claim):
    """Every form whose verdict a margin or a seed may move."""
    return {
        "mixup": claim(role="primary", contrast=STEP, expect="increase"),
        "same": claim(contrast=STEP, expect="no-effect", where={"ratio": 0}),
        "ratio": claim(contrast={"factor": "ratio", "from": 0, "to": 0.5}, expect="no-effect"),
        "levels": claim(anova={"over": "ratio"}, expect="no-effect"),
        "bound": claim(bound={"at_least": 0.6}),
        "steady": claim(stability=STEP | {"by": 1.5}),
    }


def letters(judged) -> dict[str, str]:
    return {name: j.verdict[0] for name, j in judged.items()}


@pytest.mark.parametrize("seed", range(4))
def test_other_margins_are_judged_as_if_they_were_declared(claims, seed):
    log = a_log(seed)
    found = what_if({"runs": log}, claims, "claims", (), judge({"runs": log}, claims))
    assert found.times == TIMES
    for k, times in enumerate(TIMES):
        wider = a_log(seed, 0.02 * times)
        steady = claims["steady"].model_copy(
            update={"stability": claims["steady"].stability.model_copy(update={"by": 1.5**times})}
        )
        again = judge({"runs": wider}, {**claims, "steady": steady}, fragility=False)
        assert {name: texts[k][0] for name, texts in found.verdicts.items()} == letters(again)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("times", [0, TIMES.index(1), len(TIMES) - 1])
def test_a_seed_left_out_is_as_if_it_had_not_been_trained(claims, seed, times):
    log = a_log(seed)
    found = what_if({"runs": log}, claims, "claims", (), judge({"runs": log}, claims))
    (part,) = found.left_out
    assert part.units == tuple(map(str, SEEDS))
    factor = TIMES[times]
    margin = {"f1": log.metrics["f1"].model_copy(update={"margin": 0.02 * factor})}
    # A claim about spread is rearranged less often where a seed is left out.
    others = {name: one for name, one in claims.items() if name != "steady"}
    found = what_if({"runs": log}, others, "claims", (), judge({"runs": log}, others))
    for place, unit in enumerate(SEEDS, start=1):
        table = log.scores.table[log.scores.table["seed"] != unit].reset_index(drop=True)
        without = replace(log, scores=replace(log.scores, table=table), metrics=margin)
        again = judge({"runs": without}, others, fragility=False)
        assert {n: texts[times][place] for n, texts in found.verdicts.items()} == letters(again)


def test_verdicts_do_change(claims):
    log = a_log()
    found = what_if({"runs": log}, claims, "claims", (), judge({"runs": log}, claims))
    assert any(len({text[0] for text in texts}) > 1 for texts in found.verdicts.values())
    assert any(len(set(text)) > 1 for texts in found.verdicts.values() for text in texts)


def test_a_log_without_seeds_enough_leaves_none_out(claims):
    log = a_log()
    table = log.scores.table[log.scores.table["seed"].isin(SEEDS[:4])].reset_index(drop=True)
    log = replace(log, scores=replace(log.scores, table=table))
    found = what_if({"runs": log}, claims, "claims", (), judge({"runs": log}, claims))
    assert found.left_out == ()
    assert all(len(text) == 1 for texts in found.verdicts.values() for text in texts)


def test_a_claim_on_too_few_seeds_was_not_tried(claims):
    log = a_log()
    table = log.scores.table
    few = table[~((table["ratio"] == 0.5) & table["seed"].isin(SEEDS[2:]))].reset_index(drop=True)
    log = replace(log, scores=replace(log.scores, table=few))
    found = what_if({"runs": log}, claims, "claims", (), judge({"runs": log}, claims))
    assert set(found.verdicts["ratio"][0][1:]) == {"?"}
    assert "?" not in "".join(found.verdicts["same"])


def test_nothing_is_asked_of_no_claims_or_of_a_very_large_log(claims, monkeypatch):
    log = a_log()
    assert what_if({"runs": log}, {}, "claims", (), {}) is None
    judged = judge({"runs": log}, claims)
    monkeypatch.setattr(module, "MOST_RUNS", len(log.scores.table) - 1)
    assert what_if({"runs": log}, claims, "claims", (), judged) is None


def test_units_that_no_one_would_pick_from_a_list_are_not_left_out_one_by_one(claims, monkeypatch):
    log = a_log()
    judged = judge({"runs": log}, claims)
    every = what_if({"runs": log}, claims, "claims", (), judged)
    monkeypatch.setattr(module, "MOST_UNITS", len(SEEDS) - 1)
    tried = []
    again = module.judge
    monkeypatch.setattr(
        module,
        "judge",
        lambda *a, **options: tried.append(options["fragility"]) or again(*a, **options),
    )
    found = what_if({"runs": log}, claims, "claims", (), judged)
    assert found.left_out == ()
    assert tried == [False] * (len(TIMES) - 1)
    assert found.verdicts == {
        name: tuple(text[0] for text in texts) for name, texts in every.verdicts.items()
    }
