"""Stored predictions → scores: failed runs are told and never averaged in."""

import json

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import load_file

from uphold.errors import InputError
from uphold.pipeline.design import Design, lay_out
from uphold.pipeline.journal import Journal
from uphold.pipeline.promotion import Promotion
from uphold.pipeline.stages import evaluate, train
from uphold.pipeline.stages.files import read_csv
from uphold.pipeline.stages.paths import Paths
from uphold.pipeline.study import Study, find
from uphold.training.contract import Result

DESIGN = Design(factors={"mixup": [False, True], "qualities": [["high", "low"]]}, seeds=[1, 2])
RULE = Promotion(by="validation_f1", stable_sd=0.5)


class Evaluation:
    """An evaluation whose scores can be told by heart: the prediction itself."""

    @staticmethod
    def load(folder):
        return None

    @staticmethod
    def score(predictions, truth, settings):
        return {"validation_f1": float(predictions["validation"][0, 0])}

    @staticmethod
    def ensemble(members, truth, settings):
        return {"validation_f1": float(np.mean([m["validation"][0, 0] for m in members]))}

    @staticmethod
    def items(predictions, truth, settings):
        return {"ood_f1": predictions["validation"][0, 0] + np.array([-0.125, 0.125])}

    @staticmethod
    def ensemble_items(members, truth, settings):
        return {"ood_f1": sum(Evaluation.items(m, truth, settings)["ood_f1"] for m in members)}

    @staticmethod
    def groups(truth):
        return np.array([0, 1])

    @staticmethod
    def curves(predictions, truth, settings):
        return pd.DataFrame({"split": "ood", "x": [0.0], "y": [predictions["validation"][0, 0]]})

    @staticmethod
    def confusions(predictions, truth, settings):
        cell = {"split": "ood", "truth": "b", "predicted": "a"}
        return pd.DataFrame([{**cell, "count": int(predictions["validation"][0, 0] * 4)}])


@pytest.fixture
def swept(tmp_path, monkeypatch):
    """Return a function that trains a toy sweep and evaluates it, and the folder of both."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "features").write_bytes(b"prepared")
    (tmp_path / "data" / "card.json").write_text("{}")
    study = find("calls")

    def run(values, design=DESIGN):
        def trainer(study, tasks, folder):
            for task in tasks:
                value = values[task.settings.mixup, task.seed]
                history = {"epoch": np.array([1]), "train_loss": np.array([0.5])}
                if value is None:
                    yield task, Result({}, history, {}, "loss is NaN in epoch 1"), 0.1
                else:
                    outputs = {"validation": np.full((1, 1), value, dtype=np.float32)}
                    yield task, Result(outputs, history, {"training_set": "d"}), 0.1

        data, out = tmp_path / "data", tmp_path / "out"
        runs = lay_out(design, study.run, {}, {}, "toy")
        journal = Journal(tmp_path / "journal")
        job = train.Job("toy", "Toy", study, design, runs, data, journal, out)
        train.train(job, trainer, device="cpu", say=lambda message: None)
        monkeypatch.setattr(Study, "module", lambda self, name: Evaluation)
        promoted = tmp_path / "promoted.json"
        evaluate.evaluate(evaluate.Job("toy", study, None, RULE, data, out, promoted))
        return out

    run.promoted = tmp_path / "promoted.json"
    return run


def test_a_failed_run_has_its_row_its_reason_and_no_scores(swept):
    out = swept({(False, 1): 0.5, (False, 2): 0.75, (True, 1): None, (True, 2): 0.25})
    scores = read_csv(out / "scores.csv").set_index("run")
    failed = scores.loc["mixup=true, qualities=high+low, seed=1"]
    assert failed["status"] == "failed"
    assert failed["failure"] == "loss is NaN in epoch 1"
    assert np.isnan(failed["validation_f1"])
    assert len(scores) == 4


def test_curves_are_means_over_the_runs_that_did_not_fail(swept):
    out = swept({(False, 1): 0.5, (False, 2): 0.75, (True, 1): None, (True, 2): 0.25})
    curves = pd.read_csv(out / "curves.csv").set_index("configuration")["y"]
    assert curves["mixup=false, qualities=high+low"] == pytest.approx(0.625)
    assert curves["mixup=true, qualities=high+low"] == pytest.approx(0.25)


def test_settings_are_promoted_as_settings_not_as_they_are_printed(swept):
    swept({(False, 1): 0.5, (False, 2): 0.75, (True, 1): 0.25, (True, 2): 0.25})
    assert json.loads(swept.promoted.read_text()) == {"mixup": False, "qualities": ["high", "low"]}


def test_a_sweep_of_failures_is_told_and_promotes_nothing(swept, tmp_path):
    out = swept({(False, 1): None, (False, 2): None, (True, 1): None, (True, 2): None})
    assert (read_csv(out / "scores.csv")["status"] == "failed").all()
    assert json.loads(swept.promoted.read_text()) is None
    paths = Paths(tmp_path)
    paths.promoted("toy").parent.mkdir(parents=True)
    paths.promoted("toy").write_bytes(swept.promoted.read_bytes())
    with pytest.raises(InputError, match="'toy' promoted nothing, because every run of it failed"):
        paths.promoted_settings("toy")


def test_confusions_add_up_over_the_runs_of_a_configuration(swept):
    out = swept({(False, 1): 0.5, (False, 2): 0.75, (True, 1): None, (True, 2): 0.25})
    counts = pd.read_csv(out / "confusions.csv").set_index("configuration")["count"]
    # Four times .5 and .75, and four times .25 of the one run that did not fail.
    assert counts.to_dict() == {
        "mixup=false, qualities=high+low": 5,
        "mixup=true, qualities=high+low": 1,
    }


def test_items_have_the_rows_of_the_log_failed_runs_and_ensembles_too(swept):
    values = {(False, 1): 0.5, (False, 2): 0.75, (True, 1): None, (True, 2): 0.25}
    design = DESIGN.model_copy(update={"members": [1, 2]})
    out = swept(values, design)
    items = load_file(out / "items.safetensors")
    scores = read_csv(out / "scores.csv")
    none = [np.nan] * 2
    rows = {
        ("false", 1, 1): [0.375, 0.625],
        ("false", 1, 2): [0.625, 0.875],
        ("true", 1, 1): none,
        ("true", 1, 2): [0.125, 0.375],
        ("false", 2, 1): [1.0, 1.5],
        ("true", 2, 1): none,
    }
    told = zip(scores["mixup"], scores["members"], scores["seed"], strict=True)
    wanted = [rows[str(mixup).lower(), members, seed] for mixup, members, seed in told]
    np.testing.assert_array_equal(items["ood_f1/score"], wanted)


def test_ensembles_have_rows_of_their_own_and_are_not_promoted(swept):
    design = Design(**{**DESIGN.model_dump(), "seeds": [1, 2, 3, 4, 5], "members": [1, 2]})
    values = {(mixup, seed): seed / 8 for mixup in (False, True) for seed in range(1, 6)}
    values[True, 4] = None
    scores = read_csv(swept(values, design) / "scores.csv").set_index("run")
    together = scores[scores["members"] == 2]
    assert len(scores) == 10 + 4  # the fifth seed has no company
    first = together.loc["mixup=false, qualities=high+low, members=2, seed=1"]
    assert first["validation_f1"] == pytest.approx((1 + 2) / 16)
    broken = together.loc["mixup=true, qualities=high+low, members=2, seed=3"]
    assert broken["failure"] == (
        "a member failed: mixup=true, qualities=high+low, members=1, seed=4"
    )
    assert np.isnan(broken["validation_f1"])
    assert json.loads(swept.promoted.read_text())["mixup"] is False
    assert "members" not in json.loads(swept.promoted.read_text())


def test_a_study_without_ensembles_says_so(swept, monkeypatch):
    monkeypatch.delattr(Evaluation, "ensemble")
    design = DESIGN.model_copy(update={"members": [1, 2]})
    with pytest.raises(InputError, match="has no ensembles"):
        swept({(m, s): 0.5 for m in (False, True) for s in (1, 2)}, design)
