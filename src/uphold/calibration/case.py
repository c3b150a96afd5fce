"""One kind of log that is made up: how it is drawn, how it is read, and what is true of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from uphold.claims.judge import Judgement, judge
from uphold.claims.spec import Spec
from uphold.runlog.make_log import make_log

Draw = Callable[[np.random.Generator], pd.DataFrame]
"""A random generator → a table of runs."""


@dataclass(frozen=True)
class Case:
    """A kind of log.

    Attributes
    ----------
    design : str
        What a reader is told of it.
    spec : Spec
        How it is read; its claims are one family.
    draw : callable
    effect : mapping of str to float
        What is true, by claim; see `uphold.calibration.truth`.
    covered : bool
        Whether intervals are of the true effect, so that they can be held against it.
    furthest : float
        The largest true effect in a single context, where that is another in each.
    """

    design: str
    spec: Spec
    draw: Draw
    effect: Mapping[str, float]
    covered: bool = True
    furthest: float = 0.0

    @property
    def margin(self) -> float:
        """The smallest difference that matters."""
        return self.spec.metrics[self.spec.primary].margin

    def judged(self, rng: np.random.Generator) -> dict[str, Judgement]:
        """Return the judgements of the claims about a new log."""
        return judged(self.draw(rng), self.spec)


def judged(table: pd.DataFrame, spec: Spec) -> dict[str, Judgement]:
    """Return the judgements of a spec's claims about a table, by the way of every log."""
    log = make_log(table, spec, "a log that is made up")
    return judge({"runs": log}, spec.claims, fragility=False)
