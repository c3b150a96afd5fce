"""Settings of the radio study: how predictions become scores."""

from itertools import pairwise
from typing import Literal

from pydantic import model_validator

from uphold.validation import Settings, Span


class Evaluation(Settings):
    """How stored predictions become scores.

    ``bands`` are the lowest and highest SNR, in dB, of each band; SNRs in none of them are the
    slice ``uncovered``.
    """

    bands: dict[Literal["low", "mid", "high"], Span] = {
        "low": (-14.0, -6.0),
        "mid": (-4.0, 6.0),
        "high": (10.0, 99.0),
    }

    @model_validator(mode="after")
    def _three_apart(self) -> "Evaluation":
        if missing := {"low", "mid", "high"} - set(self.bands):
            raise ValueError(f"bands lacks {', '.join(sorted(missing))}")
        spans = sorted(self.bands.values())
        if any(here[1] >= above[0] for here, above in pairwise(spans)):
            raise ValueError("bands overlap: an SNR belongs to one of them")
        return self
