import numpy as np
import pandas as pd
import pytest

from uphold.audits.flag import affected_claims
from uphold.claims.spec import Claim

from ..conftest import read_claim
from .conftest import flags

STEP = {"factor": "mixup", "from": False, "to": True}
RATIO = {"factor": "ratio", "from": 0, "to": 0.5}
CLAIMS = {
    "step": {"contrast": STEP},
    "at-half": {"contrast": STEP, "where": {"ratio": 0.5}},
    "ratio": {"contrast": {"factor": "ratio", "from": 0, "to": 7}},
    "both": {"interaction": {"of": STEP, "with": RATIO}},
    "all": {"anova": {"over": "configuration"}},
    "bounded": {"bound": {"at_least": 0.1}, "where": {"mixup": True}},
    "gains": {
        "gain": {"at_least": 0, "over": {"mixup": False, "ratio": 0}},
        "where": {"mixup": True, "ratio": 0.5},
    },
}


@pytest.fixture
def claims() -> dict[str, Claim]:
    return {name: read_claim({"metric": "f1", **c}) for name, c in CLAIMS.items()}


@pytest.mark.parametrize(
    ("mixup", "ratio", "expected"),
    [
        (False, 0, {"step", "ratio", "both", "all", "gains"}),
        (False, 0.5, {"step", "at-half", "both", "all"}),
        (True, 0, {"step", "ratio", "both", "all", "bounded"}),
        (True, 0.5, {"step", "at-half", "both", "all", "bounded", "gains"}),
    ],
)
def test_the_claims_that_rest_on_a_run(table, relog, claims, mixup, ratio, expected):
    scores = relog(table).scores
    row = (table.mixup == mixup) & (table.ratio == ratio) & (table.seed == 2)
    assert set(affected_claims(scores, claims, {"f1": row.to_numpy()})) == expected
    assert affected_claims(scores, claims, {"f1": np.zeros(16, dtype=bool)}) == ()
    assert affected_claims(scores, claims, {"loss": row.to_numpy()}) == ()


def test_a_run_without_effect_of_a_factor_stands_for_its_levels(table, relog, claims):
    table["ratio"] = table["ratio"].where(table["mixup"])
    first = np.arange(16) == 0
    assert "at-half" in affected_claims(relog(table).scores, claims, {"f1": first})


COUNTS = ["tp", "fp", "fn", "tn"]
SCORES = ["f1", "precision", "recall", "auroc"]


def changed(table: pd.DataFrame, columns: str | list[str], values: object) -> pd.DataFrame:
    """Return the table with its last run changed: mixup at ratio .5 with seed 4."""
    found = table.astype(object)
    found.loc[15, columns] = values
    return found.infer_objects()


BREAKS = {
    "counts-mismatch": lambda t: changed(t, "f1", 0.5),
    "evaluation-set-varies": lambda t: changed(t, "tn", 500),
    "undefined-score": lambda t: changed(t, COUNTS + SCORES, [0, 0, 0, 200, 0.0, *[np.nan] * 3]),
    "threshold-at-edge": lambda t: changed(t, "threshold", 1.0),
    "below-chance": lambda t: changed(t, "auroc", 0.4),
    "nonfinite": lambda t: changed(t, "f1", np.nan),
    "unpaired-seeds": lambda t: t.drop(index=15),
    "missing-cells": lambda t: t.drop(index=range(12, 16)),
    "repeated-replicates": lambda t: changed(t, "seed", 3),
    "same-seed-disagrees": lambda t: changed(t, "seed", 3),
    "factor-left-empty": lambda t: changed(t, "mixup", None),
    "duplicate-names": lambda t: changed(t, "run", "r14"),
}


@pytest.mark.parametrize("check", BREAKS)
def test_each_flag_names_the_claims_that_it_touches(counted, logged, claims, check):
    claims["elsewhere"] = claims["at-half"].model_copy(update={"where": {"ratio": 0}})
    claims["loss"] = claims["step"].model_copy(update={"metric": "loss"})
    found = flags(logged(BREAKS[check](counted)), claims)[check]
    assert set(found.claims) == {"step", "at-half", "both", "all", "bounded", "gains"}


def test_thresholds_chosen_on_the_test_split_touch_every_claim(counted, logged, claims):
    threshold = {"column": "threshold", "chosen_on": "test"}
    found = flags(logged(counted, threshold=threshold), claims)["selected-on-test"]
    assert set(found.claims) == set(claims)


def test_printed_numbers_touch_the_claims_on_their_configuration(table, relog, claims):
    printed = [{"where": {"mixup": False, "ratio": 0}, "f1": {"mean": 0.7}}]
    found = flags(relog(table, published=printed), claims)["published-mismatch"]
    assert set(found.claims) == {"step", "ratio", "both", "all", "gains"}
