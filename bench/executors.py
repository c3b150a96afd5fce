"""What an executor adds to a run, and what a journal costs as it grows.

In: nothing. Out: ``bench/executors.json``, which is committed, and the same printed. Parts:

* Executors: sweeps of runs that sleep for .1, 1 and 10 s, two at once: on two worker processes, on
  a Ray cluster of two nodes on loopback, and on what behaves like Slurm's command line in the
  tests and is no Slurm (submitit is the real one). A run's overhead is the time beside its sleep:
  (seconds of the sweep - seconds until the first run ended + sleep) x 2 / runs - sleep, workers
  being up; and what passes until the first run has ended, beside its sleep, is told by itself. How
  many lanes without a sleep a second come through says what one process can keep busy.
* Journals of 100 and more small runs: finding what is there, resuming a sweep that has all its
  runs, which reads and publishes them, and the peak memory of that process.

``PYTHONPATH=src python bench/executors.py [RUNS ...]`` measures journals of so many runs; by
default 100, 1,000 and 10,000. Needs the extras ray and slurm.
"""

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from uphold import processor

processor.pin()

ROOT = Path(__file__).parents[1]
TESTS = ROOT / "tests" / "uphold" / "training" / "executors"
RESULT = Path(__file__).with_suffix(".json")
RUNS = {0.1: 40, 1.0: 12, 10.0: 4}
"""Seconds of a run to how many there are."""
AT_ONCE = 2
EMPTY = 400
"""Runs that do not sleep: how many a second pass through one process, from its two workers."""
JOURNALS = (100, 1_000, 10_000)


def main() -> None:
    sizes = [int(number) for number in sys.argv[1:]] or list(JOURNALS)
    found = {
        "machine": f"{len(os.sched_getaffinity(0))} cores, {platform.machine()}",
        "executors": {name: _executor(name) for name in ("local", "ray", "slurm")},
        "journals": {str(size): _journal(size) for size in sizes},
    }
    RESULT.write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))


def _executor(name: str) -> dict:
    """Measure one executor in a process of its own."""
    return _in_a_process("executor", name)


def _journal(size: int) -> dict:
    """Measure a journal: made in one process, resumed in another."""
    with tempfile.TemporaryDirectory() as folder:
        made = _in_a_process("fill", folder, str(size))
        return made | _in_a_process("resume", folder, str(size))


def _in_a_process(*arguments: str) -> dict:
    done = subprocess.run(
        [sys.executable, __file__, "--part", *arguments],
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(TESTS)])},
    )
    return json.loads(done.stdout.splitlines()[-1])


def executor(name: str) -> dict:
    from executor_study import STUDY, Run

    from uphold.training.contract import Task
    from uphold.training.lanes import train_in_lanes

    measured = {}
    with tempfile.TemporaryDirectory() as folder, _begun(name, Path(folder)) as (on, job):
        for seconds, runs in RUNS.items():
            tasks = [Task(Run(lane=number, seconds=seconds), number) for number in range(runs)]
            start = perf_counter()
            ends = [perf_counter() - start for _ in train_in_lanes(STUDY, tasks, job.data, on)]
            after = ends[-1] - ends[AT_ONCE - 1]  # workers being up
            measured[f"{seconds:g} s"] = {
                "runs": runs,
                "until the first run, s": round(ends[0] - seconds, 2),
                "overhead a run, ms": round(
                    1000 * (after * AT_ONCE / (runs - AT_ONCE) - seconds), 1
                ),
                "whole, s": round(ends[-1], 2),
            }
        if name != "slurm":
            tasks = [Task(Run(lane=number), number) for number in range(EMPTY)]
            start = perf_counter()
            assert sum(1 for _ in train_in_lanes(STUDY, tasks, job.data, on)) == EMPTY
            measured["empty lanes a second"] = round(EMPTY / (perf_counter() - start))
    return measured


@contextmanager
def _begun(name: str, folder: Path):
    import fake_slurm
    import pytest
    import sweeps
    from executor_study import STUDY

    from uphold.training.executors.local import Local
    from uphold.training.executors.ray import Ray
    from uphold.training.executors.slurm import Slurm

    job = sweeps.job(folder, STUDY)
    with pytest.MonkeyPatch.context() as patch:
        if name == "ray":
            with sweeps.ray_cluster(patch, [TESTS]) as cluster:
                for _ in range(AT_ONCE):
                    sweeps.node_of(cluster)
                yield Ray(cluster.address), job
        elif name == "slurm":
            path = fake_slurm.install(folder / "bin")
            patch.setenv("PATH", f"{path}{os.pathsep}{os.environ['PATH']}")
            patch.setenv("FAKE_SLURM", str(folder))
            yield Slurm(folder / "jobs"), job
        else:
            yield Local(AT_ONCE), job


def fill(folder: str, size: str) -> dict:
    """Train a sweep of runs that take no time, and keep all of them."""
    start = perf_counter()
    done = _sweep(Path(folder), int(size))
    seconds = perf_counter() - start
    assert done.trained == int(size)
    return {"keep a run, ms": round(1000 * seconds / int(size), 2)}


def resume(folder: str, size: str) -> dict:
    """List a journal, then resume its sweep: all runs are read and published."""
    import sweeps
    from executor_study import STUDY

    journal = sweeps.job(Path(folder), STUDY).journal
    before = _peak()
    start = perf_counter()
    assert len(journal.keys()) == int(size)
    listed = perf_counter()
    done = _sweep(Path(folder), int(size))
    published = perf_counter()
    assert done.trained == 0
    return {
        "list, s": round(listed - start, 3),
        "resume and publish, s": round(published - listed, 2),
        "resume and publish a run, ms": round(1000 * (published - listed) / int(size), 2),
        "peak memory, MB": round(_peak() / 1e6),
        "of which before, MB": round(before / 1e6),
    }


def _sweep(folder: Path, size: int):
    import executor_study
    import sweeps

    from uphold.pipeline.stages import train as stage
    from uphold.training.contract import Step

    stage.code_of = lambda study: "the toy's"  # it is no package of studies
    data = executor_study.load(sweeps.job(folder, executor_study.STUDY).data)
    x = executor_study.torch.from_numpy(data.copy())

    def trainer(study, tasks, data):
        for task in tasks:
            yield Step(task, executor_study._computed(task.seed, x), 0.0)

    job = sweeps.job(folder, executor_study.STUDY, lanes=1, seeds=range(size))
    return stage.train(job, trainer, device="cpu", say=lambda text: None)


def _peak() -> int:
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    if sys.argv[1:2] == ["--part"]:
        part, *arguments = sys.argv[2:]
        print(json.dumps({"executor": executor, "fill": fill, "resume": resume}[part](*arguments)))
    else:
        main()
