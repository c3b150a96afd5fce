"""What a check says of a factor or a metric it says by the name that pages have for it."""

import re
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

SHOWN = {
    f"{RAW}{name}": name
    for name in ("mixup", "ratio", "seed", "clips", "state", "lr", "set", "opt")
}
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


def crossing(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return runs in which what mixup does turns round from one half of a column to the other."""
    up = np.where(table[by] > table[by].mean(), 0.1, -0.1) * table.raw_mixup
    return table.assign(raw_f1=0.5 + up + np.sin(np.arange(16)) / 1000)


def one_run_copied(table: pd.DataFrame) -> pd.DataFrame:
    """Return runs in which the seed does nothing."""
    results = [c for c in table if c not in ("run", "raw_mixup", "raw_ratio", "raw_seed")]
    copied = table.assign(**{name: table[name].iloc[0] for name in results})
    return copied.assign(raw_auroc=0.9 - table.raw_mixup / 10)


def on_two_sets(table: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([table.assign(raw_set=one) for one in "ab"], ignore_index=True)


MANY = {
    f"c{i}": {"metric": "raw_f1", "gain": {"at_least": i / 100, "over": 0.5}} for i in range(11)
}
OPTIMIZER = {"factors": ["raw_mixup", "raw_ratio", "raw_opt"]}
EXPLORED = {name: one | {"role": "secondary"} for name, one in MANY.items()}
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
    ("idle-seed", one_run_copied, {}, {}),
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
    ("confounded", lambda t: t[t.raw_mixup == (t.raw_ratio > 0)].reset_index(drop=True), {}, {}),
    ("partly-matched", lambda t: t[:12], {}, {}),
    ("unnamed-difference", lambda t: t.assign(raw_lr=t.raw_mixup / 10), {}, {}),
    ("unnamed-setting", on_two_sets, {}, {}),
    ("own-seeds", lambda t: t.assign(raw_seed=range(16)), {}, {}),
    ("heterogeneous-effect", lambda t: crossing(t, "raw_ratio"), {}, {}),
    ("seed-by-factor", lambda t: crossing(t, "raw_seed"), {}, {}),
    ("one-each", lambda t: t.assign(raw_seed=1 + (t.raw_ratio > 0)), {}, {}),
    ("no-primaries", lambda t: t, {}, {"claims": EXPLORED}),
    ("many-primaries", lambda t: t, {}, {"claims": MANY}),
    (
        "nothing-within",
        lambda t: t.assign(split="a"),
        {},
        {"replicate": ["raw_seed", "split"]},
    ),
    ("judged-again", lambda t: t, {}, {"looks": [3, 8]}),
    ("unfinished-runs", lambda t: t.assign(raw_state=["crashed", *["ok"] * 15]), {}, {}),
    ("one-level-twice", lambda t: t.assign(raw_opt=["Adam", "adam "] * 8), {}, OPTIMIZER),
    (
        "not-a-unit",
        lambda t: t.rename(columns={"raw_seed": "iteration"}).assign(raw_seed=[1, 1, 2, 2] * 4),
        {},
        {"replicate": "iteration"},
    ),
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
    # What is to be written in a spec is called there as the log calls it.
    said = [re.sub("`[^`]*`", "", text) for text in (found.message, *found.rows)]
    assert [text for text in said if RAW in text] == []
