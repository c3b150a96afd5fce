"""What `train` would do of a sweep, and how long it would take: said, and nothing done.

In: a job of `train`, a device, a number of workers. Out: a few lines. Promised: nothing is written,
locked or set aside.
"""

import json
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from uphold.format import duration
from uphold.pipeline.design import Run
from uphold.pipeline.stages.train import Job, going_on, keys_of
from uphold.pipeline.time_left import epochs


def foresee(job: Job, *, device: str, workers: int) -> str:
    """Say what `train` would do and about how long it would take; nothing is written or locked.

    A run is expected to take the median of the recorded seconds of runs with its settings, or else,
    epoch by epoch, of all runs of the study, as far as they were trained on the device alone. All
    runs take no less than the longest of them.

    Parameters
    ----------
    job : Job
        The sweep.
    device : str
        What it would be trained on.
    workers : int
        How many runs would be trained at once.

    Raises
    ------
    InputError
        Where there are no prepared data, on which the run keys depend, or runs cannot be trained on
        them.
    """
    keys = keys_of(job)
    for run in job.runs:
        job.study.refuse(job.data, run.settings)
    missing = [run for run in job.runs if keys[run.name] not in job.journal]
    known = len(job.runs) - len(missing)
    away = len(job.journal.elsewhere(keys.values()))
    shared = f" ({away} of them in the shared one)" if away else ""
    summary = f"{job.name}: {len(job.runs)} runs, {known} in the journal{shared}, "
    summary += f"{len(missing)} to be trained"
    summary += going_on(job.journal, [keys[run.name] for run in missing])
    if not missing:
        return summary
    told = _expected(job, missing, device, workers) + _commands(job, missing)
    return summary + told + _damaged(job, missing, keys)


def _commands(job: Job, missing: Sequence[Run]) -> str:
    """Return what a study tells of missing runs, a line each: their commands, where it has some."""
    training = job.study.module("training")
    if not hasattr(training, "told"):
        return ""
    data = training.load(job.data)
    return "".join(f"\n  {training.told(run.task, data)}" for run in missing)


def _damaged(job: Job, missing: Sequence[Run], keys: Mapping[str, str]) -> str:
    """Name what stands in the journal in the place of missing runs."""
    damages = {key: job.journal.damage(key) for key in (keys[run.name] for run in missing)}
    lines = [f"  {key}: {damage}" for key, damage in damages.items() if damage is not None]
    head = f"{job.name}: {len(lines)} of them damaged in the journal, to be set aside:"
    return "".join(f"\n{line}" for line in [head, *lines]) if lines else ""


def _expected(job: Job, missing: Sequence[Run], device: str, workers: int) -> str:
    """Say how long the missing runs will take by the journal's times."""
    by_epoch: list[float] = []
    alike: dict[str, list[float]] = {}
    for record in map(job.journal.metadata, job.journal.keys()):
        if record is not None and record["device"] == device:
            settings, seconds = record["settings"], record["seconds"]
            by_epoch.append(seconds / epochs(settings))
            alike.setdefault(_alike(settings), []).append(seconds)
    if not by_epoch:
        return "; no times known yet"
    expected = []
    for settings in (run.settings.canonical() for run in missing):
        known = alike.get(_alike(settings))
        expected.append(median(known) if known else median(by_epoch) * epochs(settings))
    together = max(sum(expected) / min(workers, len(missing)), *expected)
    return f"; about {duration(together)} by the journal's times"


def _alike(settings: Mapping[str, Any]) -> str:
    return json.dumps(settings, sort_keys=True)
