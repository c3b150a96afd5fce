"""The run that a user means → its key in a journal.

In: a run key or its first characters, or the text of the column ``run``, or a sweep with what it
promoted or with a configuration. Out: one run. Promised: where several runs fit, the words that
tell them apart are asked for, unless they differ in their seed alone: then it is the run with the
best validation score by the rule of its sweep.
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from uphold.errors import InputError, nearest
from uphold.pipeline import sweeps
from uphold.pipeline.design import levels_in
from uphold.pipeline.journal import Journal
from uphold.pipeline.params import Params
from uphold.pipeline.stages.files import PROMOTION, RUNS, SCORES, needed, read_csv, read_json
from uphold.pipeline.stages.paths import Paths

FEWEST_CHARACTERS = 6
"""So many of a key's first ones name it."""
NEAR = 5


@dataclass(frozen=True)
class Named:
    """A run.

    Attributes
    ----------
    study : str
    key : str
    sweep : str
        A sweep that it belongs to; empty where it is known by its key alone.
    run : str
        Its name in the sweep.
    promoted : bool
        Whether its configuration is the one that the sweep promoted.
    among : int
        Of how many seeds it is the one with the best validation score; 0 where it was named.
    """

    study: str
    key: str
    sweep: str = ""
    run: str = ""
    promoted: bool = False
    among: int = 0


def by_text(params: Params, text: str, sweep: str | None = None) -> Named:
    """Return the run of a key, of a key's first characters, or of a name in the column ``run``.

    Raises
    ------
    InputError
        Where there is none, with the nearest names, or several runs have the name.
    """
    known = list(_known(params, [sweep] if sweep else list(params.names.sweeps)))
    keys = {named.key: named for named in reversed(known)}
    if sweep is None:
        stored = _stored(params)
        keys = {**{key: Named(study, key) for key, study in stored.items()}, **keys}
    starting = [key for key in keys if key.startswith(text)]
    if len(text) >= FEWEST_CHARACTERS and len(starting) == 1:
        return keys[starting[0]]
    found = {named.key: named for named in reversed(known) if named.run == text}
    if len(found) > 1:
        where = ", ".join(sorted(named.sweep for named in found.values()))
        raise InputError(f"{text!r} is a run of {where}: say which with --sweep.")
    if not found:
        raise InputError(f"There is no run {text!r}.{_near(text, known)}")
    return next(iter(found.values()))


def by_sweep(
    params: Params, sweep: str, configuration: str | None = None, seed: int | None = None
) -> Named:
    """Return a run of what a sweep promoted, or of one of its configurations.

    Parameters
    ----------
    params : Params
    sweep : str
    configuration : str, optional
        Its name, as in the column ``configuration``; else the promoted one.
    seed : int, optional
        Else the one with the best validation score.

    Raises
    ------
    InputError
        Where there is no such configuration or seed, or nothing was promoted.
    """
    names, paths = params.sweep(sweep), Paths(params.root)
    folder = paths.sweep(names.writeup, sweep)
    promoted = _promoted(params, sweep)
    if configuration is None:
        needed(folder / PROMOTION, f"evaluate@{sweep}")
        if (configuration := promoted) is None:
            raise InputError(f"{sweep} promoted nothing, because every run of it failed.")
    runs = read_csv(needed(folder / RUNS, f"train@{sweep}"))
    wanted = levels_in(configuration)
    here = runs[[levels_in(name) == wanted for name in runs["configuration"]]]
    if here.empty:
        near = nearest(configuration, runs["configuration"].unique())
        raise InputError(f"{sweep} has no configuration {configuration!r}.{near}")
    if seed is not None and seed not in set(here["seed"]):
        seeds = ", ".join(map(str, sorted(here["seed"])))
        raise InputError(f"{sweep}: {configuration} has no seed {seed}. Valid seeds: {seeds}.")
    chosen = here[here["seed"] == seed].iloc[0] if seed is not None else _best(params, sweep, here)
    is_promoted = promoted is not None and levels_in(promoted) == wanted
    among = 0 if seed is not None else len(here)
    return Named(names.study, chosen["key"], sweep, chosen["run"], is_promoted, among)


def _best(params: Params, sweep: str, runs: pd.DataFrame) -> pd.Series:
    """Return the run with the best validation score; of equal ones the lowest seed."""
    rule, names = sweeps.promotion(params, sweep), params.sweep(sweep)
    folder = Paths(params.root).sweep(names.writeup, sweep)
    scores = read_csv(needed(folder / SCORES, f"evaluate@{sweep}")).set_index("run")[rule.by]
    there = runs[runs["status"] == "ok"].sort_values("seed")
    if there.empty:
        raise InputError(f"{sweep}: every run of {runs['configuration'].iloc[0]} failed.")
    found = there["run"].map(scores).to_numpy(float)
    return there.iloc[int((found if rule.higher else -found).argmax())]


def _known(params: Params, names: list[str]) -> Iterator[Named]:
    """Yield the runs of sweeps that have been trained, then those by which they were confirmed."""
    paths = Paths(params.root)
    for name in names:
        sweep, promoted = params.sweep(name), _promoted(params, name)
        for folder in (paths.sweep(sweep.writeup, name), paths.confirming(name)):
            if (folder / RUNS).is_file():
                for row in read_csv(folder / RUNS).itertuples():
                    chosen = row.configuration == promoted
                    yield Named(sweep.study, row.key, name, row.run, chosen)


def _promoted(params: Params, sweep: str) -> str | None:
    """Return the configuration that a sweep promoted, None where there is none yet."""
    file = Paths(params.root).sweep(params.sweep(sweep).writeup, sweep) / PROMOTION
    return read_json(file)["configuration"] if file.is_file() else None


def _stored(params: Params) -> dict[str, str]:
    """Return the study of each run in a journal, by its key."""
    found: dict[str, str] = {}
    for study in params.names.studies:
        keys = Journal.of(params, study).keys()
        found |= dict.fromkeys(keys, study)
    return found


def _near(text: str, known: list[Named]) -> str:
    """Return the names that hold its words, or the nearest ones, or where to look for them."""
    names = list(dict.fromkeys(named.run for named in known))
    words = re.split(r"[,\s]+", text)
    holding = [name for name in names if all(word in name for word in words)][:NEAR]
    if close := holding or difflib.get_close_matches(text, names, n=NEAR, cutoff=0.5):
        return "\n".join([" The nearest:", *(f"  {name}" for name in close)])
    return " Runs stand in results/<write-up>/sweeps/<sweep>/runs.csv, columns run and key."
