"""How long the runs that are left will take, by the runs that have ended.

Runs of one sweep differ by a factor of a hundred in what they take, and the longest come first, so
that their number says little. A run is expected to take what runs with its settings took, or else,
by the epoch, those whose other settings differ least. What a process takes to warm up is in the
seconds of the first lane that it trains: these count only as long as nothing else is known.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import Any

WARM_S = 30.0
"""A first lane as long as this is not mainly warming up."""


@dataclass
class _Lane:
    """Runs that were trained together: each one's seconds, when the first came, what they are."""

    share: float
    ended: float
    kinds: list[int] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return self.share * len(self.kinds)

    @property
    def begun(self) -> float:
        return self.ended - self.seconds


class TimeLeft:
    """What is known of runs that are trained side by side, as they end.

    Parameters
    ----------
    settings : sequence of mapping
        Of each run that will be trained.
    """

    def __init__(self, settings: Sequence[Mapping[str, Any]]) -> None:
        self._kinds: list[Mapping[str, Any]] = []
        for each in settings:
            if each not in self._kinds:
                self._kinds.append(each)
        self._left = [sum(each == kind for each in settings) for kind in self._kinds]
        self._lanes: list[_Lane] = []

    def ended(self, settings: Mapping[str, Any], seconds: float, now: float) -> None:
        """Count a run that has ended: its share of its lane's seconds, and what the clock shows."""
        kind = self._kinds.index(settings)
        self._left[kind] -= 1
        # Runs of a lane come one after the other, each with the same share.
        if self.begins(seconds):
            self._lanes.append(_Lane(seconds, now))
        self._lanes[-1].kinds.append(kind)

    def begins(self, seconds: float) -> bool:
        """Return whether a run with this share of seconds is the first that comes of its lane."""
        return not self._lanes or self._lanes[-1].share != seconds

    def at(self, now: float) -> float | None:
        """Return the seconds that are left, None as long as they are not known.

        Ask while no lane is half here: before the first run of the next one is counted.
        """
        if not any(self._left):
            return 0.0
        if not self._lanes:
            return None
        first, last = self._lanes[0], self._lanes[-1].ended
        # What a worker trains first begins before anything has ended.
        warm = [lane for lane in self._lanes if lane.begun >= first.ended - first.seconds / 10]
        if not warm and first.seconds < WARM_S:
            return None
        took: defaultdict[int, list[float]] = defaultdict(list)
        for lane in warm or self._lanes:
            for kind in lane.kinds:
                took[kind].append(lane.share)
        since = first.ended if warm else first.begun
        side_by_side = sum(map(sum, took.values())) / max(last - since, 1e-3)
        left = sum(many * self._expected(kind, took) for kind, many in enumerate(self._left))
        return max(0.0, left / max(side_by_side, 1e-6) - (now - last))

    def _expected(self, kind: int, took: Mapping[int, Sequence[float]]) -> float:
        """Return what a run takes: what its like took, or the mean of the nearest by the epoch."""
        if kind in took:
            return median(took[kind])
        own = self._kinds[kind]
        apart = {other: _apart(own, self._kinds[other]) for other in took}
        least = min(apart.values())
        nearest = [other for other in took if apart[other] == least]
        return epochs(own) * fmean(
            median(took[other]) / epochs(self._kinds[other]) for other in nearest
        )


def epochs(settings: Mapping[str, Any]) -> int:
    """Return how many epochs a run has at most; 1 where its study does not know epochs."""
    return int(settings.get("epochs", 1))


def _apart(one: Mapping[str, Any], other: Mapping[str, Any]) -> int:
    """Return in how many settings but the epochs two kinds of runs differ."""
    return sum(one.get(name) != other.get(name) for name in {*one, *other} - {"epochs"})
