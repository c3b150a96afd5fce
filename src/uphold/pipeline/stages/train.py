"""``train@sweep``: the runs that are missing → the journal → the sweep's predictions.

What comes in: the sweep's runs and the prepared data. What goes out is in the sweep's folder: see
`published_runs`.

What is promised: only missing runs are trained, each is in the journal the moment it has ended, and
the outputs are published from the journal in one go, sorted, so that an interrupted and resumed
sweep is byte for byte the uninterrupted one, the times of its runs apart.
"""

import platform
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from uphold import processor
from uphold.errors import InputError
from uphold.format import counted
from uphold.pipeline import digest
from uphold.pipeline.checkpoint_file import Before
from uphold.pipeline.code_digest import of_command, of_training
from uphold.pipeline.design import Design, Run, key
from uphold.pipeline.journal import Journal
from uphold.pipeline.run_files import Record
from uphold.pipeline.stages import once_more
from uphold.pipeline.stages.files import needed
from uphold.pipeline.stages.published_runs import publish_runs
from uphold.pipeline.study import Study
from uphold.training.contract import Place, RunSettings, Step, Task

Trainer = Callable[[Study, Sequence[Task[RunSettings]], Path], Iterator[Step]]
"""Trains tasks on the data of a folder; yields each with its result and its seconds, and where it
was not on this machine with its place."""

Track = Callable[[Iterable[Step], Sequence[Task[RunSettings]]], Iterable[Step]]
"""Passes on what a trainer yields of tasks, and shows how far it has come."""


def untracked(steps: Iterable[Step], tasks: Sequence[Task[RunSettings]]) -> Iterable[Step]:
    """Pass on what a trainer yields, and show nothing."""
    return steps


@dataclass(frozen=True)
class Job:
    """A sweep to be trained: what, not how.

    Attributes
    ----------
    name, title : str
        The sweep.
    study : Study
        Its study.
    design : Design
        Its design, in whose order factors and levels are reported.
    runs : sequence of Run
        Its runs.
    data : Path
        The study's prepared data.
    journal : Journal
        The study's journal.
    out : Path
        The sweep's folder.
    search : mapping, optional
        The search whose finalists the runs are, as it was published.
    arithmetic : {"avx2", "native"}
        The instructions that runs are trained with.
    """

    name: str
    title: str
    study: Study
    design: Design
    runs: Sequence[Run]
    data: Path
    journal: Journal
    out: Path
    search: Mapping[str, Any] | None = None
    arithmetic: processor.Arithmetic = processor.DEFAULT


@dataclass(frozen=True)
class Trained:
    """How many runs a sweep has, and how many of them were trained just now and failed."""

    runs: int
    trained: int
    failed: int


def into_journal(
    journal: Journal,
    keys: Mapping[Task[RunSettings], str],
    begin: Callable[[Sequence[Task[RunSettings]]], Iterable[Step]],
    device: str,
) -> None:
    """Train runs and keep each as soon as it is trained, under the key of its task.

    Parameters
    ----------
    journal : Journal
        Where they are kept, and meanwhile their checkpoints.
    keys : mapping of Task to str
        The runs, each with its key.
    begin : callable
        Trains tasks; yields each as it ends.
    device : str
        What they are trained on.
    """
    started = datetime.now(UTC)
    files = {task: journal.checkpoint(key, device) for task, key in keys.items()}
    before = {task: file.before() for task, file in files.items()}
    tasks = [replace(task, checkpoint=file) for task, file in files.items()]
    for step in begin(tasks):
        task, result, seconds, place = Step(*step)
        place = place or _here(device)
        first = before[task] or Before(started.timestamp(), 0)
        journal.put(
            keys[task],
            result,
            settings=task.settings.canonical(),
            seed=task.seed,
            seconds=first.seconds + seconds,
            device=first.on(device),
            computed=place.computed,
            host=place.host,
            started=datetime.fromtimestamp(first.started, UTC),
        )


def _here(device: str) -> Place:
    """Return this machine, as the journal tells of it."""
    from uphold.training import probe  # it imports torch: not for those who only plan runs

    known = probe.usable(device)
    return Place(platform.node(), probe.digest(probe.computed(device)) if known else "")


def train(
    job: Job,
    trainer: Trainer,
    *,
    device: str,
    wait: bool = True,
    retry: bool = False,
    say: Callable[[str], None] = print,
    track: Track = untracked,
) -> Trained:
    """Train what is missing of a sweep and publish all of it.

    Parameters
    ----------
    job : Job
        The sweep.
    trainer : Trainer
        What trains.
    device : str
        What it trains on, for the journal.
    wait : bool
        Whether to wait for another process that trains this sweep.
    retry : bool
        Whether runs that failed are set aside in the journal and run again.
    say, track : callable
        Take messages, and wrap the trained runs to show progress.

    Raises
    ------
    InputError
        Where there are no prepared data, or runs cannot be trained on them; where numpy was
        imported before the sweep's arithmetic was chosen; where a run was lost while the sweep was
        trained.
    Busy
        Where another process trains this sweep and `wait` is false.
    """
    _prepared(job)  # before the lock, which leaves a file
    journal, runs = job.journal, job.runs
    with journal.lock(job.name, wait=wait, say=say):
        keys = keys_of(job)
        fetched = journal.fetch(keys.values())
        known = {run.name: journal.get(keys[run.name]) for run in runs}
        if retry:
            for run in runs:
                if (record := known[run.name]) and record.result.failure is not None:
                    journal.retire(keys[run.name])
                    known[run.name] = journal.get(keys[run.name])  # another machine may have it
        missing = {run.task: keys[run.name] for run in runs if known[run.name] is None}
        summary = f"{job.name}: {len(runs)} runs, {len(runs) - len(missing)} in the journal already"
        if fetched:
            summary += f", {fetched} of them just fetched from the shared one"
        say(summary + going_on(journal, missing.values()))
        trained, second = len(missing), second_key(job, keys)
        if second and second not in journal:
            missing[once_more.task_of(runs[0])] = second
            say(f"{job.name}: {runs[0].name} is run twice, to see what its seed leaves open")
        if missing:
            if line := instructions(job.arithmetic, device):
                say(line)
            into_journal(
                journal,
                missing,
                lambda tasks: track(trainer(job.study, tasks, job.data), tasks),
                device,
            )
        records: dict[str, Record] = {}
        for run in runs:
            record = known[run.name] or journal.get(keys[run.name])
            if record is None:
                raise InputError(
                    f"{journal.folder} does not hold {run.name} of {job.name}, which was trained "
                    "just now: was it damaged or removed meanwhile? Train again."
                )
            records[run.name] = record
        publish_runs(job, keys, records, second)
    failures = sum(r.result.failure is not None for r in records.values())
    return Trained(len(runs), trained, failures)


def going_on(journal: Journal, missing: Iterable[str]) -> str:
    """Say how many of the missing runs were begun before and go on."""
    begun = sum(map(journal.begun, missing))
    if not begun:
        return ""
    return f", {counted(begun, 'run')} {'goes' if begun == 1 else 'go'} on from a checkpoint"


def keys_of(job: Job) -> dict[str, str]:
    """Return the run key of each run, by the run's name.

    Raises
    ------
    InputError
        Where there are no prepared data, on which the keys depend.
    """
    _prepared(job)
    known = known_by(job.study, job.data, job.arithmetic)
    return {r.name: key(job.study.name, r, **known) for r in job.runs}


def known_by(study: Study, data: Path, arithmetic: str) -> dict[str, str]:
    """Return what a run is known by beside its settings and seed, as its key takes it."""
    # What a program computes with is its own: it names the lock file of its environment.
    torch = "" if study.is_command else version("torch")
    known = {"data": digest.of_data(data), "code": code_of(study)}
    return known | {"torch": torch, "arithmetic": arithmetic}


def code_of(study: Study) -> str:
    """Return the digest of the code that a run of a study passes through."""
    if study.is_command:
        return of_command()
    return of_training(study.name, f"{study.run.__module__}:{study.run.__qualname__}")


def second_key(job: Job, keys: Mapping[str, str]) -> str | None:
    """Return the key of a sweep's first run when it is run again; None where none is.

    Fresh runs of a sweep's configurations need no second answer.
    """
    own = set(job.design.seeds.values)
    asked = job.study.is_command and job.runs[0].seed in own
    return once_more.key_of(keys[job.runs[0].name]) if asked else None


def instructions(arithmetic: processor.Arithmetic, device: str) -> str:
    """Make sure of a setting, and say so where this machine computes otherwise than committed.

    Raises
    ------
    InputError
        Where numpy or torch were loaded before it was set.
    """
    processor.pin(arithmetic)
    from uphold.training import probe  # after the pin, and not for those who only plan runs

    if not probe.usable(device):
        return ""  # other machines train, and what they compute is recorded with their runs
    return probe.told(device, processor.unpinned() if arithmetic == "avx2" else "")


def _prepared(job: Job) -> None:
    """Refuse to go on without prepared data."""
    needed(job.data / digest.CARD, f"prepare@{job.study.name}")
