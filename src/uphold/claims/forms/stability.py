"""``stability``: by what factor the spread over units changes when one factor is moved.

The spread is the standard deviation over units within a configuration, pooled over contexts. What
matters is a ratio, ``by``, and not a distance in the metric's unit. An increase or a decrease is a
ratio that is not 1; that there is no effect, or no increase, is shown inside ``by``. See
`uphold.statistics.spread_ratio` for the test.
"""

from __future__ import annotations

from dataclasses import replace
from math import exp, inf, log, nan
from typing import TYPE_CHECKING, Annotated, ClassVar

from pydantic import Field

from uphold.claims.again import Verdict
from uphold.claims.claim import Claim
from uphold.claims.expectations import (
    EXPECTED,
    Decision,
    Decisions,
    Expectation,
    Expected,
    backwards,
)
from uphold.claims.in_margins import InMargins, of_ratio
from uphold.claims.levels import Step
from uphold.claims.role import Quantity
from uphold.claims.wording import going, not_after, number, p_text
from uphold.format import exact
from uphold.validation import Number

if TYPE_CHECKING:
    import numpy as np

    from uphold.claims.as_seen import AsSeen
    from uphold.claims.judgement import Judgement
    from uphold.claims.log import Log
    from uphold.claims.metric import Metric
    from uphold.claims.outcomes import Outcome
    from uphold.claims.spread import Spread, SpreadOutcome
    from uphold.statistics.power import SeedsNeeded

BY = 1.5
"""With an SD so many times as large, a mean takes more than twice as many runs to be as sure."""
TO_SHOW: dict[Expectation, str] = {
    "no-effect": "show that the SD changes by a factor of less than ",
    "no-increase": "rule out a rise of the SD by a factor of ",
    "no-decrease": "rule out a fall of the SD by a factor of ",
}
UP_AND_DOWN = 11.0
"""Of scores that are made up, in margins: a little more than what is added or taken away."""
DIGITS = 2
"""Decimals of a ratio."""


class Steadied(Step):
    """One factor going from one level to another, and the smallest ratio of SDs that matters."""

    by: Annotated[Number, Field(gt=1, allow_inf_nan=False)] = BY


class StabilityClaim(Claim):
    """A claim about the ratio of two standard deviations over units."""

    form: ClassVar[str] = "stability"
    estimates: ClassVar[Quantity] = "ratio"
    expects: ClassVar[tuple[Expectation, ...]] = tuple(EXPECTED)

    stability: Steadied

    @property
    def expected(self) -> Expected:
        expect = self.expect or self.expects[0]
        words = TO_SHOW.get(expect, "see the SD change by a factor of ")
        return replace(EXPECTED[expect], to_show=words)

    def margin(self, metric: Metric) -> float:
        return self.stability.by

    def with_margin(self, times: float) -> StabilityClaim:
        by = self.stability.by**times
        return self.model_copy(update={"stability": self.stability.model_copy(update={"by": by})})

    def steps(self) -> dict[str, Step]:
        return {"stability": self.stability}

    def one_way(self) -> StabilityClaim:
        step, back = self.stability.one_way()
        expect = backwards(self.expectation) if back else self.expectation
        return self.model_copy(update={"stability": step, "expect": expect})

    def test(self, log: Log, alike: np.ndarray) -> Spread:
        from uphold.claims.spread import prepare_spread
        from uphold.statistics.contrasts import match_levels

        step, back = self.stability.one_way()
        m = match_levels(log.scores, self.metric, step.factor, step.from_, step.to, self.where)
        arms = [{step.factor: level} for level in (step.from_, step.to)]
        return prepare_spread(self, log, alike, m, arms, step.by, back)

    def decisions(self, outcome: Outcome, margin: float) -> Decisions:
        spread, by = _known(outcome).spread, self.stability.by
        if outcome.reason or spread is None:
            return ()
        same, rises = Decision("equivalent", spread.same_p(by)), spread.above_p(1.0)
        higher = rises < spread.below_p(1.0)

        def direction(up: Verdict, down: Verdict) -> Decisions:
            return (Decision(up if higher else down, spread.p(), sides=2), same)

        match self.expectation:
            case "increase":
                return direction("supported", "refuted")
            case "decrease":
                return direction("refuted", "supported")
            case "no-effect":
                apart = Decision("refuted", spread.apart_p(by), sides=2)
                return (Decision("supported", spread.same_p(by)), apart)
            case "no-increase":
                kept = Decision("supported", spread.below_p(by))
                return (kept, Decision("refuted", spread.above_p(by)))
            case "no-decrease":
                kept = Decision("supported", spread.above_p(1 / by))
                return (kept, Decision("refuted", spread.below_p(1 / by)))
        return direction("supported", "supported")

    def detectable(self, outcome: Outcome, alpha: float) -> float:
        """Return the ratio, above 1, that the runs would have found with 80 % power."""
        return nan if outcome.reason else exp(super().detectable(outcome, alpha))

    def seeds_it_takes(self, outcome: Outcome, margin: float, alpha: float) -> SeedsNeeded | None:
        from uphold.statistics import power

        o, aim = outcome, self.expected.aim
        needed = power.seeds_needed(o.se, o.df, o.seeds, log(margin), aim, alpha)
        return needed and self._at_least(needed, o, alpha, 2 if aim == "difference" else 1)

    def _at_least(
        self, needed: SeedsNeeded, outcome: Outcome, alpha: float, sides: int
    ) -> SeedsNeeded | None:
        """Return the seeds, but so many that some rearrangement of them is rare enough."""
        from uphold.claims.spread import fewest

        spread = _known(outcome).spread
        if spread is None:
            return None
        least = fewest(sides, alpha, 0 if spread.shared else 1)
        low, high = (n and max(n, least) for n in needed)
        return needed._replace(low=low, high=high)

    def seeds_as_seen(self, outcome: Outcome, margin: float, alpha: float) -> AsSeen | None:
        if self.expected.aim != "difference" or not outcome.value > 0:
            return None
        from uphold.claims.as_seen import as_seen

        found = as_seen(outcome, log(outcome.value), log(margin), alpha, bounded=True)
        sides = 1 if found and found.within else 2
        needed = found and self._at_least(found.needed, outcome, alpha, sides)
        return found._replace(needed=needed) if found and needed else None

    def seen(self, outcome: Outcome, metric: Metric) -> str:
        return f"{_times(outcome.value)} times"

    def shown(self, outcome: Outcome, metric: Metric) -> str:
        span = f"{_times(outcome.ci_low)} or more"
        if outcome.ci_high < inf:
            span = _span(outcome.ci_low, outcome.ci_high)
        return f"the SD is {_times(outcome.value)} times as large ({span})"

    def in_margins(self, outcome: Outcome, metric: Metric) -> InMargins:
        return of_ratio(outcome.value, outcome, self.stability.by)

    def measured(self, j: Judgement) -> str:
        o, by = _known(j.outcome), exact(self.stability.by)
        assert o.spread is not None
        sd = f"SD of {j.metric.label} over {o.unit}s"
        when = going(self.stability, self.where)
        first, second = (number(x, j.metric.margin) for x in o.spread.sds)
        times = f"{_times(o.value)} times as large"
        values = f"{second} instead of {first}, {times}"
        span = _span(o.ci_low, o.ci_high)
        # A direction goes by the 95 % interval, a ratio that matters by the one of 90 %.
        wide = f"95 % interval {span}"
        tight = f"90 % interval {_span(o.spread.lower(), o.spread.upper())}"
        verb = "rises" if o.value > 1 else "falls"
        if j.verdict == "inconclusive":
            if j.suggests is None:
                return (
                    f"The {sd} may be anything from {span} times as large {when} (95 %"
                    " interval; {runs})."
                )
            seen = verb
            if self.expected.aim != "difference":
                seen = f"{verb} by more than a factor of {by}"
            if j.suggests == "equivalent" or (j.suggests, self.expectation) == (
                "supported",
                "no-effect",
            ):
                seen = f"is within a factor of {by} of what it was"
            elif j.suggests == "supported" and self.expectation in ("no-increase", "no-decrease"):
                fall = "fall" if self.expectation == "no-decrease" else "rise"
                seen = f"does not {fall} by a factor of {by}"
            # That it is beyond a ratio on either side is tested two-sided.
            apart = j.suggests == "refuted" and self.expectation == "no-effect"
            directed = self.expected.aim == "difference" and j.suggests != "equivalent"
            shown = wide if directed or apart else tight
            return (
                f"Suggestive, {not_after(j)}: the {sd} {seen} {when}, {values} ({shown}; {{runs}})."
            )
        sure = f"adjusted {p_text(j.p_adjusted)}; {{runs}})"
        if j.verdict == "equivalent" or (j.verdict, self.expectation) == ("supported", "no-effect"):
            changes = f"is within a factor of {by} of what it was"
            return f"The {sd} {changes} {when}: {values} ({tight}; {sure}."
        if self.expectation in ("no-increase", "no-decrease"):
            falls = self.expectation == "no-decrease"
            if j.verdict == "refuted":
                worse = "falls" if falls else "rises"
                return (
                    f"The {sd} {worse} by more than a factor of {by} {when}: {values} ({tight};"
                    f" {sure}."
                )
            end = o.spread.lower() if falls else o.spread.upper()
            side = f"at {'least' if falls else 'most'} {_times(end)}"
            return (
                f"The {sd} does not {'fall' if falls else 'rise'} by a factor of {by}"
                f" {when}: the ratio is {side} with one-sided 95 % confidence, {values}"
                f" ({wide}; {sure}."
            )
        if self.expectation == "no-effect":
            return (
                f"The {sd} {verb} by more than a factor of {by} {when}: {values} ({wide}; {sure}."
            )
        against = ", against the claim" if j.verdict == "refuted" else ""
        return f"The {sd} {verb} {when}{against}: {values} ({wide}; {sure}."

    def shape(self, log: Log) -> np.ndarray:
        """Return further ups and downs of the units, in the arm that the step leads to."""
        import numpy as np

        from uphold.statistics.scores import at_level

        less = self.expectation in ("decrease", "no-increase")
        moved = at_level(log.scores.column(self.stability.factor), self.stability.to)
        return np.asarray(_up_and_down(log) * (-1.0 if less else 1.0) * moved)

    def origin(self, log: Log) -> np.ndarray:
        """Return units that go up and down in turn, in either arm alike."""
        return UP_AND_DOWN * log.metrics[self.metric].margin * _up_and_down(log)


def _up_and_down(log: Log) -> np.ndarray:
    import numpy as np

    from uphold.statistics.scores import codes

    unit = codes(log.scores.table, [log.scores.replicate])
    return np.asarray(np.where(unit % 2 == 1, 1.0, -1.0))


def _known(outcome: Outcome) -> SpreadOutcome:
    from uphold.claims.spread import SpreadOutcome

    assert isinstance(outcome, SpreadOutcome)
    return outcome


def _times(ratio: float) -> str:
    return number(ratio, 10.0 ** (1 - DIGITS))


def _span(low: float, high: float) -> str:
    """Return the interval of a ratio, which may be open above."""
    return f"{_times(low)} to {_times(high)}" if high < inf else f"{_times(low)} to any number of"
