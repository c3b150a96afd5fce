"""What a check says of a factor or a metric it says by the name that pages have for it."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from uphold.audits import CHECKS
from uphold.claims.spec import Spec
from uphold.format import use_names
from uphold.runlog.make_log import make_log

from .conftest import COUNTED, flags

RAW = "raw_"
"""Begins the name of every column, and no name that is shown."""

SHOWN = {f"{RAW}{name}": name for name in ("mixup", "ratio", "seed", "clips")}
COUNTS = ["raw_tp", "raw_fp", "raw_fn", "raw_tn"]
F1 = COUNTED | {
    "counts": {name: f"{RAW}{name}" for name in ("tp", "fp", "fn", "tn")},
    **{name: f"{RAW}{name}" for name in ("precision", "recall", "auroc")},
    "threshold": COUNTED["threshold"] | {"column": "raw_threshold"},
}
STEP = {"factor": "raw_mixup", "from": False, "to": True}
ABSENT = {"it": {"metric": "raw_f1", "contrast": STEP | {"to": "ture"}}}
PRINTED = [{"where": {"raw_mixup": True}, "raw_f1": {"mean": 0.9}, "n": 9}]


@pytest.fixture
def raw(counted) -> pd.DataFrame:
    """The runs of `counted` in columns of which none is called as pages call it."""
    return counted.rename(columns={name: RAW + name for name in counted if name != "run"})


def spec(f1: dict, **keys) -> Spec:
    """Return a spec in which every column that a message may name has a name to be shown."""
    labels = ("f1", "precision", "recall", "auroc", "threshold")
    metrics = {
        f"{RAW}{name}": {"label": name.upper(), "better": "higher", "margin": 0.02}
        for name in labels
    }
    metrics["raw_f1"] |= F1 | f1
    values = {"run": "run", "replicate": "raw_seed", "factors": ["raw_mixup", "raw_ratio"]}
    claims = {"it": {"metric": "raw_f1", "contrast": STEP}}
    values |= {"metrics": metrics, "primary": "raw_f1", "claims": claims}
    return Spec.model_validate(values | keys)


def last(columns: str | list[str], values: object) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return a change of the last run."""

    def changed(table: pd.DataFrame) -> pd.DataFrame:
        found = table.astype(object)
        found.loc[15, columns] = values
        return found.infer_objects()

    return changed


def one_set_but_in_a_corner(table: pd.DataFrame) -> list[str]:
    """Return training sets with which both factors change, and that three arms of four share."""
    corner = table.raw_mixup & (table.raw_ratio == 0.5)
    return [f"{c}{seed}" for c, seed in zip(corner, table.raw_seed, strict=True)]


# Check, the change of a sound log at which it speaks, keys of the metric, keys of the spec.
SPEAKS = [
    ("counts-mismatch", last(["raw_f1", "raw_precision"], 0.1), {}, {}),
    ("evaluation-set-varies", last("raw_tn", 500), {}, {}),
    ("threshold-at-edge", last("raw_threshold", 1.0), {}, {}),
    ("selected-on-test", lambda t: t, {"threshold": F1["threshold"] | {"chosen_on": "test"}}, {}),
    ("below-chance", last(["raw_f1", "raw_auroc"], 0.1), {}, {}),
    ("undefined-score", last([*COUNTS, "raw_f1"], [0, 0, 0, 200, 0.0]), {}, {}),
    ("nonfinite", last("raw_f1", np.nan), {}, {}),
    ("same-seed-disagrees", last("raw_seed", 3), {}, {}),
    ("repeated-replicates", last("raw_seed", 3), {}, {}),
    ("duplicate-names", last("run", "r14"), {}, {}),
    ("missing-cells", lambda t: t[:12], {}, {}),
    ("unpaired-seeds", lambda t: t[:15], {}, {}),
    ("unpaired-seeds", lambda t: t[t.raw_seed == 1], {}, {}),
    ("constant-factor", lambda t: t[t.raw_mixup], {}, {}),
    ("level-not-run", lambda t: t, {}, {"claims": ABSENT}),
    ("factor-left-empty", last("raw_mixup", None), {}, {}),
    ("no-op-arm", lambda t: t.assign(raw_clips=100), {}, {"training": ["raw_clips"]}),
    ("no-op-arm", lambda t: t.assign(training_set=one_set_but_in_a_corner(t)), {}, {}),
    ("impossible-mean", last("raw_f1", 0.4142), {"kind": "accuracy", "items": 3}, {}),
    ("published-mismatch", lambda t: t, {}, {"published": PRINTED}),
]


def test_every_check_is_made_to_speak():
    assert {check for check, *_ in SPEAKS} == {c.__name__.replace("_", "-") for c in CHECKS}


@pytest.mark.parametrize(("check", "change", "f1", "keys"), SPEAKS)
def test_no_column_is_called_as_the_log_calls_it(raw, check, change, f1, keys):
    described = spec(f1, **keys)
    log = make_log(change(raw), described, "runs.csv")
    use_names(SHOWN)
    found = flags(log, described.claims)[check]
    assert [text for text in (found.message, *found.rows) if RAW in text] == []
