"""Settings of the multitask study: how predictions become scores."""

from typing import Annotated

from pydantic import Field

from uphold.validation import Settings


class Evaluation(Settings):
    """How stored predictions become scores.

    ``bins`` is the number of equal intervals of confidence in which the calibration is judged.
    """

    bins: Annotated[int, Field(ge=2, le=100)] = 15
