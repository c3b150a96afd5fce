"""What a claim's test gave, and the test that can be run again without some of the runs.

In: the runs that a claim is about, gathered by its form. Out: its `Outcome`, from all of them or
from those that are kept. Promised: what compares nothing, or has fewer than two distinct replicates
on a side, or no noise, has no test: it says why, and gives neither p nor interval.
"""

from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np

from uphold.claims.log import Log
from uphold.claims.untestable import Untestable, no_data
from uphold.statistics.estimate import Estimate
from uphold.statistics.heterogeneity import NO_CONTEXTS, Contexts
from uphold.statistics.items import OverItems
from uphold.statistics.oneway import Anova
from uphold.statistics.permutation import DRAWS


@dataclass(frozen=True, kw_only=True)
class Outcome(Estimate):
    """What a claim's test gave. What could not be computed is NaN.

    The value of a bound is the mean that comes closest to it (or lies furthest beyond); of an ANOVA
    it is partial omega squared, and ``se`` and ``df`` are the residual SD and its df. p is for a
    difference; bounds have none. Without a test there is neither p nor interval.

    Attributes
    ----------
    inside_p, outside_p : float
        Of a bound or an ANOVA: the p that all is within the limit, or every pair of levels within
        ± margin; and that something is not.
    contexts : Contexts
        How the effect differs from context to context.
    items : OverItems, optional
        What it adds to the error that the test items were drawn, where that is known.
    nested : tuple of str
        Factors of which each level belongs to one arm; see `uphold.statistics.matching`.
    adjusted : tuple of str
        Factors that it was adjusted for, since no setting has every arm.
    limit : float
        What a bound or a gain claims.
    levels : int
        Of an ANOVA its levels, of a bound its configurations.
    distinct : int
        Of a bound: its configurations, those that are one by several names counted once.
    breaking, unknown : int
        Of a bound: how many means break it, and how many have no interval.
    unscored : tuple of str
        Of an ANOVA its levels, else its configurations, of which no run has a score.
    at_most : bool
        Whether a bound is an upper one.
    ratio : bool
        Whether the value is a ratio, which is 1 where nothing differs.
    hedges_g : float
    unmatched : tuple of str
    anova : Anova, optional
    reason : str
        Why no test was possible, or nothing.
    takes : str
        Without a test, or a score of what the claim is about: why no number of seeds can be given.
    seeds_help : bool
        Whether more seeds could ever decide the claim.
    least : int
        Without a test: the fewest units that have one, where that is why; else 0.
    """

    inside_p: float = np.nan
    outside_p: float = np.nan
    contexts: Contexts = NO_CONTEXTS
    items: OverItems | None = None
    nested: tuple[str, ...] = ()
    adjusted: tuple[str, ...] = ()
    limit: float = np.nan
    levels: int = 0
    distinct: int = 0
    breaking: int = 0
    unknown: int = 0
    unscored: tuple[str, ...] = ()
    at_most: bool = True
    ratio: bool = False
    hedges_g: float = np.nan
    unmatched: tuple[str, ...] = ()
    anova: Anova | None = None
    reason: str = ""
    takes: str = ""
    seeds_help: bool = True
    least: int = 0

    def like_these(self) -> Self:
        """Return it with its error over runs and items together, and groups of items where there
        are enough; as it is where its items are not known.
        """
        if self.items is None or self.reason:
            return self
        return self.with_error(*self.items.total(self.se, self.df))

    def same_p(self, margin: float) -> float:
        """Return the p that the effect is inside ± margin; 1 unless it is shown in each context."""
        if self.anova is not None:
            return self.inside_p
        if not self.se > 0 or self.unscored:
            return np.nan
        # That each context be inside by its own bounds is one more condition, at no cost in errors.
        return self.equivalence_p(margin) if self.contexts.inside(margin) else 1.0

    def apart_p(self, margin: float) -> float:
        """Return the p that the effect is beyond ± margin."""
        return self.outside_p if self.anova is not None else self.beyond_p(margin)


def without_data(outcome: Outcome, metric: str, log: Log) -> Outcome:
    """Return an outcome with what its data lack as its reason, where that is known of a metric."""
    if metric not in log.absent:
        return outcome
    reason = no_data(log.absent[metric], log.scores.replicate)
    return replace(outcome, reason=reason.why, takes=reason.takes, seeds_help=reason.seeds_help)


class Test(Protocol):
    """A claim's test, ready to be run again.

    Attributes
    ----------
    rows : ndarray of int
        Positions in the scores of the runs that it uses, each once.
    """

    @property
    def rows(self) -> np.ndarray: ...

    def outcome(self, keep: np.ndarray | None = None, draws: int = DRAWS) -> Outcome:
        """Return the outcome from all runs, or from those where ``keep``, shape (runs,), is."""


def judged_by(outcome: Outcome, untestable: Untestable | None) -> Outcome:
    """Return an outcome as it stands, or without what no test gave."""
    if untestable is None:
        return outcome
    return replace(
        outcome,
        ci_low=np.nan,
        ci_high=np.nan,
        p=np.nan,
        hedges_g=np.nan,
        inside_p=np.nan,
        outside_p=np.nan,
        reason=untestable.why,
        takes=untestable.takes,
        seeds_help=untestable.seeds_help,
        least=untestable.least,
    )
