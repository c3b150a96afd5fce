from dataclasses import replace

import pytest

from uphold import processor
from uphold.errors import InputError
from uphold.pipeline.checkpoint_file import CheckpointFile
from uphold.training.attempts import TrainingError
from uphold.training.contract import Task
from uphold.training.executors import elsewhere
from uphold.training.executors.seam import Work

from . import sweeps
from .test_contract import known_code, patch, study

__all__ = ["known_code", "patch", "study"]


@pytest.fixture
def work(study, tmp_path):
    job = sweeps.job(tmp_path, study.STUDY)
    return Work(study.STUDY, [[Task(study.Run(), 1)]], job.data, None, "cpu")


def outcome(told, work):
    return elsewhere.train(told, work.lanes[0], lambda: work.folder)


def test_a_lane_is_trained_where_all_is_as_it_was_sent(work):
    got = outcome(elsewhere.sent(work, lambda study: "code"), work)
    assert got.error is None and len(got.results) == 1
    assert got.place is not None


def test_another_version_of_torch_is_refused(work):
    told = replace(elsewhere.sent(work, elsewhere.no_proof), torch="1.0")
    got = outcome(told, work)
    assert isinstance(got.error, InputError)
    assert "has torch" in str(got.error) and "the run keys say 1.0" in str(got.error)
    assert not got.results


def test_other_code_is_refused_until_it_is_the_same_again(work):
    here = iter(["as sent", "edited", "as sent"])
    told = elsewhere.sent(work, lambda study: next(here))
    refused = outcome(told, work)
    assert isinstance(refused.error, InputError) and "The code on" in str(refused.error)
    assert outcome(told, work).error is None


def test_other_arithmetic_is_refused(work, monkeypatch):
    if processor.unpinned():
        pytest.skip("nothing to pin here")
    told = elsewhere.sent(work, elsewhere.no_proof)
    assert told.arithmetic == "avx2"
    assert set(elsewhere.environment()) == set(processor.variables())
    monkeypatch.setenv("MKL_CBWR", "AUTO")
    assert elsewhere.sent(work, elsewhere.no_proof).arithmetic == "native"
    refused = outcome(told, work)
    assert isinstance(refused.error, InputError) and "arithmetic" in str(refused.error)


def test_what_keeps_a_worker_from_its_lane_names_the_runs(work):
    told = elsewhere.sent(work, elsewhere.no_proof)
    got = elsewhere.train(told, work.lanes[0], lambda: 1 / 0)
    assert isinstance(got.error, TrainingError)
    assert "could not begin seed 1" in str(got.error) and "ZeroDivisionError" in str(got.error)


def test_data_are_loaded_once_a_process(work, study, monkeypatch):
    real, loads = study.load, []

    def load(folder):
        loads.append(folder)
        return real(folder)

    monkeypatch.setattr(study, "load", load)
    told = elsewhere.sent(work, elsewhere.no_proof)
    assert outcome(told, work).error is None and outcome(told, work).error is None
    assert loads == [work.folder]


@pytest.mark.parametrize("seen", [True, False])
def test_states_are_kept_where_the_journal_is_seen_and_nowhere_else(work, study, tmp_path, seen):
    away = tmp_path / "away"
    if seen:
        away.mkdir()
    task = replace(
        work.lanes[0][0], checkpoint=CheckpointFile(away / "checkpoints" / "k.checkpoint")
    )
    told = elsewhere.sent(work, elsewhere.no_proof)
    assert elsewhere.train(told, [task], lambda: work.folder).error is None
    assert away.exists() == seen and task.checkpoint.path.exists() == seen
