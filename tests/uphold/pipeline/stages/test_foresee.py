"""What a dry run says of a sweep, and that it leaves everything alone."""

from dataclasses import replace

import numpy as np
import pytest

from uphold.errors import InputError
from uphold.pipeline.design import Design
from uphold.pipeline.stages.foresee import foresee
from uphold.pipeline.stages.train import keys_of
from uphold.training.contract import Result

from . import slow_training

DESIGN = Design(factors={"hidden_units": [8, 16]}, seeds=[1, 2, 3])
RESULT = Result({}, {"epoch": np.array([1])})


@pytest.fixture
def sweep(tmp_path):
    """Return a small sweep with its data, and a journal that holds none of its runs."""
    return slow_training.job(tmp_path, DESIGN)


def foreseen(sweep, *, device="cpu", workers=2) -> str:
    return foresee(sweep, device=device, workers=workers)


def put(sweep, hidden_units, seed, seconds, device="cpu") -> None:
    keys = keys_of(sweep)
    for run in sweep.runs:
        if (run.settings.hidden_units, run.seed) == (hidden_units, seed):
            settings = run.settings.canonical()
            how = {"settings": settings, "seed": seed, "seconds": seconds, "device": device}
            sweep.journal.put(keys[run.name], RESULT, **how)


def test_nothing_trained_yet(sweep):
    assert foreseen(sweep) == "toy: 6 runs, 0 in the journal, 6 to be trained; no times known yet"
    assert not sweep.journal.folder.exists()


def test_times_are_those_of_runs_with_the_same_settings_or_else_of_the_study(sweep):
    put(sweep, 8, 1, 100.0)
    # Two with the same settings, three whose settings have no time yet: 5 x 100 s on 2 workers.
    start = "toy: 6 runs, 1 in the journal, 5 to be trained; about "
    assert foreseen(sweep) == f"{start}4 minutes by the journal's times"
    assert foreseen(sweep, workers=100) == f"{start}100 s by the journal's times"
    put(sweep, 16, 1, 7200.0)
    put(sweep, 16, 2, 7200.0)
    # 2 x 100 s and 7,200 s, which no second worker makes shorter
    start = "toy: 6 runs, 3 in the journal, 3 to be trained; about "
    assert foreseen(sweep) == f"{start}2 hours by the journal's times"
    assert foreseen(sweep, workers=1) == f"{start}2 hours by the journal's times"


def test_runs_that_train_longer_than_any_before_take_longer(tmp_path):
    sweep = slow_training.job(tmp_path, Design(factors={"epochs": [2, 200]}, seeds=[1]))
    short, _ = sweep.runs
    how = {"settings": short.settings.canonical(), "seed": 1, "seconds": 5.0, "device": "cpu"}
    sweep.journal.put(keys_of(sweep)[short.name], RESULT, **how)
    assert foreseen(sweep).endswith("1 to be trained; about 8 minutes by the journal's times")


@pytest.mark.parametrize("device", ["cuda", "cpu, cuda"])
def test_times_of_another_device_tell_nothing(sweep, device):
    put(sweep, 8, 1, 100.0, device=device)
    assert foreseen(sweep).endswith("5 to be trained; no times known yet")


def test_all_trained(sweep):
    for hidden_units in (8, 16):
        for seed in (1, 2, 3):
            put(sweep, hidden_units, seed, 1.0)
    assert foreseen(sweep) == "toy: 6 runs, 6 in the journal, 0 to be trained"


def test_runs_that_were_begun_are_told(sweep):
    first, second, *_ = keys_of(sweep).values()
    sweep.journal.checkpoint(first).write({})
    start = "toy: 6 runs, 0 in the journal, 6 to be trained, "
    end = " on from a checkpoint; no times known yet"
    assert foreseen(sweep) == f"{start}1 run goes{end}"
    sweep.journal.checkpoint(second).write({})
    assert foreseen(sweep) == f"{start}2 runs go{end}"


def test_a_damaged_run_counts_as_missing_and_stays_where_it_is(sweep):
    put(sweep, 8, 1, 1.0)
    put(sweep, 8, 2, 1.0)
    journal = sweep.journal
    path = journal.folder / "runs" / journal.keys()[0] / "arrays.safetensors"
    path.write_bytes(b"")
    before = sorted(journal.folder.rglob("*"))
    said = foreseen(sweep)
    assert said.startswith("toy: 6 runs, 1 in the journal, 5 to be trained")
    assert said.splitlines()[1:] == [
        "toy: 1 of them damaged in the journal, to be set aside:",
        f"  {journal.keys()[0]}: arrays.safetensors is not as SHA256SUMS says",
    ]
    assert sorted(journal.folder.rglob("*")) == before


def test_a_file_in_the_place_of_a_run_is_damage(sweep):
    key = next(iter(keys_of(sweep).values()))
    (sweep.journal.folder / "runs").mkdir(parents=True)
    (sweep.journal.folder / "runs" / key).write_text("a note")
    assert foreseen(sweep).endswith(f"  {key}: it is no folder")


def test_data_that_are_not_there_are_named(sweep, tmp_path):
    elsewhere = replace(sweep, data=tmp_path / "elsewhere")
    with pytest.raises(
        InputError, match=r"card\.json is missing: run dvc repro prepare@calls first"
    ):
        foreseen(elsewhere)


def test_data_that_runs_cannot_be_trained_on_are_refused(sweep, monkeypatch):
    def refuse(study, folder, settings):
        raise InputError(f"{folder.name} has too few actors")

    monkeypatch.setattr(type(sweep.study), "refuse", refuse)
    with pytest.raises(InputError, match="too few actors"):
        foreseen(sweep)
    assert not sweep.journal.folder.exists()
