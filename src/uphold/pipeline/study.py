"""What a study provides, and the registry that finds the folders that provide it.

A study is a package ``studies.<name>`` with these modules, the same names in each:

``study``
    ``STUDY``, a `Study`: the name, the title, the settings. Imports no torch.
``settings``
    The pydantic models behind it: ``settings.data.Data``, ``settings.run.<Study>Run`` and
    ``settings.evaluation.Evaluation``, a file each, so that a change of one is none of the others.
``data``
    ``prepare(settings: Data, folder: Path) -> None`` writes the prepared data and ``card.json``.
    ``inputs(settings: Data) -> list[Path]`` names the files and folders that the data come from,
    none for synthetic data. Optional: ``refuse(folder: Path, settings: <Study>Run) -> None`` raises
    an InputError where the prepared data of a folder cannot be trained on by these settings; it is
    asked before prepared data replace others, and before a sweep is trained.
``training``
    ``load(folder: Path) -> data`` reads what `prepare` wrote, its card apart: the card is for
    readers and in no run key;
    ``plan(tasks, data, device, workers) -> list[list[Task]]`` divides runs into lanes;
    ``train(lane, data, device) -> list[Result]`` trains one lane. It is a pure function: no disk,
    no globals, and a run's result does not depend on the lane it is in. Optional:
    ``told(task, data) -> str`` says how a run is started, where that is a command.
``evaluation``
    ``load(folder: Path) -> truth`` reads what predictions are held against;
    ``score(predictions, truth, settings) -> dict`` turns the stored predictions of one run into
    its scores (one flat dict, a column each);
    ``curves(predictions, truth, settings) -> pandas.DataFrame`` gives the run's plot data, with the
    columns ``split``, ``metric``, ``x`` and ``y``;
    ``confusions(predictions, truth, settings) -> pandas.DataFrame`` counts which class was taken
    for which, with the columns ``split``, ``truth``, ``predicted`` and ``count``;
    ``ensemble(members, truth, settings) -> dict`` gives the scores of several runs that predict
    together, where a sweep of the study asks for ensembles;
    ``items(predictions, truth, settings) -> dict`` gives, where the study names its items, what
    each test item adds to each of the scores that it names: one number an item, NaN where it has no
    part, of which the run's score is the mean (see `uphold.evaluation.items`);
    ``groups(truth) -> ndarray`` numbers the group that each item was drawn within, in the same
    order; ``ensemble_items(members, truth, settings) -> dict`` is `items` of an ensemble;
    ``refuse(scores, predictions, settings) -> None`` raises an InputError, where a study has it,
    where the table of all runs' scores lacks what the settings ask for.
``prediction``
    ``read(path: Path, settings: Data) -> Inputs`` reads one file of a user's as `prepare` would
    (see `uphold.pipeline.inputs`);
    ``load(weights, settings: <Study>Run) -> model`` makes a model of what `train` gave as weights:
    a function from inputs (rows, …) to outputs, those that are stored of a split;
    ``tested(folder: Path, predictions) -> (inputs, outputs)`` gives the prepared inputs of items
    that a run has predicted, and what is stored of them;
    ``table(outputs, labels, threshold, settings: Data) -> DataFrame`` says the outputs in columns,
    a row an input; the labels are ``classes`` of the data's card, the threshold is the score of
    that name, None where there is none; ``EVEN``, where a study has it, is the score from which a
    label without a threshold of its own is named, for the card.

Shared packages never import a study: they reach it through `find`.
"""

import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType

from uphold.errors import InputError, nearest
from uphold.training.contract import Resources, RunSettings
from uphold.validation import Settings

PACKAGE = "studies"
"""The package whose packages are the studies of a repository."""
MODULE = "study.py"


@dataclass(frozen=True)
class Items:
    """What the scores of a study are over: which of them its evaluation divides among test items.

    Attributes
    ----------
    name : str
        What an item is called, such as ``"clip"``.
    scores : frozenset of str
        The scores of which it tells what each item adds.
    group : str
        What a group of items is called that was drawn as well, such as ``"recorder"``; nothing
        where groups are fixed by design, or there are none.
    """

    name: str
    scores: frozenset[str]
    group: str = ""


@dataclass(frozen=True)
class StandIns:
    """Which scores are judged where the data cannot have others.

    Attributes
    ----------
    why : str
        A sentence for the head of a page: what is missing, and what therefore is not known.
    scores : mapping of str to (str, str)
        A metric to the score that is judged in its place, and the label of that score. Where data
        lack one of the metrics for this reason, they lack all of them.
    absent : mapping of str to str
        A score that nothing stands in for to what the data lack where no run has it, in words that
        follow a colon. The evaluation gives it to every run of data that have this.
    """

    why: str
    scores: Mapping[str, tuple[str, str]]
    absent: Mapping[str, str] = field(default_factory=dict)


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
    items : Items, optional
        What its scores are over, where its evaluation tells.
    stand_ins : StandIns, optional
        What is judged where the data of its users lack something.
    floors : mapping of str to str
        A score to the one of the same run that has what one answer for every item would score.
    names : mapping of str to str
        Settings, and levels that are words of the code, to the words that pages have for them.
    resources : Resources
        What one of its runs takes of a machine. It is no part of what the run is.
    is_command : bool
        Whether its runs are processes of a program that is not ours (`uphold.command`): with what
        they compute, and whether a seed gives the same numbers again, is the program's affair.
    """

    name: str
    title: str
    data: type[Settings]
    run: type[RunSettings]
    evaluation: type[Settings]
    scores: frozenset[str]
    training_set: frozenset[str] = frozenset()
    items: Items | None = None
    stand_ins: StandIns | None = None
    floors: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    resources: Resources = field(default_factory=Resources)
    is_command: bool = False

    @property
    def validation_scores(self) -> frozenset[str]:
        """The scores of validation data: the only ones that may choose anything."""
        return frozenset(name for name in self.scores if name.startswith("validation_"))

    def refuse(self, folder: Path, settings: RunSettings) -> None:
        """Refuse prepared data that cannot be trained on by these settings, where data can tell."""
        if refuse := getattr(self.module("data"), "refuse", None):
            refuse(folder, settings)

    def module(self, name: str) -> ModuleType:
        """Import ``studies.<study>.<name>``: late, because some of them import torch."""
        return importlib.import_module(f"{PACKAGE}.{self.name}.{name}")


@cache
def found() -> dict[str, Study]:
    """Return every study by name: each package of ``studies`` with a module ``study``."""
    return {name: find(name) for name in _names()}


def find(name: str) -> Study:
    """Return the study of that name, or say which name was meant; no other is imported."""
    if name not in _names():
        raise InputError(f"There is no study {name!r}.{nearest(name, _names())}")
    study: Study = importlib.import_module(f"{PACKAGE}.{name}.study").STUDY
    return study


def repository_of(name: str) -> Path:
    """Return the root of the repository that a study's package lies in."""
    return next(root for root in _roots() if (root / name / MODULE).is_file()).parents[1]


@cache
def _names() -> list[str]:
    # Looked for as files: asking the import system would import every package there.
    return sorted({path.parent.name for root in _roots() for path in root.glob(f"*/{MODULE}")})


def _roots() -> list[Path]:
    package = importlib.util.find_spec(PACKAGE)
    return [*map(Path, package.submodule_search_locations or ())] if package else []
