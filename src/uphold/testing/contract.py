"""What every study promises, held against every study found, at a scale of seconds.

Each is taken through the whole of the pipeline once: data, training, scores, findings, a page. The
studies are those of the repository that pytest runs in; nothing is written there.
"""

import contextlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from safetensors.numpy import load_file

from uphold.cli.analyze import analyze
from uphold.cli.check import check
from uphold.cli.confirm import confirm
from uphold.cli.evaluate import evaluate
from uphold.cli.export import export
from uphold.cli.prepare import prepare
from uphold.cli.register import register
from uphold.cli.render import render
from uphold.cli.search import search
from uphold.cli.train import train
from uphold.pipeline import digest, sweeps
from uphold.pipeline.exported import opened
from uphold.pipeline.journal import Journal
from uphold.pipeline.judged import judged
from uphold.pipeline.params import Params, load
from uphold.pipeline.stages.files import LARGER, REPLICATION, read_csv
from uphold.pipeline.study import Study, found
from uphold.testing.interruption import assert_goes_on
from uphold.training.contract import Result, Task

COPIED = ("reports", "data/published", "data/manifests")


@dataclass(frozen=True)
class Made:
    """A study after the pipeline has run: where, and what it was asked for."""

    root: Path
    study: Study
    params: Params
    writeup: str

    @property
    def data(self) -> Path:
        """Its prepared data."""
        return self.root / "data" / self.study.name

    @property
    def card(self) -> dict[str, Any]:
        """The card of its data."""
        card: dict[str, Any] = json.loads((self.data / digest.CARD).read_text("utf-8"))
        return card

    @property
    def sweeps(self) -> list[str]:
        """Its sweeps."""
        return self.params.sweeps_of(self.writeup)

    def sweep(self, name: str) -> Path:
        """Return the folder of a sweep."""
        return self.root / "results" / self.writeup / "sweeps" / name

    def tasks(self) -> list[Task[Any]]:
        """Return two runs that differ in their seed, of the first sweep."""
        first = sweeps.runs(self.params, self.sweeps[0], promoted={})[0]
        return [Task(first.settings, 1), Task(first.settings, 2)]


def smoke_params(root: Path, study: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the repository's two files of params, at the smallest scale, for one write-up."""
    params = yaml.safe_load((root / "params.yaml").read_text("utf-8"))
    writeup = next(name for name, w in params["writeups"].items() if w["study"] == study)
    chosen = {name: s for name, s in params["sweeps"].items() if s["writeup"] == writeup}
    searches = {s["after"] for s in chosen.values()} & set(params.get("searches", {}))
    for sweep in chosen.values():
        sweep["after"] = sweep["after"] if sweep["after"] in searches else "none"
    only = {
        "studies": {study: params["studies"][study]},
        "searches": {name: {"study": study, "after": "none"} for name in sorted(searches)},
        "sweeps": chosen,
        "writeups": {writeup: params["writeups"][writeup]},
    }
    file = yaml.safe_load((root / "params" / f"{study}.yaml").read_text("utf-8"))
    file["searches"] = {name: file["searches"][name] for name in searches}
    file["sweeps"] = {name: file["sweeps"][name] for name in chosen}
    file["writeups"] = {writeup: file["writeups"][writeup]}
    return {**params, **only, "scale": "smoke"}, file


@pytest.fixture(scope="module", params=sorted(found()))
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Run the pipeline of one study's first write-up."""
    repository, root = request.config.rootpath, tmp_path_factory.mktemp(request.param)
    values, file = smoke_params(repository, request.param)
    (root / "params").mkdir()
    (root / "params" / f"{request.param}.yaml").write_text(yaml.safe_dump(file, sort_keys=False))
    (root / "params.yaml").write_text(yaml.safe_dump(values, sort_keys=False))
    for place in (*COPIED, values["studies"][request.param]["path"]):
        _copy(repository / place, root / place)
    (writeup,) = values["writeups"]
    (root / "results" / writeup).mkdir(parents=True)
    for name in (REPLICATION, LARGER):
        (root / "results" / writeup / name).write_text("{}\n")
    with contextlib.chdir(root):
        check(request.param)
        prepare(request.param)
        for name in values["searches"]:
            search(name, workers=1)
        for sweep in values["sweeps"]:
            train(sweep, workers=1)
            evaluate(sweep)
            confirm(sweep, workers=1)
        analyze(writeup)
        register()
        render([writeup], "embedded")
        return Made(root, found()[request.param], load(Path()), writeup)


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("_site"), dirs_exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, target)


def test_equal_settings_prepare_equal_bytes(made: Made, tmp_path: Path) -> None:
    with contextlib.chdir(made.root):
        made.study.module("data").prepare(made.params.data(made.study.name), tmp_path)
    card = json.loads((made.data / "card.json").read_text())
    assert card["digest"] == digest.of_data(tmp_path)
    assert card["source"]
    assert card["settings"]


def test_what_has_no_effect_is_the_only_thing_left_out_of_a_run(made: Made) -> None:
    settings = made.tasks()[0].settings
    canonical = settings.canonical()
    assert canonical.keys() <= settings.model_dump(mode="json").keys()
    assert type(settings).model_validate(canonical).canonical() == canonical
    json.dumps(canonical, allow_nan=False)


def test_lanes_hold_every_run_once_and_a_run_depends_on_nothing_but_itself(made: Made) -> None:
    training = made.study.module("training")
    data = training.load(made.data)
    tasks = made.tasks()
    lanes = training.plan(tasks, data, "cpu", 1)
    assert sorted(task.seed for lane in lanes for task in lane) == [1, 2]
    together = {
        task.seed: result
        for lane in lanes
        for task, result in zip(lane, training.train(lane, data, "cpu"), strict=True)
    }
    (alone,) = training.train([tasks[1]], data, "cpu")
    for split, array in alone.predictions.items():
        np.testing.assert_array_equal(array, together[2].predictions[split])
    assert alone.weights.keys() == together[2].weights.keys()
    for name, array in alone.weights.items():
        np.testing.assert_array_equal(array, together[2].weights[name])
    assert any(
        (together[1].predictions[s] != alone.predictions[s]).any() for s in alone.predictions
    )
    assert_whole(alone)
    if not made.study.is_command:
        assert_learned(alone)


def test_training_reads_nothing_that_the_data_digest_leaves_out(made: Made, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(made.data, data)
    for name in (digest.CARD, digest.MARKER):
        (data / name).unlink()
    assert digest.of_data(data) == digest.of_data(made.data)
    training = made.study.module("training")
    task = made.tasks()[0]
    (described,) = training.train([task], training.load(made.data), "cpu")
    (alone,) = training.train([task], training.load(data), "cpu")
    assert dict(alone.facts) == dict(described.facts)
    for split, array in described.predictions.items():
        np.testing.assert_array_equal(alone.predictions[split], array)


def test_a_run_that_was_killed_goes_on_from_its_checkpoint(made: Made) -> None:
    if made.study.is_command:
        pytest.skip("a program that is killed begins anew, unless it keeps its own state")
    training = made.study.module("training")
    settings = made.tasks()[0].settings
    if "epochs" in type(settings).model_fields:
        settings = type(settings).model_validate({**settings.model_dump(), "epochs": 3})
    assert_goes_on(training, Task(settings, 1), training.load(made.data))


def assert_whole(result: Result) -> None:
    """Check that a run has a history and predictions, all finite."""
    assert result.failure is None
    epochs = len(result.history["epoch"])
    assert result.history["epoch"].tolist() == list(range(1, epochs + 1))
    assert all(values.shape == (epochs,) for values in result.history.values())
    json.dumps(dict(result.facts), allow_nan=False)
    assert result.predictions
    assert all(np.isfinite(array).all() for array in result.predictions.values())


def assert_learned(result: Result) -> None:
    """Check that a run tells its losses and has weights, all finite."""
    assert {"epoch", "train_loss", "validation_loss"} <= set(result.history)
    assert result.weights
    assert all(np.isfinite(array).all() for array in result.weights.values())


def test_an_exported_model_predicts_as_its_run_did(made: Made, tmp_path: Path) -> None:
    if made.study.is_command:
        pytest.skip("a program keeps its own weights")
    folder, name = tmp_path / "model", made.sweeps[0]
    with contextlib.chdir(made.root):
        export([str(folder)], sweep=name, promoted=True)
    model = opened(folder)
    origin = model.model.origin
    assert origin.data == digest.of_data(made.data)
    journal = Journal(made.root / made.params.names.journal / made.study.name)
    finished = journal.get(origin.key)
    assert finished is not None
    module = made.study.module("prediction")
    inputs, stored = module.tested(made.data, finished.result.predictions)
    assert list(inputs.shape[1:]) == model.model.shape
    outputs = model.outputs(inputs)
    if finished.device == "cpu":
        np.testing.assert_array_equal(outputs, stored)
    few = model.outputs(inputs[:3])
    np.testing.assert_allclose(few, stored[:3], atol=0.02)
    told = module.table(few, model.model.labels, model.model.threshold, model.data)
    assert len(told) == 3
    assert told.notna().all(axis=None)
    said = (folder / "README.md").read_text("utf-8")
    assert ("synthetic" in said) == (made.card["source"] == "synthetic")
    assert origin.key in said and origin.code in said


def test_every_run_is_scored_in_the_columns_that_the_study_names(made: Made) -> None:
    for name in made.sweeps:
        scores = read_csv(made.sweep(name) / "scores.csv")
        assert made.study.scores <= set(scores.columns)
        assert (scores["status"] == "ok").all()
        primary = made.params.study(made.study.name).primary
        assert scores[primary].notna().all()


def test_a_score_is_the_mean_of_what_its_items_add(made: Made) -> None:
    named = made.study.items
    for name in made.sweeps if named else ():
        scores = read_csv(made.sweep(name) / "scores.csv")
        items = load_file(made.sweep(name) / "items.safetensors")
        told = {key.removesuffix("/score") for key in items if key.endswith("/score")}
        assert named is not None
        assert told <= named.scores <= made.study.scores
        for score in named.scores & set(scores):
            assert score in told or scores[score].isna().all()
        for score in told:
            of_items = items[f"{score}/score"].astype(float)
            assert of_items.shape == (len(scores), len(items[f"{score}/item"]))
            there = scores[score].notna()
            means = np.nanmean(of_items[there], axis=1)
            np.testing.assert_allclose(means, scores[score][there], atol=0.002, rtol=0.002)
            assert items[f"{score}/item"].max(initial=0) < len(items["group"])


def test_what_is_promoted_is_confirmed_on_as_many_fresh_seeds_as_are_asked_for(made: Made) -> None:
    for name in made.sweeps:
        scores = read_csv(made.sweep(name) / "scores.csv")
        fresh = read_csv(made.sweep(name) / "confirmation.csv")
        asked = sweeps.promotion(made.params, name).confirm or 0
        assert len(fresh) == asked == fresh["seed"].nunique()
        assert list(fresh) == list(scores)
        assert not set(fresh["seed"]) & set(scores["seed"])


def test_curves_and_confusions_have_the_shared_columns(made: Made) -> None:
    for name in made.sweeps:
        curves = pd.read_csv(made.sweep(name) / "curves.csv")
        assert {"configuration", "split", "metric", "x", "y"} <= set(curves.columns)
        confusions = pd.read_csv(made.sweep(name) / "confusions.csv")
        wanted = ["configuration", "split", "truth", "predicted", "count"]
        assert confusions.columns.tolist() == wanted
        runs = read_csv(made.sweep(name) / "runs.csv")
        told = set() if made.study.is_command else set(runs["configuration"])
        assert set(confusions["configuration"]) == told


def test_every_claim_is_judged_and_findings_are_nested_numbers(made: Made) -> None:
    found = json.loads((made.root / "results" / made.writeup / "findings.json").read_text())
    assert set(found["claims"]) == set(judged(made.params, made.writeup).claims)
    verdicts = {claim["verdict"] for claim in found["claims"].values()}
    assert verdicts <= {"supported", "refuted", "equivalent", "inconclusive"}

    def no_lists(value: object) -> None:
        assert not isinstance(value, list)
        for inner in value.values() if isinstance(value, dict) else ():
            no_lists(inner)

    no_lists(found)


def test_the_page_tells_its_title_and_every_claim(made: Made) -> None:
    page = (made.root / "reports" / "_site" / f"{made.writeup}.html").read_text("utf-8")
    assert made.params.writeup(made.writeup).title in " ".join(page.split())
    assert "smoke" in page
    pdf = (made.root / "reports" / "_site" / f"{made.writeup}.pdf").read_bytes()
    assert pdf.startswith(b"%PDF")
