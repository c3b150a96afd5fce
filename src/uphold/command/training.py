"""Runs of a command: what `uphold.pipeline.study` asks of a study's ``training``.

In: prepared data, which hold the command and its files; settings and a seed. Out: what the run has
written, or why it failed with the end of its log. Promised: a run has a folder of its own, with
copies of the files that decide and of nothing else, which goes when the run ends; nothing of it
passes a shell.
"""

import json
import os
import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import yaml

from uphold.command import process, results
from uphold.command.arguments import filled
from uphold.command.settings import CONFIG, OUT, SEED, CommandRun
from uphold.pipeline.stages.once_more import NUMBER
from uphold.training.contract import Resources, Result, Task

__all__ = ["load", "plan", "told", "train"]

PROGRAM, FILES = "program.json", "files"
"""What prepared data hold: the command, and a folder of its files."""
COPIED = 16 * 2**20
"""Bytes of a file that is copied; larger ones are linked to, and looked at afterwards."""
PYTHON = ("python", "python3")
"""What stands for the Python that uphold runs on."""
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True)
class Program:
    """A command as it was prepared.

    Attributes
    ----------
    command : list of str
    environment : mapping of str to str
        Both with fields.
    files : Path
        The folder of its files.
    """

    command: list[str]
    environment: Mapping[str, str]
    files: Path


def load(folder: Path) -> Program:
    """Read what `uphold.command.data.prepare` wrote."""
    found = json.loads((folder / PROGRAM).read_text("utf-8"))
    return Program(found["command"], found["environment"], (folder / FILES).resolve())


def plan(
    tasks: Sequence[Task[CommandRun]], data: Program, device: str, workers: int
) -> list[list[Task[CommandRun]]]:
    """Divide runs into lanes: each for itself."""
    return [[task] for task in tasks]


def train(lane: Sequence[Task[CommandRun]], data: Program, device: str) -> list[Result]:
    """Run the runs of a lane."""
    return [_run(task, data) for task in lane]


def told(task: Task[CommandRun], data: Program) -> str:
    """Return the command of a run as one would type it."""
    return shlex.join(arguments(task, data, "OUT", "CONFIG"))


def arguments(task: Task[CommandRun], data: Program, out: str, config: str) -> list[str]:
    """Return the arguments of a run, as they are given to it."""
    values = {**task.settings.given(), SEED: task.seed, OUT: out, CONFIG: config}
    program, *others = filled(data.command, values)
    return [sys.executable if program in PYTHON else program, *others]


def _run(task: Task[CommandRun], data: Program) -> Result:
    resources = task.settings.data.resources.resources
    with TemporaryDirectory(prefix=f"{task.settings.study}-", ignore_cleanup_errors=True) as name:
        folder = Path(name).resolve()
        work, out, config = folder / "work", folder / "out", folder / "config.yaml"
        out.mkdir()
        linked = _laid_out(data.files, work)
        values = {**task.settings.given(), SEED: task.seed, OUT: str(out)}
        config.write_text(yaml.safe_dump(values, sort_keys=False), "utf-8")
        ended = process.run(
            arguments(task, data, str(out), str(config)),
            work,
            surroundings(data, {**values, CONFIG: str(config)}, resources),
            folder / "log.txt",
            None if resources.minutes is None else resources.minutes * 60,
        )
        log = ended.log.replace(str(folder), "")
        if ended.failure:
            return _failed(ended.failure, log)
        if changed := [path for path, state in linked.items() if _state(path) != state]:
            return _failed(f"it changed {changed[0].relative_to(data.files)}, which runs read", log)
        try:
            written = _written(out)
        except results.Unusable as error:
            return _failed(str(error), log)
    numbers = {f"{NUMBER}{name}": np.array(value) for name, value in written.numbers.items()}
    return Result({**numbers, **written.arrays}, written.history)


def _written(out: Path) -> results.Written:
    """Read what a run has written itself, or else by its tracker."""
    if not (out / results.METRICS).is_file():
        from uphold.command import tracked  # pandas and the importers, for few programs

        if tracked.is_tracked(out):
            return tracked.read(out)
    return results.read(out)


def surroundings(data: Program, values: Mapping[str, Any], resources: Resources) -> dict[str, str]:
    """Return the environment of a run: that of this process, what is declared, its threads.

    Hashes of texts are the same in each run, which Python else draws anew.
    """
    threads = dict.fromkeys(THREADS, str(resources.cores))
    declared = {name: "".join(filled([text], values)) for name, text in data.environment.items()}
    return {**os.environ, "PYTHONHASHSEED": "0", **threads, **declared}


def _laid_out(files: Path, work: Path) -> dict[Path, tuple[int, int]]:
    """Copy the files that decide into a run's folder; return the state of those linked to."""
    linked = {}
    work.mkdir()
    for path in sorted(files.rglob("*")):
        target = work / path.relative_to(files)
        if path.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        elif path.stat().st_size <= COPIED:
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, target)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(path)
            linked[path] = _state(path)
    return linked


def _state(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _failed(why: str, log: str) -> Result:
    end = f"Its last lines:\n{log}" if log else "It said nothing."
    return Result({}, {"epoch": np.zeros(0, dtype=np.int64)}, failure=f"{why}. {end}")
