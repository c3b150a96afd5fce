"""What was promoted, on seeds that chose nothing: what is trained, and what stays as it is."""

import json

import pytest

from uphold.errors import InputError
from uphold.pipeline.promotion import Promotion
from uphold.pipeline.stages import confirm as stage
from uphold.pipeline.stages import replicate
from uphold.pipeline.stages.files import read_csv
from uphold.validation import Settings, validated

from .replicating import OWN, SWEEP, World


@pytest.fixture
def world(tmp_path, monkeypatch):
    return World(tmp_path, monkeypatch)


def confirmed(world, many: int | None = 5, **design):
    """Confirm the toy sweep; return its folder and what was said."""
    sweep = world.job(**design).sweeps[SWEEP]
    rule = Promotion(by="validation_f1", stable_sd=1, confirm=many)
    job = stage.Job(sweep, Settings(), rule, world.root / "confirmation")
    said = stage.confirm(job, world.trainer, device="cpu", say=lambda message: None)
    return sweep, said


def test_the_promoted_configuration_alone_is_trained_on_fresh_seeds(world):
    sweep, said = confirmed(world)
    promoted = json.loads((sweep.out / "promotion.json").read_text("utf-8"))["configuration"]
    fresh = read_csv(sweep.out / "confirmation.csv")
    assert said == f"{SWEEP}: {promoted} on 5 fresh seeds, 5 trained"
    assert set(fresh["configuration"]) == {promoted}
    assert sorted(fresh["seed"]) == sorted(world.trained)
    assert len(world.trained) == 5 and not set(world.trained) & set(OWN)
    assert list(fresh) == list(read_csv(sweep.out / "scores.csv"))


def test_the_seeds_are_not_those_of_a_replication_and_are_to_be_kept(world):
    sweep, _ = confirmed(world)
    assert not set(world.trained) & {run.seed for run in replicate.every_fresh_run(sweep)}
    kept = {(run.configuration, run.seed) for run in stage.every_confirming_run(sweep, 5)}
    fresh = read_csv(sweep.out / "confirmation.csv")
    assert set(zip(fresh["configuration"], fresh["seed"], strict=True)) <= kept


def test_more_of_them_train_the_new_ones_alone(world):
    confirmed(world)
    sweep, said = confirmed(world, 7)
    assert said.endswith("on 7 fresh seeds, 2 trained")
    assert len(read_csv(sweep.out / "confirmation.csv")) == len(set(world.trained)) == 7


def test_nothing_else_of_the_sweep_changes(world):
    folder = world.job().writeup.sweeps[SWEEP]
    before = {path: path.read_bytes() for path in folder.iterdir()}
    confirmed(world)
    assert {path: path.read_bytes() for path in before} == before


def test_unasked_it_trains_nothing_and_leaves_a_table_without_rows(world):
    sweep, said = confirmed(world, None)
    assert said == f"{SWEEP}: nothing to confirm"
    assert world.trained == []
    assert read_csv(sweep.out / "confirmation.csv").empty


def test_ensembles_are_not_made_of_the_fresh_runs(world):
    sweep, _ = confirmed(world, 4, members=[1, 2])
    fresh = read_csv(sweep.out / "confirmation.csv")
    assert fresh["members"].tolist() == [1] * 4


def test_findings_tell_both_scores(world):
    job = world.job()
    assert "fresh" not in world.findings(job)["promoted"][SWEEP]
    confirmed(world)
    found = world.findings(job)["promoted"][SWEEP]["fresh"]
    assert set(found) == {"validation_f1", "ood_f1"}
    one = found["validation_f1"]
    assert one["n"] == 5
    assert one["optimism"] == pytest.approx(one["chosen"] - one["mean"], abs=1e-8)
    assert one["ci_low"] < one["optimism"] < one["ci_high"]


@pytest.mark.parametrize("many", [1, 0, -3, "five"])
def test_too_few_seeds_to_say_anything_are_refused(many):
    rule = {"by": "validation_f1", "stable_sd": 0.03, "confirm": many}
    with pytest.raises(
        InputError, match=r"promote: confirm is .*it should be .*such as confirm: 3"
    ):
        validated(Promotion, rule, "a.yaml: promote")
