"""Settings of the call-detection study: how predictions become scores."""

from typing import Annotated

from pydantic import Field

from uphold.validation import Settings


class Evaluation(Settings):
    """How stored predictions become scores.

    ``thresholds`` is the number of steps between 0 and 1 on the grid from which a threshold is
    chosen (by the best F1 of the positive class).
    """

    thresholds: Annotated[int, Field(ge=10, le=1000)] = 100
