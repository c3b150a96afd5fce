"""Optuna's trials, from whichever of its storages → the table of runs."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import pandas as pd

from uphold.claims.numeric import Scale
from uphold.errors import InputError
from uphold.format import counted
from uphold.runlog.importers.imported import (
    RESULT,
    SETTING,
    TAG,
    Imported,
    State,
    arranged,
    level,
    settings,
)
from uphold.runlog.importers.json_text import json_of
from uphold.runlog.importers.long_tables import spread
from uphold.runlog.naming import read_name

Direction = Literal["higher", "lower"]
STATES: Mapping[str, State] = {
    "COMPLETE": "finished",
    "PRUNED": "pruned",
    "FAIL": "failed",
    "RUNNING": "running",
}
WAITING = "WAITING"
METRIC_NAMES = "study:metric_names"
"""The attribute of a study under which Optuna keeps the names of its objectives."""


@dataclass
class Study:
    """A study: its name, and of each objective which way is better and what it is called."""

    name: str
    better: list[Direction | None]
    metrics: list[str] | None = None

    def metric(self, objective: int) -> str:
        """Return what an objective is called; as `study.trials_dataframe` does, without a name."""
        if self.metrics and objective < len(self.metrics):
            return str(self.metrics[objective])
        return "value" if len(self.better) <= 1 else f"values_{objective}"


@dataclass
class Trials:
    """All that a storage holds.

    Attributes
    ----------
    studies : dict of int to Study
    trials : DataFrame
        ``run``, ``study``, ``number`` and ``state``, by Optuna's names.
    parameters, results, attributes : DataFrame
        ``run``, ``name`` and ``value``; the name of a result is the number of its objective.
    scales : dict of str to {"log", "linear"}
        By parameter, of those that are numbers.
    notes : list of str
    """

    studies: dict[int, Study]
    trials: pd.DataFrame
    parameters: pd.DataFrame
    results: pd.DataFrame
    attributes: pd.DataFrame
    scales: dict[str, Scale] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@cache
def scale_of(distribution: str) -> Scale | None:
    """Return the scale on which Optuna drew a number, None of a choice.

    ``distribution`` is one that `decoder` has read.
    """
    kind, held = _parts(json.loads(distribution))
    if kind.startswith("categorical"):
        return None
    return "log" if held.get("log") or "loguniform" in kind else "linear"


def _parts(distribution: dict[str, Any]) -> tuple[str, Any]:
    """Return the kind of a distribution, in small letters, and what it is made of."""
    kind = str(distribution.get("name", distribution.get("type"))).lower()
    return kind, distribution.get("attributes", distribution)


def decoder(distribution: str, source: str) -> Callable[[float], Any]:
    """Return what makes of the number that is kept of a parameter its value.

    A whole number stays one, and of a choice the place in the list of choices is kept. Older
    names (``IntUniformDistribution``) and the short form (``{"type": "int", …}``) are known too.
    """
    found = json_of(distribution, f"{source}: a parameter's distribution")
    if isinstance(found, dict):
        kind, held = _parts(found)
        choices = held.get("choices") if isinstance(held, dict) else None
        if kind.startswith("categorical") and isinstance(choices, list):
            levels = [level(choice) for choice in choices]
            return lambda number: levels[_place(number, len(levels))]
        if kind.startswith("int"):
            return int
        if kind.startswith(("float", "uniform", "loguniform", "discreteuniform")):
            return float
    raise InputError(
        f"{source} holds a parameter of the distribution {distribution[:80]!r}, which is none of"
        " Optuna 2 to 5: export the trials with `study.trials_dataframe().to_csv(…)`."
    )


def _place(number: float, count: int) -> int:
    if not 0 <= number < count:
        raise ValueError(f"choice {number} of {count}")
    return int(number)


def table_of_trials(found: Trials, source: str, form: str) -> Imported:
    """Return the table of all studies' trials.

    Raises
    ------
    InputError
        There are none.
    """
    notes = [*found.notes]
    trials, studies = found.trials, found.studies
    trials = trials[trials["study"].isin(list(studies))]
    waiting = trials["state"] == WAITING
    if waiting.any():
        notes.append(f"{_trials(waiting.sum())} not begun (WAITING): left out.")
    trials = trials[~waiting]
    if trials.empty:
        raise InputError(
            f"{source} holds no trials{' that were begun' if waiting.any() else ''}: give the"
            " storage that the study was run with."
        )
    unknown = sorted(set(trials["state"].map(str)) - set(STATES))
    if unknown:
        raise InputError(
            f"{source} holds a trial in the state {unknown[0]!r}; Optuna 2 to 5 know"
            f" {', '.join(STATES)}: export the trials with `study.trials_dataframe().to_csv(…)`."
        )
    study = trials["study"].map(lambda key: studies[key].name)
    number = trials["number"].astype(int)
    several = len(study.unique()) > 1
    runs = pd.Index(trials["run"])
    leading = pd.DataFrame(
        {
            "run": (study + "/" + number.astype(str) if several else number).to_numpy(),
            "group": study.to_numpy(),
            "state": trials["state"].map(STATES).to_numpy(),
        },
        index=runs,
    )
    study_of = dict(zip(trials["run"], trials["study"], strict=True))
    values = found.results[found.results["run"].isin(runs)]
    values = values.assign(
        name=[
            studies[study_of[run]].metric(objective)
            for run, objective in zip(values["run"], values["name"], strict=True)
        ]
    )
    parts = [
        leading,
        spread(found.parameters, runs, SETTING, source),
        spread(values, runs, RESULT, source, lambda column: pd.to_numeric(column)),
    ]
    noted, said = _noted(found.attributes, runs, set(parts[1]) | set(parts[2]), source)
    table = pd.concat([*parts, noted], axis=1).reset_index(drop=True)
    better, doubts = _better(studies[key] for key in trials["study"].unique())
    scales = {f"{SETTING}{name}": scale for name, scale in found.scales.items()}
    return Imported(arranged(table, source), form, better, (*notes, *said, *doubts), scales)


def _trials(count: int) -> str:
    return counted(count, "trial")


def _better(studies: Any) -> tuple[dict[str, Direction], list[str]]:
    """Return which way each metric is better, and of which studies disagree."""
    better: dict[str, Direction] = {}
    against: set[str] = set()
    for study in studies:
        for objective, direction in enumerate(study.better):
            name = f"{RESULT}{study.metric(objective)}"
            if direction and better.setdefault(name, direction) != direction:
                against.add(name)
    doubts = [
        f"Studies disagree on whether a higher {name} is better: give one of them in the spec."
        for name in sorted(against)
    ]
    return {n: direction for n, direction in better.items() if n not in against}, doubts


def _noted(
    attributes: pd.DataFrame, runs: pd.Index, taken: set[str], source: str
) -> tuple[pd.DataFrame, list[str]]:
    """Return the user's attributes, and what they were taken for.

    Optuna does not tell whether one was known before a trial or came of it. Numbers with the
    name of a result are results. What has no such name and recurs, as a seed or a data set does,
    is a setting. All else is a tag.
    """
    rows = [
        (run, key, inner)
        for run, name, value in attributes.itertuples(index=False, name=None)
        for key, inner in settings({name: value}, "").items()
    ]
    long = pd.DataFrame(rows, columns=["run", "name", "value"], dtype=object)
    columns = spread(long, runs, "", source)
    kinds = {name: _kind(name, columns[name].dropna()) for name in columns}
    named = {
        name: f"{kind if f'{kind}{name}' not in taken else TAG}{name}"
        for name, kind in kinds.items()
    }
    said = [
        f"Of the users' attributes, {words} by name and values: {', '.join(names)}."
        for kind, words in ((RESULT, "results"), (SETTING, "settings"))
        if (names := [name for name in columns if named[name].startswith(kind)])
    ]
    return columns.rename(columns=named), said


def _kind(name: str, values: pd.Series) -> str:
    role = read_name(name).role
    if role == "metric" and pd.api.types.is_numeric_dtype(values.infer_objects()):
        return RESULT
    recurs = values.map(str).nunique() * 2 <= len(values)
    return SETTING if role == "setting" and recurs else TAG
