"""What every executor promises: the same bytes, errors of lanes, cancel, resume.

Ray's cluster is a real one, of two nodes on loopback. Slurm is not: `fake_slurm` behaves like its
commands, as far as submitit uses them.
"""

import importlib.util
import os
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.pipeline.stages import train as stage
from uphold.training.attempts import TrainingError
from uphold.training.contract import Task
from uphold.training.executors.local import Local
from uphold.training.executors.ray import Ray
from uphold.training.executors.slurm import Slurm
from uphold.training.lanes import train_in_lanes

from ...processes import is_gone, wait_until
from . import fake_slurm, sweeps

HERE = Path(__file__).parent
MISSING = {
    "ray": "ray is not installed: pip install 'uphold[ray]'",
    "slurm": "submitit is not installed: pip install 'uphold[slurm]'",
}
LIBRARIES = {"ray": "ray", "slurm": "submitit"}


@pytest.fixture(scope="module")
def patch():
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="module")
def study(patch):
    """The module of the toy study, importable by its name here and in workers."""
    patch.syspath_prepend(HERE)
    patch.setenv("PYTHONPATH", os.pathsep.join([str(HERE), os.environ.get("PYTHONPATH", "")]))
    spec = importlib.util.spec_from_file_location("executor_study", HERE / "executor_study.py")
    module = importlib.util.module_from_spec(spec)
    patch.setitem(sys.modules, "executor_study", module)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", params=["local", "workers", "ray", "slurm"])
def executor(request, patch, study, tmp_path_factory):
    name = request.param
    if name == "workers" and len(os.sched_getaffinity(0)) < 2:
        pytest.skip("two processes are not begun on one core")
    if name in LIBRARIES and importlib.util.find_spec(LIBRARIES[name]) is None:
        pytest.skip(MISSING[name])
    with ExitStack() as stack:
        if name == "ray":
            cluster = stack.enter_context(sweeps.ray_cluster(patch, [HERE]))
            for _ in range(2):
                sweeps.node_of(cluster)
            yield Ray(cluster.address)
        elif name == "slurm":
            place = tmp_path_factory.mktemp("slurm")
            path = fake_slurm.install(place / "bin")
            patch.setenv("PATH", f"{path}{os.pathsep}{os.environ['PATH']}")
            patch.setenv("FAKE_SLURM", str(place))
            import submitit.core.core

            patch.setattr(submitit.core.core.Job, "_results_timeout_s", 1)
            yield Slurm(place / "jobs")
        else:
            yield Local(1 if name == "local" else 2)


@pytest.fixture(autouse=True)
def known_code(monkeypatch):
    """The toy is no package of studies: its code has no digest."""
    monkeypatch.setattr(stage, "code_of", lambda study: "the toy's")


@pytest.fixture
def marks(tmp_path):
    (tmp_path / "marks").mkdir()
    return tmp_path / "marks"


def trained(job, executor, **how):
    def trainer(study, tasks, folder):
        return train_in_lanes(study, tasks, folder, executor)

    return stage.train(job, trainer, device="cpu", say=lambda text: None, **how)


def pids(marks):
    return [int(path.stem.split("-")[2]) for path in marks.glob("*.pid")]


def others(marks):
    return [pid for pid in pids(marks) if pid != os.getpid()]


def test_what_is_published_is_what_this_process_alone_publishes(executor, study, tmp_path, marks):
    alone, job = (sweeps.job(tmp_path / name, study.STUDY) for name in ("alone", "other"))
    trained(alone, Local(1))
    marked = sweeps.job(tmp_path / "other", study.STUDY, marks=str(marks))
    assert trained(marked, executor).trained == 6
    assert sweeps.published(job) == sweeps.published(alone)
    assert len(pids(marks)) == 6, "each run was trained once"


def test_the_journal_tells_where_a_run_was_trained(executor, study, tmp_path):
    alone, job = (sweeps.job(tmp_path / name, study.STUDY) for name in ("alone", "other"))
    for each, on in ((alone, Local(1)), (job, executor)):
        trained(each, on)
    key, *_ = job.journal.keys()
    ours, theirs = job.journal.metadata(key), alone.journal.metadata(key)
    told = ("host", "device", "computed")
    assert [ours[name] for name in told] == [theirs[name] for name in told]


def test_a_lane_that_fails_is_an_error_and_the_sweep_goes_on_afterwards(
    executor, study, tmp_path, monkeypatch
):
    alone, job = (sweeps.job(tmp_path / name, study.STUDY) for name in ("alone", "other"))
    trained(alone, Local(1))
    broken = [
        Task(task.settings.model_copy(update={"does": "fail"}), task.seed)
        if (task.settings.lane, task.seed) == (2, 1)
        else task
        for task in (run.task for run in job.runs)
    ]

    def trainer(study, tasks, folder):
        return train_in_lanes(study, broken, folder, executor)

    with pytest.raises(TrainingError) as caught:
        stage.train(job, trainer, device="cpu", say=lambda text: None)
    assert "Training does fail, lane 2, seed 1" in str(caught.value)
    assert "ZeroDivisionError: a bug of the study" in str(caught.value)
    kept = len(job.journal.keys())
    assert kept < 6
    assert trained(job, executor).trained == 6 - kept
    assert sweeps.published(job) == sweeps.published(alone)


def test_what_a_user_can_mend_stays_that(executor, study, tmp_path):
    job = sweeps.job(tmp_path, study.STUDY)
    tasks = [Task(study.Run(does="refuse", lane=k), 5) for k in range(2)]
    with pytest.raises(InputError, match=r"does is wrong\. Run: does refuse, .*seed 5\."):
        list(train_in_lanes(study.STUDY, tasks, job.data, executor))


def test_a_worker_that_dies_of_its_lane_is_an_error_that_names_it(executor, study, tmp_path):
    if executor == Local(1):
        pytest.skip("this process is the worker")
    job = sweeps.job(tmp_path, study.STUDY)
    tasks = [Task(study.Run(does="die"), 5), Task(study.Run(lane=1, seconds=60), 6)]
    with pytest.raises(TrainingError, match=r"training does die, seed 5"):
        list(train_in_lanes(study.STUDY, tasks, job.data, executor))


def test_closing_the_iterator_ends_what_was_begun(executor, study, tmp_path, marks):
    job = sweeps.job(tmp_path, study.STUDY)
    slow = Task(study.Run(lane=1, seconds=60, marks=str(marks)), 6)
    steps = train_in_lanes(study.STUDY, [Task(study.Run(), 5), slow], job.data, executor)
    assert next(steps).task.seed == 5
    if executor != Local(1):
        wait_until(lambda: pids(marks))
    steps.close()
    wait_until(lambda: all(is_gone(pid) for pid in others(marks)))


def test_lanes_end_with_an_iterator_that_was_never_asked(executor, study, tmp_path, marks):
    if executor == Local(1):
        pytest.skip("this process is the worker, and has begun nothing")
    job = sweeps.job(tmp_path, study.STUDY)
    tasks = [Task(study.Run(lane=k, seconds=60, marks=str(marks)), 1) for k in range(2)]
    steps = train_in_lanes(study.STUDY, tasks, job.data, executor)
    wait_until(lambda: len(pids(marks)) == 2, seconds=60)
    del steps
    wait_until(lambda: all(is_gone(pid) for pid in pids(marks)))


def test_an_interrupted_sweep_goes_on_as_if_it_had_not_been(executor, study, tmp_path, marks):
    alone, job = (sweeps.job(tmp_path / name, study.STUDY) for name in ("alone", "other"))
    trained(alone, Local(1))

    def interrupt(steps, tasks):
        for number, step in enumerate(steps):
            if number == 2:
                raise KeyboardInterrupt
            yield step

    marked = sweeps.job(tmp_path / "other", study.STUDY, marks=str(marks))
    with pytest.raises(KeyboardInterrupt):
        trained(marked, executor, track=interrupt)
    wait_until(lambda: all(is_gone(pid) or executor_keeps(executor) for pid in others(marks)))
    assert len(job.journal.keys()) == 2
    assert trained(job, executor).trained == 4
    assert sweeps.published(job) == sweeps.published(alone)


def executor_keeps(executor):
    """Whether processes stay for the next lanes, idle: those of Ray."""
    return isinstance(executor, Ray)
