import importlib.util
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from uphold.errors import InputError
from uphold.training import workers
from uphold.training.contract import Resources, Task
from uphold.training.executors import fitting
from uphold.training.executors.local import Local
from uphold.training.lanes import TrainingError, train_in_lanes

from ..processes import is_gone, wait_until

HERE = Path(__file__).parent


@pytest.fixture
def fake(monkeypatch):
    """The fake study, importable by its name here and in workers."""
    monkeypatch.syspath_prepend(HERE)
    spec = importlib.util.spec_from_file_location("fake_study", HERE / "fake_study.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "fake_study", module)
    spec.loader.exec_module(module)
    here = fitting.here(Resources())
    if len(here.cores) < 2:  # two workers have to be begun
        monkeypatch.setattr(fitting, "here", lambda resources: replace(here, cores=here.cores * 2))
    return module


@pytest.fixture(params=["fork", "server"])
def started(request, monkeypatch):
    """How workers are started; by itself it depends on the threads that the tests run beside."""
    monkeypatch.setattr(workers, "forkable", lambda: request.param == "fork")
    return request.param


def task(fake, seed=1, **settings):
    return Task(fake.Run(**settings), seed)


def pids(folder):
    return [int(path.stem) for path in folder.glob("*.pid")]


def test_workers_yield_every_run_with_its_result_as_lanes_end(fake, started, tmp_path):
    slow = {"does": "await the other worker", "seconds": 1.0}
    tasks = [task(fake, seed=k, lane=k // 2, **(slow if k == 0 else {})) for k in range(8)]
    got = list(train_in_lanes(fake.STUDY, tasks, tmp_path, Local(2), "cpu"))
    assert sorted(t.seed for t, *_ in got) == list(range(8))
    assert all(result.predictions["ood"][0, 0] == t.seed for t, result, *_ in got)
    by_worker = {result.facts["pid"] for _, result, *_ in got}
    assert len(by_worker) == 2
    assert os.getpid() not in by_worker
    here = torch.backends.cpu.get_cpu_capability()
    assert {result.facts["vectors"] for _, result, *_ in got} == {here}
    loaded_by = {result.facts["loaded_by"] for _, result, *_ in got}
    assert loaded_by == ({os.getpid()} if started == "fork" else by_worker)
    # The slow lane was begun first; the other worker has done the rest meanwhile.
    assert [t.seed for t, *_ in got][-2:] == [0, 1]
    assert got[-1][2] >= 0.5
    assert all(is_gone(pid) for pid in pids(tmp_path))


@pytest.mark.parametrize(("workers", "lanes"), [(1, 3), (2, 1)])
def test_one_worker_or_one_lane_trains_in_this_process(fake, tmp_path, workers, lanes):
    before = torch.get_num_threads()
    tasks = [task(fake, seed=k, lane=k % lanes) for k in range(3)]
    got = list(train_in_lanes(fake.STUDY, tasks, tmp_path, Local(workers), "cpu"))
    assert len(got) == 3
    assert {result.facts["pid"] for _, result, *_ in got} == {os.getpid()}
    assert torch.get_num_threads() == before


def test_nothing_to_train(fake, tmp_path):
    assert list(train_in_lanes(fake.STUDY, [], tmp_path, Local(2), "cpu")) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_names_the_run_and_ends_the_workers(fake, tmp_path, workers):
    tasks = [task(fake, 5, does="fail"), task(fake, 6, lane=1, seconds=60 * (workers - 1))]
    with pytest.raises(TrainingError) as caught:
        list(train_in_lanes(fake.STUDY, tasks, tmp_path, Local(workers), "cpu"))
    message = str(caught.value)
    assert "Training does fail, seed 5 failed." in message
    assert "ZeroDivisionError: a bug of the study" in message
    assert "fake_study.py" in message
    assert all(is_gone(pid) for pid in pids(tmp_path) if pid != os.getpid())


@pytest.mark.parametrize("workers", [1, 2])
def test_an_error_of_the_user_stays_one(fake, tmp_path, workers):
    tasks = [task(fake, 5, does="refuse"), task(fake, 6, lane=1)]
    with pytest.raises(InputError, match=r"does is wrong\. Run: does refuse, seed 5\."):
        list(train_in_lanes(fake.STUDY, tasks, tmp_path, Local(workers), "cpu"))


def test_a_worker_that_dies_is_an_error_that_names_the_run(fake, started, tmp_path):
    tasks = [task(fake, 5, does="die"), task(fake, 6, lane=1, seconds=60)]
    with pytest.raises(TrainingError, match=r"signal 9.* while training does die, seed 5"):
        list(train_in_lanes(fake.STUDY, tasks, tmp_path, Local(2), "cpu"))
    assert all(is_gone(pid) for pid in pids(tmp_path))


def test_closing_the_iterator_ends_the_workers(fake, tmp_path):
    tasks = [task(fake, 1), task(fake, 2, lane=1, seconds=60)]
    runs = train_in_lanes(fake.STUDY, tasks, tmp_path, Local(2), "cpu")
    next(runs)
    runs.close()
    assert all(is_gone(pid) for pid in pids(tmp_path))


def test_workers_end_with_an_iterator_that_was_never_asked(fake, started, tmp_path):
    runs = train_in_lanes(
        fake.STUDY, [task(fake, k, lane=k, seconds=60) for k in (1, 2)], tmp_path, Local(2)
    )
    wait_until(lambda: len(pids(tmp_path)) == 2, seconds=60)
    del runs
    assert all(is_gone(pid) for pid in pids(tmp_path))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere each is spawned")
def test_where_the_parent_may_not_be_forked_torch_is_imported_once_for_all(
    fake, tmp_path, monkeypatch
):
    monkeypatch.setattr(workers, "forkable", lambda: False)
    parents = set()
    for seed in (1, 2):
        tasks = [task(fake, seed, lane=lane) for lane in (0, 1)]
        for _, result, *_ in train_in_lanes(fake.STUDY, tasks, tmp_path, Local(2), "cpu"):
            parents.add(result.facts["parent"])
    assert len(parents) == 1 and os.getpid() not in parents


FORKABLE = """
import threading, time
from uphold.training.workers import forkable
print(forkable())
import pandas, pyarrow.parquet, torch
from uphold.training import probe
probe.computed()
print(forkable())
thread = threading.Thread(target=time.sleep, args=(2,))
thread.start()
print(forkable())
thread.join()
torch.set_num_threads(2)
torch.ones(2_000_000).exp()
print(forkable())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="threads are counted on Linux alone")
def test_a_process_with_other_threads_is_not_forked():
    env = os.environ | {"OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", FORKABLE], capture_output=True, text=True, check=True, env=env
    )
    assert done.stdout.split() == ["True", "True", "False", "False"]


PARENT = """
import signal, sys, threading, time
from pathlib import Path
from multiprocessing import resource_tracker
sys.path.insert(0, {here!r})
import fake_study
from uphold.training.contract import Resources, Task
from uphold.training.executors import fitting
from uphold.training import workers
from uphold.training.executors.local import Local
from uphold.training.lanes import train_in_lanes
if __name__ == "__main__":
    workers.forkable = lambda: {forked}
    # A background job of a script has Ctrl-C ignored, and the tests hand that on.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if {deaf}:
        resource_tracker.ensure_running()  # now, because its start unblocks the signal
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    tasks = [Task(fake_study.Run(lane=k, seconds=60), k) for k in range(2)]
    for _ in train_in_lanes(fake_study.STUDY, tasks, Path({folder!r}), Local(2), "cpu"):
        pass
"""


# Deaf: a signal that comes as the parent goes to sleep does not wake it. Here none does, since
# another thread takes them.
@pytest.mark.parametrize(
    ("how", "deaf"), [(signal.SIGKILL, False), (signal.SIGINT, False), (signal.SIGINT, True)]
)
@pytest.mark.parametrize("forked", [True, False])
def test_no_worker_outlives_its_parent(tmp_path, how, deaf, forked):
    script = tmp_path / "parent.py"
    text = PARENT.format(here=str(HERE), folder=str(tmp_path), deaf=deaf, forked=forked)
    script.write_text(text)
    parent = subprocess.Popen(
        [sys.executable, str(script)], stderr=subprocess.PIPE, start_new_session=True
    )
    wait_until(lambda: len(pids(tmp_path)) == 2, seconds=120)  # three imports of torch
    if how == signal.SIGINT:
        # As a terminal does: to the parent and to its workers.
        os.killpg(parent.pid, signal.SIGINT)
    else:
        parent.kill()
    _, stderr = parent.communicate(timeout=30)
    assert parent.returncode == -how
    wait_until(lambda: all(is_gone(pid) for pid in pids(tmp_path)))
    # The interrupted parent says so, once; workers say nothing.
    assert stderr.count(b"Traceback") == (how == signal.SIGINT)
