"""How long stages took, and by that how long what is left will take.

Each ``uphold make`` keeps what it measured in ``.uphold/seconds.json``; where a stage was not run
on this machine yet, ``results/seconds.json`` has what it took when the committed results were made.
Both hold seconds of a whole stage by scale and stage.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from uphold.disk import publish
from uphold.pipeline.stages.files import json_bytes, read_json

TRUSTED_S = 5.0
"""After so many recorded seconds this machine's own pace counts as much as the recorded one."""

START_S = 3.0
"""What a stage takes that has nothing left to do but to publish."""


@dataclass
class Foreseen:
    """How long stages will take, by what others took and by how fast this machine has been so far.

    Attributes
    ----------
    seconds : mapping of str to float
        Recorded seconds of whole stages; what is not among them is expected to take the mean of
        the stages of its verb.
    shares : mapping of str to float
        Which part of a stage's work there is to do, where that is known: 1 of all others.
    """

    seconds: Mapping[str, float]
    shares: Mapping[str, float] = field(default_factory=dict)
    _recorded: float = 0.0
    _taken: float = 0.0

    def of(self, stages: Iterable[str]) -> float | None:
        """Return how long stages will take together, None where there is one of unknown length."""
        each = [self._by_the_record(stage) for stage in stages]
        known = [seconds for seconds in each if seconds is not None]
        return sum(known) * self.pace if len(known) == len(each) else None

    @property
    def pace(self) -> float:
        """How many seconds one recorded second takes here."""
        return (self._taken + TRUSTED_S) / (self._recorded + TRUSTED_S)

    def took(self, stage: str, seconds: float) -> None:
        """Count a stage that has run."""
        recorded = self._by_the_record(stage)
        if recorded is not None:
            self._recorded += recorded
            self._taken += seconds

    def _by_the_record(self, stage: str) -> float | None:
        share = self.shares.get(stage, 1.0)
        whole = self.seconds.get(stage)
        if whole is None:
            alike = [s for other, s in self.seconds.items() if _verb(other) == _verb(stage)]
            whole = sum(alike) / len(alike) if alike else None
        return None if whole is None else max(whole * share, min(whole, START_S))


def _verb(stage: str) -> str:
    return stage.partition("@")[0]


def recorded(files: Iterable[Path], scale: str) -> dict[str, float]:
    """Return the recorded seconds of stages at a scale; a later file has precedence."""
    found: dict[str, float] = {}
    for path in files:
        if path.is_file():
            found |= read_json(path).get(scale, {})
    return found


def record(path: Path, scale: str, seconds: Mapping[str, float]) -> None:
    """Keep the seconds of stages at a scale, beside those of other stages and scales."""
    kept = read_json(path) if path.is_file() else {}
    rounded = {stage: round(taken, 2) for stage, taken in seconds.items()}
    publish(path, json_bytes({**kept, scale: {**kept.get(scale, {}), **rounded}}))
