"""Settings of the speech study: how predictions become scores."""

from typing import Annotated

from pydantic import Field

from uphold.validation import Settings


class Evaluation(Settings):
    """How stored predictions become scores.

    ``confidence`` is that of the intervals over actors, ``bins`` the number of equal intervals of
    probability in which the calibration is judged.
    """

    confidence: Annotated[float, Field(gt=0, lt=1)] = 0.95
    bins: Annotated[int, Field(ge=2, le=100)] = 15
