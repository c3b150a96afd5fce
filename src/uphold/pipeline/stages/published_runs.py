"""The records of a sweep's runs → the files that `train` publishes of them.

What comes in: a sweep, its runs' keys and what the journal holds under them. What goes out, in the
sweep's folder:

``runs.csv``
    One row a run: ``run, configuration``, the factors, ``seed, status, failure``, what the study
    tells of a run (such as the size of its training set), its ``key`` in the journal, and the
    ``settings`` that the sweep chose for it; in a sweep of ensembles, their sizes.
``histories.csv``
    One row an epoch of a run.
``predictions.safetensors``
    ``<run>/<split>`` for every run that did not fail.
``training.json``
    When each run was trained, for how long and on what, and whether that machine computes as the
    reference one does, by its key, as the journal recorded it: what pages say of it they read here.
``design.json``
    What was planned: factors and levels in their order, seeds, what all runs have in common; of a
    search's finalists, the search.

What is promised: the same runs give the same bytes, the times of ``training.json`` apart.
"""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd
from safetensors.numpy import save

from uphold.disk import publish
from uphold.pipeline.design import MEMBERS, SIZES, shown
from uphold.pipeline.run_files import Record
from uphold.pipeline.stages import once_more
from uphold.pipeline.stages.files import (
    DESIGN,
    HISTORIES,
    PREDICTIONS,
    RUNS,
    TRAINING,
    csv_bytes,
    json_bytes,
)

if TYPE_CHECKING:
    from uphold.pipeline.stages.train import Job

TOGETHER = 1000
"""Tables of runs' epochs that are made one: a small one takes many times the memory of its rows."""


def publish_runs(
    job: "Job", keys: Mapping[str, str], records: Mapping[str, Record], second: str | None
) -> None:
    """Write all that a sweep's training gives.

    Parameters
    ----------
    job : Job
        The sweep.
    keys, records : mapping of str
        The run key of each run, and what the journal holds under it, by the run's name.
    second : str or None
        The key of the first run's second time, where it is run again.
    """
    _publish_tables(job, keys, records)
    times = _times(keys, records, program=job.study.is_command)
    publish(job.out / TRAINING, json_bytes(times))
    publish(job.out / DESIGN, json_bytes(_plan(job) | _repeated(job, records, second)))


def _publish_tables(job: "Job", keys: Mapping[str, str], records: Mapping[str, Record]) -> None:
    """Write the tables of runs and epochs, and the predictions."""
    sizes = sorted(job.design.levels.get(MEMBERS, []))
    rows, histories, epochs, predictions = [], [], [], {}
    for run in job.runs:
        result = records[run.name].result
        names = {"run": run.name, "configuration": run.configuration}
        rows.append(
            names
            | {factor: _cell(run.levels.get(factor)) for factor in job.design.names}
            | {"seed": run.seed, "status": "failed" if result.failure else "ok"}
            | {"failure": result.failure, **result.facts, "key": keys[run.name]}
            | {"settings": json.dumps(run.chosen, sort_keys=True)}
            | ({SIZES: shown(sizes)} if sizes else {})
        )
        history = pd.DataFrame({k: result.history[k] for k in sorted(result.history)})
        histories.append(history.assign(**names, seed=run.seed))
        if len(histories) == TOGETHER:
            epochs.append(pd.concat(histories, ignore_index=True))
            histories = []
        for split, array in result.predictions.items():
            predictions[f"{run.name}/{split}"] = array
    first = ["run", "configuration", "seed", "epoch"]
    history = pd.concat([*epochs, *histories], ignore_index=True)
    publish(job.out / PREDICTIONS, save(dict(sorted(predictions.items()))))
    publish(job.out / HISTORIES, csv_bytes(history[first + sorted(set(history) - set(first))]))
    publish(job.out / RUNS, csv_bytes(pd.DataFrame(rows)))


def _cell(level: object) -> object:
    return shown(level) if isinstance(level, list | tuple) else level


def _times(
    keys: Mapping[str, str], records: Mapping[str, Record], *, program: bool
) -> dict[str, Any]:
    """Return when and where each run was trained, by its key; sweeps may share runs.

    What a program computes with is not known.
    """
    from uphold.training import probe  # it imports torch, which this file is read without

    reference = probe.digest(probe.REFERENCE)
    return {
        keys[name]: {
            "started": record.started,
            "finished": record.finished,
            "seconds": record.seconds,
            "device": record.device,
            "as_reference": None if program else _as(reference, record),
        }
        for name, record in sorted(records.items(), key=lambda item: keys[item[0]])
    }


def _as(reference: str, record: Record) -> bool:
    return record.device == "cpu" and record.computed == reference


def _plan(job: "Job") -> dict[str, Any]:
    """Return a design as write-ups tell it: levels, seeds, what all runs have in common.

    That is each setting that has one value in all runs in which it has an effect: the alpha of
    mixup too where one arm does not mix.
    """
    design, levels = job.design, job.design.levels
    canonical = [run.settings.canonical() for run in job.runs]
    varied = {*levels, *(name for chosen in (design.arms or {}).values() for name in chosen)}
    told = {name: value for settings in canonical for name, value in settings.items()}
    fixed = {
        name: value
        for name, value in told.items()
        if name not in varied and all(c.get(name, value) == value for c in canonical)
    }
    return {
        "title": job.title,
        "kind": design.kind,
        "levels": levels,
        "arms": design.arms,
        "seeds": sorted({run.seed for run in job.runs}),
        "sharing": design.seeds.sharing,
        "looks": design.looks,
        "order": design.seeds.order({r.configuration for r in job.runs}) if design.looks else {},
        "replicate": design.replicate,
        "after": design.after,
        "fixed": fixed,
        **({"search": job.search} if job.search else {}),
    }


def _repeated(job: "Job", records: Mapping[str, Record], second: str | None) -> dict[str, Any]:
    """Return how far the first run is from its second time, where it has one."""
    again = job.journal.get(second) if second else None
    if again is None:
        return {}
    first = job.runs[0]
    apart = once_more.compared(first, records[first.name].result, again.result)
    return {"repeated": apart} if apart else {}
