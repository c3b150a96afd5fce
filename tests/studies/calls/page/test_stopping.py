"""When runs stopped early: only those that may, and that did not fail, are counted."""

import json
from pathlib import Path

import pandas as pd
import pytest

from studies.calls.page import stopping
from uphold.analysis.model.runs import SweepFound
from uphold.analysis.model.writeup import Writeup
from uphold.pages.writeup import Page, Sweep

from ....partly import partly


def sweep(folder: Path, *runs: str) -> Sweep:
    design = {"title": "Early", "design": {"fixed": {"epochs": 50}}}
    found = partly(Writeup, {"sweeps": {"toy": partly(SweepFound, design)}})
    one = Page("p", folder, found).sweep("toy")
    one.folder.mkdir(parents=True)
    text = "\n".join(["status,early_stopping,epochs_run,best_epoch", *runs])
    (one.folder / "scores.csv").write_text(text)
    return one


def test_runs_that_stopped_are_counted_with_the_epochs_that_they_kept(tmp_path):
    runs = ("ok,false,50,20", "ok,true,17,12", "ok,true,50,48", "failed,true,3,")
    assert stopping.sentence(sweep(tmp_path, *runs)) == (
        "1 of 2 runs with early stopping ended before epoch 50. Training took 17 to 50 epochs, and"
        " the weights of epoch 12 to 48 were kept."
    )


def test_that_all_of_them_stopped_is_said_so(tmp_path):
    said = stopping.sentence(sweep(tmp_path, "ok,true,17,12", "ok,true,20,15"))
    assert said.startswith("All 2 runs with early stopping ended before epoch 50. Training took 17")


def test_a_sweep_in_which_every_run_failed(tmp_path):
    said = stopping.sentence(sweep(tmp_path, "failed,true,3,"))
    assert said == "No run with early stopping has a score."


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        (
            {"early_stopping": True, "patience": 5, "min_delta": 0.001},
            "A run stops once 5 epochs in a row have not lowered the validation loss by more than"
            " 0.001.",
        ),
        (
            {"early_stopping": True, "patience": 1, "min_delta": 0},
            "A run stops once 1 epoch in a row has not lowered the validation loss.",
        ),
        ({"early_stopping": False}, "No run of Early may stop early."),
    ],
)
def test_the_rule_is_that_of_the_runs_that_have_one(tmp_path, settings, says):
    one = sweep(tmp_path)
    runs = pd.DataFrame({"settings": [json.dumps({"epochs": 50}), json.dumps(settings)]})
    runs.to_csv(one.folder / "runs.csv", index=False)
    assert stopping.rule(one) == says
