"""What a dry run says of a sweep, and what it leaves alone."""

import json
import shutil
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from uphold.errors import InputError
from uphold.pipeline.design import Design, lay_out
from uphold.pipeline.stages.train import foresee, keys_of, train
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
    # 2 x 100 s and 7,200 s on 2 workers
    start = "toy: 6 runs, 3 in the journal, 3 to be trained; about "
    assert foreseen(sweep) == f"{start}62 minutes by the journal's times"


def test_times_of_another_device_tell_nothing(sweep):
    put(sweep, 8, 1, 100.0, device="cuda")
    assert foreseen(sweep).endswith("5 to be trained; no times known yet")


def test_all_trained(sweep):
    for hidden_units in (8, 16):
        for seed in (1, 2, 3):
            put(sweep, hidden_units, seed, 1.0)
    assert foreseen(sweep) == "toy: 6 runs, 6 in the journal, 0 to be trained"


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


def test_a_file_in_the_place_of_a_run_is_foreseen_set_aside_and_trained_anew(sweep):
    put(sweep, 8, 1, 1.0)
    journal, said = replace(sweep.journal, say=lambda message: said.append(message)), []
    (key,) = journal.keys()
    shutil.rmtree(journal.folder / "runs" / key)
    (journal.folder / "runs" / key).write_text("a note")
    assert foreseen(sweep).endswith(f"  {key}: it is no folder")

    def trainer(study, tasks, folder):
        for task in tasks:
            yield task, RESULT, 0.1

    done = train(replace(sweep, journal=journal), trainer, device="cpu", say=said.append)
    assert (done.runs, done.trained) == (6, 6)
    assert [message for message in said if f"set aside as {key}.damaged" in message]
    assert (journal.folder / "runs" / f"{key}.damaged").read_text() == "a note"


def test_data_that_are_not_there_are_named(sweep, tmp_path):
    elsewhere = replace(sweep, data=tmp_path / "elsewhere")
    with pytest.raises(
        InputError, match=r"card\.json is missing: run dvc repro prepare@calls first"
    ):
        foreseen(elsewhere)


def test_a_run_that_is_lost_while_the_sweep_is_trained_is_told(sweep):
    def trainer(study, tasks, folder):
        for task in tasks:
            yield task, RESULT, 0.1
        for path in sweep.journal.folder.rglob("arrays.safetensors"):
            path.write_bytes(b"")

    with pytest.raises(InputError, match="Train again"):
        train(sweep, trainer, device="cpu", say=lambda message: None)


def test_a_run_that_was_killed_goes_on_and_the_sweep_is_as_if_it_had_not_been(tmp_path):
    whole, killed = (slow_training.job(tmp_path / name) for name in ("whole", "killed"))
    train(whole, slow_training.Trainer(), device="cpu", say=lambda text: None)
    keys = keys_of(killed).values()
    folder = killed.journal.folder.parent
    with subprocess.Popen([sys.executable, slow_training.__file__, folder]) as process:
        while not any(key in killed.journal for key in keys) or not any(
            killed.journal.begun(key) and key not in killed.journal for key in keys
        ):
            assert process.poll() is None
            time.sleep(0.01)
        process.kill()
    assert "2 to be trained, 1 run goes on from a checkpoint" in foreseen(killed)
    said, trainer = [], slow_training.Trainer()
    train(killed, trainer, device="cpu", say=said.append)
    assert said == ["toy: 3 runs, 1 in the journal already, 1 run goes on from a checkpoint"]
    # what is kept is at most the epoch in which it was killed behind
    assert len(trainer.epochs) == 2
    assert trainer.epochs[0] < trainer.epochs[1] == slow_training.EPOCHS
    for name in ("runs.csv", "histories.csv", "predictions.safetensors", "design.json"):
        assert (killed.out / name).read_bytes() == (whole.out / name).read_bytes()
    for key in keys:
        ours, theirs = killed.journal.weights(key), whole.journal.weights(key)
        assert all(np.array_equal(ours[name], theirs[name]) for name in theirs)
        assert not killed.journal.begun(key)


def test_a_setting_is_told_as_common_where_it_has_one_value_wherever_it_acts(sweep):
    arms = {"plain": {}, "mixed": {"mixup": True}, "faster": {"learning_rate": 0.01}}
    design = Design(kind="listed", arms=arms, anchors={"mixup_alpha": 0.3}, seeds=[1])
    runs = lay_out(design, sweep.study.run, {}, {}, "toy")
    train(replace(sweep, design=design, runs=runs), _at_once, device="cpu", say=lambda text: None)
    fixed = json.loads((sweep.out / "design.json").read_text())["fixed"]
    assert fixed["mixup_alpha"] == 0.3
    assert not fixed.keys() & {"mixup", "learning_rate"}


def _at_once(study, tasks, data):
    return ((task, RESULT, 1.0) for task in tasks)
