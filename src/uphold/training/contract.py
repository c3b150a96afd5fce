"""What training gets and what it gives: a study, the settings of a run, a task, a result."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

import numpy as np

from uphold.validation import Settings


@dataclass(frozen=True)
class Resources:
    """What one run of a study takes of a machine; an executor starts no more than fits.

    Attributes
    ----------
    cores : int
        Processor cores.
    memory_gb : float or None
        Memory in GB (10⁹ bytes); None where it is small or not known, and not counted.
    gpus : float or None
        GPUs, also a fraction of one: at .25 four runs share a GPU. None takes a whole one where the
        machine has one, and 0 none, whatever it has.
    minutes : float or None
        After which a run is ended and has failed; None for no limit.
    """

    cores: int = 1
    memory_gb: float | None = None
    gpus: float | None = None
    minutes: float | None = None


class Trainable(Protocol):
    """A study, as far as training knows one. It is sent to worker processes."""

    @property
    def resources(self) -> Resources:
        """What one of its runs takes."""

    def module(self, name: str) -> ModuleType:
        """Import one of its modules: ``training`` provides ``load``, ``plan`` and ``train``."""


class Checkpoint(Protocol):
    """Where the state of a run in training is kept, so that a run that was killed goes on from it.

    A state is flat: names to arrays. What it holds is the study's own affair, as long as a run
    that goes on from it gives what it would have given otherwise.
    """

    def read(self) -> dict[str, np.ndarray] | None:
        """Return the state kept last, None where there is none; called as training begins."""

    @property
    def due(self) -> bool:
        """Whether training has gone on for so long that the state is worth keeping."""

    def write(self, state: Mapping[str, np.ndarray]) -> None:
        """Keep a state, in place of the one kept before."""


class RunSettings(Settings):
    """The settings of one run, the seed apart: what a study's ``Run`` derives from."""

    def canonical(self) -> dict[str, Any]:
        """Return the settings that have an effect on the run, and no others.

        Two runs with equal canonical settings and equal seeds are the same run. A study overrides
        this to leave out what has no effect, such as the alpha of a mixup that is off.
        """
        return self.model_dump(mode="json")


S = TypeVar("S", bound=RunSettings)


@dataclass(frozen=True)
class Task(Generic[S]):
    """One run to be trained: a configuration's settings, of its study's own class, and a seed.

    Attributes
    ----------
    checkpoint : Checkpoint or None
        Where its state is kept between epochs, if anywhere. It is no part of what the run is.
    """

    settings: S
    seed: int
    checkpoint: Checkpoint | None = field(default=None, compare=False, repr=False)


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
        The chosen epoch's weights by name, those that the predictions are by, and what else was
        fitted to the training data, such as the mean that inputs are shifted by: with the settings
        all that a model consists of. They stay in the journal. Empty for a failed run.
    """

    predictions: Mapping[str, np.ndarray]
    history: Mapping[str, np.ndarray]
    facts: Mapping[str, int | float | str] = field(default_factory=dict)
    failure: str | None = None
    weights: Mapping[str, np.ndarray] = field(default_factory=dict)


@dataclass(frozen=True)
class Place:
    """The machine that a run was trained on, where it is not the one that keeps the journal.

    Attributes
    ----------
    host : str
        Its name.
    computed : str
        The digest of what it makes of `uphold.training.probe`.
    """

    host: str
    computed: str


class Step(NamedTuple):
    """A run that was trained.

    Attributes
    ----------
    task : Task
    result : Result
    seconds : float
        Its share of its lane's.
    place : Place or None
        Where it was trained; None for this machine.
    """

    task: Task[Any]
    result: Result
    seconds: float
    place: Place | None = None
