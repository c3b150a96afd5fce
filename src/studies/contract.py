"""What a study provides, and the registry that finds the folders that provide it.

A study is a package ``studies.<name>`` with these modules, the same names in each:

``study``
    ``STUDY``, a `Study`: the name, the title, the settings. Imports no torch.
``settings``
    The pydantic models behind it: ``Data``, ``Run``, ``Evaluation``.
``data``
    ``prepare(settings: Data, folder: Path) -> None`` writes the prepared data and ``card.json``.
    ``inputs(settings: Data) -> list[Path]`` names the files and folders that the data come from,
    none for synthetic data.
``training``
    ``load(folder: Path) -> data`` reads what `prepare` wrote;
    ``plan(tasks, data, device, workers) -> list[list[Task]]`` divides runs into lanes;
    ``train(lane, data, device) -> list[Result]`` trains one lane. It is a pure function: no disk,
    no globals, and a run's result does not depend on the lane it is in.
``evaluation``
    ``load(folder: Path) -> truth`` reads what predictions are held against;
    ``score(predictions, truth, settings) -> dict`` turns the stored predictions of one run into
    its scores (one flat dict, a column each);
    ``curves(predictions, truth, settings) -> pandas.DataFrame`` gives the run's plot data, with the
    columns ``split``, ``metric``, ``x`` and ``y``;
    ``confusions(predictions, truth, settings) -> pandas.DataFrame`` counts which class was taken
    for which, with the columns ``split``, ``truth``, ``predicted`` and ``count``;
    ``ensemble(members, truth, settings) -> dict`` gives the scores of several runs that predict
    together, where a sweep of the study asks for ensembles.

Shared packages never import a study: they reach it through `find`.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType

import numpy as np
from pydantic import BaseModel, ConfigDict

from studies.errors import InputError, nearest


class Settings(BaseModel):
    """Settings that refuse keys they do not know, and cannot change once made."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RunSettings(Settings):
    """The settings of one run, the seed apart: what a study's ``Run`` derives from."""

    def canonical(self) -> dict:
        """Return the settings that have an effect on the run, and no others.

        Two runs with equal canonical settings and equal seeds are the same run. A study overrides
        this to leave out what has no effect, such as the alpha of a mixup that is off.
        """
        return self.model_dump(mode="json")


@dataclass(frozen=True)
class Task:
    """One run to be trained: a configuration's settings and a seed."""

    settings: RunSettings
    seed: int


@dataclass(frozen=True)
class Result:
    """What training one run gives.

    Attributes
    ----------
    predictions : mapping of str to ndarray
        Split name to the model's outputs for the items of that split, in the prepared order.
        Empty for a failed run.
    history : mapping of str to ndarray, each of shape (epochs,)
        Losses and metrics by epoch; the column ``epoch`` counts from 1.
    facts : mapping of str to int, float or str
        Other things to know of the run: sizes and digest of the training set, the best epoch.
        Nothing that differs between two trainings of the same run, such as a duration.
    failure : str or None
        Why the run failed (such as "loss is NaN in epoch 3"), None for a run that did not.
    weights : mapping of str to ndarray
        The chosen epoch's weights by name, where the study keeps them; they stay in the journal.
    """

    predictions: Mapping[str, np.ndarray]
    history: Mapping[str, np.ndarray]
    facts: Mapping[str, int | float | str] = field(default_factory=dict)
    failure: str | None = None
    weights: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class Study:
    """A study as the shared stages see it.

    Attributes
    ----------
    name : str
        The package's name, and the key in ``params.yaml``.
    title : str
        What it is about, in a few words.
    data, run, evaluation : type
        The settings of `prepare`, of one run, and of the evaluation.
    scores : frozenset of str
        The columns that its evaluation gives.
    training_set : frozenset of str
        The run settings that act through the training set alone (what is in it, how often). Two
        arms that differ only in these and have identical training sets are the same arm.
    """

    name: str
    title: str
    data: type[Settings]
    run: type[RunSettings]
    evaluation: type[Settings]
    scores: frozenset[str]
    training_set: frozenset[str] = frozenset()

    @property
    def validation_scores(self) -> frozenset[str]:
        """The scores of validation data: the only ones that may choose anything."""
        return frozenset(name for name in self.scores if name.startswith("validation_"))

    def module(self, name: str) -> ModuleType:
        """Import ``studies.<study>.<name>``: late, because some of them import torch."""
        return importlib.import_module(f"studies.{self.name}.{name}")


@cache
def found() -> dict[str, Study]:
    """Return every study by name: each package beside this file with a module ``study``."""
    # Looked for as files: asking the import system would import every package beside this one.
    root = Path(__file__).parent
    names = sorted(path.parent.name for path in root.glob("*/study.py"))
    return {name: importlib.import_module(f"studies.{name}.study").STUDY for name in names}


def find(name: str) -> Study:
    """Return the study of that name, or say which name was meant."""
    if name not in found():
        raise InputError(f"There is no study {name!r}.{nearest(name, found())}")
    return found()[name]
