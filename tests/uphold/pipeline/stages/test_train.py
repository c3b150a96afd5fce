"""What a sweep publishes, what becomes of damage, and that a killed sweep goes on."""

import json
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest

from uphold import processor
from uphold.errors import InputError
from uphold.pipeline import checkpoint_file
from uphold.pipeline.design import Design, lay_out
from uphold.pipeline.shared_runs import SharedRuns
from uphold.pipeline.stages.files import read_csv
from uphold.pipeline.stages.foresee import foresee
from uphold.pipeline.stages.once_more import NUMBER
from uphold.pipeline.stages.train import Job, keys_of, train
from uphold.training import probe
from uphold.training.contract import Result

from . import slow_training


def test_other_arithmetic_is_another_key_and_nothing_else(sweep):
    native = replace(sweep, arithmetic="native")
    assert not set(keys_of(sweep).values()) & set(keys_of(native).values())
    published = []
    for job in (sweep, native):
        assert train(job, _at_once, device="cpu", say=lambda text: None).trained == 3
        table = read_csv(job.out / "runs.csv").drop(columns="key")
        published.append((table.to_dict(), (job.out / "design.json").read_text()))
    assert published[0] == published[1]


@pytest.mark.parametrize("like", [True, False])
def test_a_machine_that_computes_otherwise_is_told_and_recorded(sweep, monkeypatch, like):
    here = probe.computed("cpu")
    other = here if like else {**here, "dense layers": "0"}
    monkeypatch.setattr(probe, "REFERENCE", other)
    said: list[str] = []
    train(sweep, _at_once, device="cpu", say=said.append)
    assert [line for line in said if "dense layers come out otherwise" in line] == (
        [] if like else [probe.told("cpu")]
    )
    told = json.loads((sweep.out / "training.json").read_text())
    assert {run["as_reference"] for run in told.values()} == {like}
    again: list[str] = []
    train(sweep, _at_once, device="cpu", say=again.append)
    assert len(again) == 1, "nothing was computed"


def test_what_cannot_be_chosen_any_more_is_refused_and_nothing_trained(sweep, monkeypatch):
    if processor.unpinned():
        pytest.skip("nothing to pin here")
    monkeypatch.setenv("MKL_CBWR", "AUTO")
    with pytest.raises(InputError, match="imported before"):
        train(sweep, _at_once, device="cpu", say=lambda text: None)
    assert train(replace(sweep, arithmetic="native"), _at_once, device="cpu", say=lambda text: None)


RESULT = Result({}, {"epoch": np.array([1])})


@pytest.fixture
def sweep(tmp_path):
    """Return a small sweep with its data, and a journal that holds none of its runs."""
    return slow_training.job(tmp_path)


def test_a_file_in_the_place_of_a_run_is_set_aside_and_the_run_trained(sweep):
    said: list[str] = []
    journal = replace(sweep.journal, say=said.append)
    key = next(iter(keys_of(sweep).values()))
    (journal.folder / "runs").mkdir(parents=True)
    (journal.folder / "runs" / key).write_text("a note")
    done = train(replace(sweep, journal=journal), _at_once, device="cpu", say=said.append)
    assert (done.runs, done.trained) == (3, 3)
    assert [message for message in said if f"set aside as {key}.damaged" in message]
    assert (journal.folder / "runs" / f"{key}.damaged").read_text() == "a note"


def test_data_that_are_not_there_are_named_and_nothing_is_written(sweep, tmp_path):
    elsewhere = replace(sweep, data=tmp_path / "elsewhere")
    with pytest.raises(InputError, match=r"card\.json is missing: run dvc repro prepare@calls"):
        train(elsewhere, _at_once, device="cpu")
    assert not sweep.journal.folder.exists()


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
    (begun,) = (key for key in keys if killed.journal.begun(key))
    assert killed.journal.checkpoint(begun).before().device == "cpu"
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


def test_what_somebody_finished_and_shared_is_trained_by_nobody_else(tmp_path):
    (tmp_path / "team").mkdir()

    def member(name: str) -> tuple[Job, list[str]]:
        said: list[str] = []
        job = slow_training.job(tmp_path / name)
        shared = SharedRuns(str(tmp_path / "team"), "calls")
        return replace(job, journal=replace(job.journal, say=said.append, shared=shared)), said

    (ours, _), (theirs, said) = member("ours"), member("theirs")
    begun = replace(ours, runs=ours.runs[:2])
    assert train(begun, _at_once, device="cpu", say=lambda text: None).trained == 2
    summary = foresee(theirs, device="cpu", workers=1)
    assert summary.startswith(
        "toy: 3 runs, 2 in the journal (2 of them in the shared one), 1 to be"
    )
    assert not theirs.journal.folder.exists()
    assert train(theirs, _at_once, device="cpu", say=said.append).trained == 1
    told = "toy: 3 runs, 2 in the journal already, 2 of them just fetched from the shared one"
    assert said[0] == told
    again = replace(ours, journal=member("ours")[0].journal)
    assert train(again, _at_once, device="cpu", say=lambda text: None).trained == 0
    for name in ("runs.csv", "histories.csv", "predictions.safetensors", "training.json"):
        assert (ours.out / name).read_bytes() == (theirs.out / name).read_bytes()


def test_a_failed_run_that_another_machine_could_do_is_fetched_by_retry(tmp_path):
    (tmp_path / "team").mkdir()
    shared = SharedRuns(str(tmp_path / "team"), "calls")
    job = slow_training.job(tmp_path)
    job = replace(job, journal=replace(job.journal, shared=shared))
    quiet = {"device": "cpu", "say": lambda text: None}
    failed = Result({}, {"epoch": np.array([1])}, {}, "it ran out of memory")
    train(job, lambda study, tasks, folder: ((t, failed, 0.1) for t in tasks), **quiet)
    assert shared.keys == frozenset()
    other = slow_training.job(tmp_path / "other")
    train(replace(other, journal=replace(other.journal, shared=shared)), _at_once, **quiet)
    now = replace(job.journal, shared=SharedRuns(shared.place, "calls"))
    done = train(replace(job, journal=now), _at_once, retry=True, **quiet)
    assert (done.trained, done.failed) == (0, 0)


@pytest.fixture
def begun(sweep, monkeypatch):
    """Return the file of a run that was begun on a graphics card in 1970, for 500 seconds."""
    key = next(iter(keys_of(sweep).values()))
    file = sweep.journal.checkpoint(key, "cuda")
    with monkeypatch.context() as clock:
        clock.setattr(checkpoint_file, "time", lambda: 1000.0)
        clock.setattr(checkpoint_file, "monotonic", iter((0.0, 500.0, 500.0)).__next__)
        file.read()
        file.write({"weights": np.zeros(1000)})
    return file


def test_a_run_that_goes_on_is_recorded_with_its_start_its_seconds_and_its_devices(
    sweep, begun, capfd
):
    train(sweep, _from_its_state, device="cpu", say=lambda text: None)
    told = json.loads((sweep.out / "training.json").read_text())
    one = told.pop(begun.path.stem)
    assert (one["started"], one["seconds"]) == ("1970-01-01T00:16:40+00:00", 501.0)
    assert one["device"] == "cuda, cpu"
    assert {(run["seconds"], run["device"]) for run in told.values()} == {(1.0, "cpu")}
    assert capfd.readouterr().err == ""


def test_a_state_that_is_damaged_is_told_once_and_nothing_of_it_recorded(sweep, begun, capfd):
    content = bytearray(begun.path.read_bytes())
    content[-1] ^= 1  # in the weights: what is told of the training could be read
    begun.path.write_bytes(content)
    train(sweep, _from_its_state, device="cpu", say=lambda text: None)
    said = f"{begun.path} is damaged; its run is trained from its start.\n"
    assert capfd.readouterr().err == said
    one = json.loads((sweep.out / "training.json").read_text())[begun.path.stem]
    assert (one["started"] > "2000", one["seconds"], one["device"]) == (True, 1.0, "cpu")


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


def _from_its_state(study, tasks, data):
    for task in tasks:
        task.checkpoint.read()
        yield task, RESULT, 1.0


def test_runs_that_failed_are_run_again_when_that_is_asked_for_and_kept_aside(sweep):
    def fails(study, tasks, folder):
        for number, task in enumerate(tasks):
            yield task, replace(RESULT, failure="no memory" if number == 0 else None), 0.1

    def quiet(text):
        return None

    assert train(sweep, fails, device="cpu", say=quiet).failed == 1
    assert train(sweep, _at_once, device="cpu", say=quiet).trained == 0
    done = train(sweep, _at_once, device="cpu", say=quiet, retry=True)
    assert (done.trained, done.failed) == (1, 0)
    folders = [path.name for path in (sweep.journal.folder / "runs").iterdir()]
    assert sum(name.endswith(".failed") for name in folders) == 1
    assert len(sweep.journal.keys()) == 3
    assert (sweep.journal.folder / "runs").joinpath(
        next(name for name in folders if name.endswith(".failed"))
    ) in sweep.journal.prunable(sweep.journal.keys())


def test_a_program_s_first_run_is_run_twice_and_how_far_it_is_apart_is_told(sweep):
    program = replace(sweep, study=replace(sweep.study, is_command=True))
    given: list[int] = []

    def drawing(study, tasks, folder):
        for task in tasks:
            given.append(task.seed)
            value = np.array(1.0 + 0.25 * len(given))
            yield task, replace(RESULT, predictions={f"{NUMBER}f1": value}), 0.1

    def published():
        return json.loads((program.out / "design.json").read_text()).get("repeated")

    said: list[str] = []
    done = train(program, drawing, device="cpu", say=said.append)
    assert (done.runs, done.trained, len(given)) == (3, 3, 4)
    assert published() == {
        "run": program.runs[0].name,
        "apart": {f"{NUMBER}f1": 0.25 * (3 - given.index(program.runs[0].seed))},
    }
    assert [line for line in said if f"{program.runs[0].name} is run twice" in line]
    before = published()
    assert train(program, drawing, device="cpu", say=said.append).trained == 0
    assert (published(), len(given)) == (before, 4)
    train(sweep, _at_once, device="cpu", say=said.append)
    assert published() is None, "runs of our own studies are equal to the bit"
