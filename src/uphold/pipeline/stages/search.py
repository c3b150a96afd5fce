"""``search@search``: trials, asked for one after the other → the best of them.

What comes in: a search, the prepared data, how predictions are scored. What goes out: one file with
every trial (its settings, its score at each budget, how it ended) and, best first, the settings
that may be compared over seeds. It lies where promoted settings do: a sweep starts from it.

Which settings are tried, and which trials end early, `uphold.pipeline.trials` says; it is told
everything anew each time, from the journal: a trial at a budget is a run like any other, whose key
finds it. What is promised: interrupted or not, a search asks for the same trials as long as they
score the same, because its name, its seed and their scores are all that it rests on; and no run is
trained that the journal holds. A trial that goes on to a larger budget is another run, trained from
its start: a schedule of rates depends on the number of epochs.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from uphold.disk import publish
from uphold.errors import InputError
from uphold.pipeline import digest
from uphold.pipeline.design import Run, key
from uphold.pipeline.journal import Journal
from uphold.pipeline.run_files import Record
from uphold.pipeline.search import Search
from uphold.pipeline.stages.files import json_bytes, needed
from uphold.pipeline.stages.train import (
    Track,
    Trainer,
    instructions,
    into_journal,
    known_by,
    untracked,
)
from uphold.pipeline.study import Study
from uphold.pipeline.trials import Trial, Trials
from uphold.processor import DEFAULT, Arithmetic
from uphold.training.contract import RunSettings, Task
from uphold.validation import Settings, validated


@dataclass(frozen=True)
class Job:
    """A search to be run.

    Attributes
    ----------
    name : str
        The search.
    search : Search
    study : Study
        Its study.
    start : mapping
        What holds in every trial: what was promoted before, and the search's anchors.
    defaults : mapping
        The study's own settings, weaker than all others.
    evaluation : Settings
        How predictions are scored.
    data : Path
        The study's prepared data.
    journal : Journal
        The study's journal.
    out : Path
        The file that takes what was found.
    arithmetic : {"avx2", "native"}
        The instructions that runs are trained with.
    """

    name: str
    search: Search
    study: Study
    start: Mapping[str, Any]
    defaults: Mapping[str, Any]
    evaluation: Settings
    data: Path
    journal: Journal
    out: Path
    arithmetic: Arithmetic = DEFAULT

    def settings(self, change: Mapping[str, Any]) -> RunSettings:
        """Return the settings of a run that differs from the start in some."""
        return validated(self.study.run, {**self.defaults, **self.start, **change}, self.name)

    @property
    def budgets(self) -> list[int]:
        """The budgets of trials, rising; the last is a whole run's."""
        whole: int = getattr(self.settings({}), self.search.budget.of)
        return self.search.budget.steps(whole)

    @cached_property
    def truth(self) -> Any:
        """What predictions are held against."""
        return self.study.module("evaluation").load(self.data)

    @cached_property
    def key(self) -> Callable[[Task[RunSettings]], str]:
        """What gives the run key of a task."""
        needed(self.data / digest.CARD, f"prepare@{self.study.name}")
        known = known_by(self.study, self.data, self.arithmetic)
        return lambda task: key(self.study.name, Run({}, {}, task.settings, task.seed), **known)


@dataclass(frozen=True)
class Searched:
    """What a search did: its trials, the keys of their runs, and how many were trained now."""

    trials: list[Trial]
    keys: set[str]
    trained: int


class NotTrained(Exception):
    """A run is asked for that the journal does not hold."""


def search(
    job: Job,
    trainer: Trainer,
    *,
    device: str,
    wait: bool = True,
    say: Callable[[str], None] = print,
    track: Track = untracked,
) -> Searched:
    """Run a search, training what the journal does not hold, and publish what it found.

    Raises
    ------
    InputError
        Where there are no prepared data, or every trial failed; where numpy was imported before
        the arithmetic was chosen.
    Busy
        Where another process runs this search and `wait` is false.
    """
    needed(job.data / digest.CARD, f"prepare@{job.study.name}")  # before the lock leaves a file
    trained = 0

    def train(tasks: Sequence[Task[RunSettings]]) -> None:
        nonlocal trained
        if not trained and (line := instructions(job.arithmetic, device)):
            say(line)
        trained += len(tasks)
        into_journal(
            job.journal,
            {task: job.key(task) for task in tasks},
            lambda tasks: track(trainer(job.study, tasks, job.data), tasks),
            device,
        )

    with job.journal.lock(job.name, wait=wait, say=say):
        done = _through(job, train)
        ranked = _ranked(job, done.trials)
        if not ranked:
            raise InputError(
                f"{job.name}: no trial could be trained that differs from its start: change the"
                " space or the anchors."
            )
        publish(job.out, json_bytes(_found(job, done.trials, ranked)))
    return replace(done, trained=trained)


def known(job: Job) -> Searched:
    """Return a search as far as the journal holds its runs; nothing is trained or written."""
    done = Searched([], set(), 0)

    def refuse(tasks: Sequence[Task[RunSettings]]) -> None:
        raise NotTrained

    with suppress(NotTrained):
        _through(job, refuse, done)
    return done


def foresee(job: Job) -> str:
    """Say how much of a search the journal holds."""
    told = sum(bool(trial.ended) for trial in known(job).trials)
    left = job.search.trials - told
    return (
        f"{job.name}: {job.search.trials} trials, {told} in the journal, {left} to be trained, at"
        f" budgets of {', '.join(map(str, job.budgets))} {job.search.budget.of}"
    )


def _through(
    job: Job,
    train: Callable[[Sequence[Task[RunSettings]]], None],
    done: Searched | None = None,
) -> Searched:
    """Ask for all trials, have those trained that are missing, and tell what they score."""
    done = done or Searched([], set(), 0)
    start = {**job.defaults, **job.start}
    trials = Trials(job.name, job.search, job.budgets, start, job.study.run)
    while len(done.trials) < job.search.trials:
        left = job.search.trials - len(done.trials)
        together = [trials.ask() for _ in range(min(left, job.search.together))]
        done.trials.extend(together)
        for budget in job.budgets:
            going = [trial for trial in together if not trial.ended]
            looked_at = [trial for trial in going if budget >= trials.first_budget(trial)]
            scores = _scores(job, looked_at, budget, train, done.keys)
            for trial, score in zip(looked_at, scores, strict=True):
                trials.tell(trial, budget, score)
    return done


def _scores(
    job: Job,
    trials: Sequence[Trial],
    budget: int,
    train: Callable[[Sequence[Task[RunSettings]]], None],
    keys: set[str],
) -> list[float | None]:
    """Return what trials score at a budget, None where the run failed or has no score."""
    tasks = [
        Task(job.settings({**trial.settings, job.search.budget.of: budget}), job.search.seed)
        for trial in trials
    ]
    found = {key: job.journal.get(key) for key in map(job.key, tasks)}
    keys.update(found)
    missing = {job.key(task): task for task in tasks if found[job.key(task)] is None}
    if missing:
        train(list(missing.values()))
        found |= {key: job.journal.get(key) for key in missing}
    return [_score(job, found[job.key(task)]) for task in tasks]


def _score(job: Job, record: Record | None) -> float | None:
    if record is None:
        raise InputError(
            f"{job.journal.folder} does not hold a run of {job.name}, which was trained just now:"
            " was it damaged or removed meanwhile? Search again."
        )
    if record.result.failure is not None:
        return None
    evaluation = job.study.module("evaluation")
    scores = evaluation.score(record.result.predictions, job.truth, job.evaluation)
    score = scores[job.search.by]
    return float(score) if score == score else None


def _ranked(job: Job, trials: Sequence[Trial]) -> list[Trial]:
    """Return the trials best first: by the budget they came to, then by their score there.

    Trials that are the start, or the same as a better one, are left out.
    """
    sign = -1 if job.search.higher else 1

    def place(trial: Trial) -> tuple[int, float, int]:
        last = max(trial.scores)
        return -last, sign * trial.scores[last], trial.number

    scored = [trial for trial in trials if trial.ended != "failed"]
    seen, distinct = [job.settings({}).canonical()], []
    for trial in sorted(scored, key=place):
        canonical = job.settings(trial.settings).canonical()
        if canonical not in seen:
            seen.append(canonical)
            distinct.append(trial)
    return distinct


def _found(job: Job, trials: Sequence[Trial], ranked: Sequence[Trial]) -> dict[str, Any]:
    """Return what is published: the search as it went, and its best trials."""
    return {
        "name": job.name,
        "by": job.search.by,
        "higher": job.search.higher,
        "seed": job.search.seed,
        "budget": job.search.budget.of,
        "budgets": job.budgets,
        "space": {
            name: dimension.model_dump(by_alias=True, exclude_none=True)
            for name, dimension in job.search.space.items()
        },
        "trials": [
            {
                "number": trial.number,
                "ended": trial.ended,
                "scores": {str(budget): score for budget, score in trial.scores.items()},
                "settings": trial.settings,
            }
            for trial in trials
        ],
        "start": dict(job.start),
        "finalists": [{"trial": one.number, "settings": one.settings} for one in ranked],
    }
