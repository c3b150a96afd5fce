"""``bound``: a limit to every configuration's mean, of which there may be one.

Supported where every mean is shown to keep it, each by a test of its own: a claim that all are good
needs no adjustment for their number (Berger 1982, Technometrics 24, 295-300). A configuration of
which no run has a score keeps it from being supported; some runs without one do not, and its mean
is of the others. Refuted where some mean is shown to break it, all means taken together.
Configurations that are one by several names have one mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field, model_validator

from uphold.claims.claim import Claim
from uphold.claims.expectations import Decision, Decisions, Expected
from uphold.claims.in_margins import InMargins, of_difference
from uphold.claims.role import Quantity
from uphold.claims.untestable import Untestable, no_runs, one_seed, takes_scores
from uphold.claims.wording import counted, interval, not_after, number, p_text, where_text
from uphold.format import exact
from uphold.validation import Number, Settings

if TYPE_CHECKING:
    from uphold.claims.judgement import Judgement
    from uphold.claims.log import Log
    from uphold.claims.metric import Metric
    from uphold.claims.outcomes import Outcome
    from uphold.statistics.cell_means import Cells
    from uphold.statistics.power import SeedsNeeded


class Bound(Settings):
    """A limit from above or from below."""

    at_most: Number | None = None
    at_least: Number | None = None

    @model_validator(mode="after")
    def _one_side(self) -> Bound:
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError("a bound has one side: give either 'at_most' or 'at_least'.")
        return self

    @property
    def upper(self) -> bool:
        """Whether it is a limit from above."""
        return self.at_most is not None

    @property
    def limit(self) -> float:
        """The limit itself."""
        return next(side for side in (self.at_most, self.at_least) if side is not None)


def _kept(o: Outcome, margin: float) -> Decisions:
    return (Decision("supported", o.inside_p), Decision("refuted", o.outside_p))


KEPT = Expected(_kept, "bound", "tell a mean from the limit at a distance of ")


class BoundClaim(Claim):
    """A claim that no configuration's mean passes a limit."""

    form: ClassVar[str] = "bound"
    estimates: ClassVar[Quantity] = "mean"

    bound: Annotated[Bound, Field(examples=[{"at_least": 0.5}])]

    @property
    def expected(self) -> Expected:
        return KEPT

    def test(self, log: Log, alike: np.ndarray) -> Limits:
        from uphold.claims.not_run import barred, without_score
        from uphold.claims.training_identity import under_one_name
        from uphold.statistics.cell_means import prepare_cells

        chosen = log.scores.selects(self.where)
        one = under_one_name(log, alike)
        cells = prepare_cells(log.scores, self.metric, chosen, one)
        return Limits(
            cells=cells,
            limit=self.bound.limit,
            at_most=self.bound.upper,
            extent=_extent(log, self.metric),
            rows=cells.row,
            replicate=log.scores.replicate,
            barred=barred(self, log.scores, alike, same=False),
            unscored=without_score(self, log.scores, log.scores.factors, chosen),
        )

    def seeds_it_takes(self, outcome: Outcome, margin: float, alpha: float) -> SeedsNeeded | None:
        from uphold.statistics import power

        o = outcome
        if o.unscored:
            return None
        return power.seeds_needed(o.se, o.df, o.seeds, margin, self.expected.aim, alpha)

    def shown(self, outcome: Outcome, metric: Metric) -> str:
        end = "highest" if outcome.at_most else "lowest"
        span = f" ({interval(outcome, metric.margin)})" if outcome.ci_low <= outcome.ci_high else ""
        mean = f"the {end} of {counted(outcome.levels, 'mean')} is"
        return f"{mean} {number(outcome.value, metric.margin)}{span}"

    def in_margins(self, outcome: Outcome, metric: Metric) -> InMargins:
        return of_difference(outcome.value, outcome, metric.margin, zero=outcome.limit)

    def measured(self, j: Judgement) -> str:
        o, label, margin = j.outcome, j.metric.label, j.metric.margin
        side, beyond, end = (
            ("at most", "above", "highest") if o.at_most else ("at least", "below", "lowest")
        )
        limit, span = exact(o.limit), interval(o, margin)
        known = f"95 % interval {span}; " if o.ci_low <= o.ci_high else ""
        p = f"adjusted {p_text(j.p_adjusted)}; " if j.verdict != "inconclusive" else ""
        extreme = f"the {end} mean is {number(o.value, margin)} ({known}{p}{{runs}})"
        which = f"{counted(o.levels, 'configuration')}{where_text(self.where)}"
        if o.distinct < o.levels:
            which += f" ({o.distinct} distinct, under {o.levels} names)"
        if j.verdict == "supported":
            all_ = "all " if o.levels > 1 else ""
            return f"The mean {label} of {all_}{which} is {side} {limit}: {extreme}."
        have = "has" if o.breaking == 1 else "have"
        some = "and" if o.breaking == 1 else "one of them at least"
        if j.verdict == "refuted":
            return (
                f"Of {which}, {o.breaking} {have} a mean {label} {beyond} {limit},"
                f" {some} by more than noise: {extreme}."
            )
        if j.suggests == "supported":
            kept = f"every mean {label} of {which} is {side} {limit}"
            return f"Suggestive, {not_after(j)}: {kept}, and {extreme}."
        if j.suggests == "refuted":
            return (
                f"Suggestive, {not_after(j)}: of {which}, {o.breaking} {have} a mean {label}"
                f" {beyond} {limit}, and {extreme}."
            )
        doubt = ""
        if o.unknown:
            doubt = f"{counted(o.unknown, 'mean')} cannot be given an interval"
        if o.breaking:
            return (
                f"Of {which}, {o.breaking} {have} a mean {label} {beyond} {limit},"
                f" {f'and {doubt}' if doubt else 'which may be noise'}: {extreme}."
            )
        doubt = doubt or "not every one keeps it by more than noise"
        return f"No mean {label} of {which} is {beyond} {limit}, but {doubt}: {extreme}."

    def shape(self, log: Log) -> np.ndarray:
        return np.full(len(log.scores.table), -1.0 if self.bound.upper else 1.0)

    def origin(self, log: Log) -> float:
        return self.bound.limit


def _extent(log: Log, name: str) -> tuple[float, float]:
    """Return the values between which a metric lies: of proportions 0 and 1, or 0 and 100."""
    from uphold.statistics.scale import PROPORTIONS, scale

    kind, values = log.metrics[name].kind, log.scores.values(name)
    highest = scale(values, kind)
    # Scores beyond what their kind allows are an error, and no reason to cut what is seen.
    known = values[~np.isnan(values)]
    fits = kind in PROPORTIONS and bool(((known >= 0) & (known <= highest)).all())
    return (0.0, highest) if fits else (-np.inf, np.inf)


@dataclass(frozen=True)
class Limits:
    """The test: the mean of every configuration against the limit.

    ``extent`` is the lowest and the highest value that the metric can have: intervals end there.
    """

    cells: Cells
    limit: float
    at_most: bool
    extent: tuple[float, float]
    rows: np.ndarray
    replicate: str
    barred: Untestable | None
    unscored: tuple[str, ...] = ()

    def outcome(self, keep: np.ndarray | None = None, draws: int | None = None) -> Outcome:
        from scipy.special import stdtr

        from uphold.claims.outcomes import Outcome, judged_by
        from uphold.statistics.estimate import Estimate

        means = self.cells.means(keep)
        seeds = self.cells.seeds(keep)
        sign = 1.0 if self.at_most else -1.0
        past = sign * (means.mean - self.limit)
        # The p that a mean keeps the limit, and that it breaks it.
        kept = stdtr(means.df, past / means.sem)
        broken = stdtr(means.df, -past / means.sem)
        known = ~np.isnan(kept)
        # A claim about every configuration is not shown by those that have scores.
        every = not self.unscored and past.size == self.cells.configurations
        worst = int(np.argmax(past)) if past.size else None

        def of_worst(values: np.ndarray) -> float:
            return float(values[worst]) if worst is not None else np.nan

        estimate = Estimate.from_t(
            of_worst(means.mean),
            of_worst(means.sem),
            of_worst(means.df),
            n=int(means.n.sum()),
            runs=int(means.runs.sum()),
            seeds=seeds,
            method="t of each mean",
        )
        found = Outcome(
            **{
                **vars(estimate),
                "p": np.nan,
                "ci_low": np.maximum(estimate.ci_low, self.extent[0]),
                "ci_high": np.minimum(estimate.ci_high, self.extent[1]),
            },
            inside_p=float(kept.max()) if past.size and every and known.all() else np.nan,
            outside_p=float(min(broken[known].min() * past.size, 1.0)) if known.any() else np.nan,
            limit=self.limit,
            at_most=self.at_most,
            levels=int(means.names.sum()),
            distinct=means.mean.size,
            breaking=int(means.names[past > 0].sum()),
            unknown=int(means.names[~known].sum()),
            unscored=self.unscored,
            takes=takes_scores(self.replicate) if self.unscored else "",
        )
        return judged_by(found, self.barred or self._untestable(seeds))

    def _untestable(self, seeds: int) -> Untestable | None:
        if seeds == 0:
            return no_runs("runs that it is about", self.replicate)
        return one_seed("runs", self.replicate) if seeds == 1 else None
