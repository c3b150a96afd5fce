"""Settings of the study: where its data come from."""

from typing import Annotated

from pydantic import Field, PositiveInt

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
