"""The runs behind a claim: what its arms scored, unit by unit.

In: a judged claim. Out: a score an arm and unit, as it entered the claim: the mean over contexts.
Nothing of a claim whose test compares no arms, such as that of a bound.
"""

from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np

from uphold.claims.judgement import Judgement
from uphold.statistics.matching import Matching
from uphold.statistics.scores import Scores, level_text, plain


class Behind(NamedTuple):
    """What the arms of a claim scored.

    Attributes
    ----------
    arms : tuple of str
        Each by its levels, such as ``"mixup on"``; nothing of one that is every run of the claim.
    units : tuple of str
    scores : ndarray, shape (arms, units)
        NaN where an arm has no score.
    """

    arms: tuple[str, ...]
    units: tuple[str, ...]
    scores: np.ndarray


@runtime_checkable
class Armed(Protocol):
    """A test that compares matched arms."""

    @property
    def scores(self) -> Scores: ...

    @property
    def matching(self) -> Matching: ...

    @property
    def weights(self) -> tuple[float, ...]: ...

    @property
    def arms(self) -> tuple[str, ...]: ...


def behind(judged: Judgement) -> Behind | None:
    """Return what a claim's arms scored; None where it has none, or nothing could be matched."""
    test = judged.test
    if judged.outcome.reason or not isinstance(test, Armed):
        return None
    unit, values = test.matching.by_unit(test.weights)
    if not unit.size:
        return None
    m, log = test.matching, test.scores
    first = m.row[[int(np.argmax(m.unit[m.cell] == code)) for code in unit]]
    units = [plain(one) for one in log.table[log.replicate].iloc[first]]
    order = sorted(range(len(units)), key=lambda i: (isinstance(units[i], str), units[i]))
    return Behind(test.arms, tuple(level_text(units[i]) for i in order), values[:, order])
