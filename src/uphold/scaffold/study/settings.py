"""Settings of the study: its data, one run, its evaluation."""

from typing import Annotated

from pydantic import Field, PositiveInt

from uphold.training.contract import RunSettings
from uphold.validation import Settings


class Data(Settings):
    """Points on spirals, one spiral a class.

    Attributes
    ----------
    path : str
        A folder in git, whose change makes the data again; synthetic data read nothing from it.
    seed : int
        Everything that is drawn follows from it.
    train, validation, test : int
        Points in each split.
    classes : int
    noise : float
        The standard deviation of the noise on every coordinate; a spiral's radius is 1.
    """

    path: str
    seed: int = 2025
    train: PositiveInt = 600
    validation: PositiveInt = 300
    test: PositiveInt = 900
    classes: Annotated[int, Field(ge=2)] = 3
    noise: Annotated[float, Field(ge=0)] = 0.15


class Run(RunSettings):
    """One run of a network with one hidden layer."""

    hidden_units: PositiveInt = 32
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.0
    label_smoothing: bool = False
    smoothing_epsilon: Annotated[float, Field(gt=0, lt=1)] = 0.1
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 0.01
    batch_size: PositiveInt = 64
    epochs: PositiveInt = 20

    def canonical(self) -> dict:
        """Return the settings that have an effect; see `RunSettings.canonical`."""
        without = set() if self.label_smoothing else {"smoothing_epsilon"}
        return {k: v for k, v in super().canonical().items() if k not in without}


class Evaluation(Settings):
    """How stored predictions become scores: ``bins`` of the calibration error."""

    bins: Annotated[int, Field(ge=2)] = 15
