"""Settings of the study: how predictions become scores."""

from typing import Annotated

from pydantic import Field

from uphold.validation import Settings


class Evaluation(Settings):
    """How stored predictions become scores: ``bins`` of the calibration error."""

    bins: Annotated[int, Field(ge=2)] = 15
