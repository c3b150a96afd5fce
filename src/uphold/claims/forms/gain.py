"""``gain``: a least gain over a configuration's matched runs, or over a number.

Supported where the one-sided 95 % lower bound is at least it, refuted where the upper bound is
below it. A gain is a rise, or a fall where lower is better.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

from pydantic import Field, model_validator

from uphold.claims.claim import Claim
from uphold.claims.expectations import Decision, Decisions, Expected
from uphold.claims.in_margins import InMargins, of_difference
from uphold.claims.levels import Baseline, Where, implies, in_order
from uphold.claims.wording import apart, interval, not_after, p_text, signed, where_text
from uphold.format import difference, digits_of, exact
from uphold.validation import Number, Settings

if TYPE_CHECKING:
    import numpy as np

    from uphold.claims.as_seen import AsSeen
    from uphold.claims.judgement import Judgement
    from uphold.claims.linear import Linear
    from uphold.claims.log import Log
    from uphold.claims.metric import Metric
    from uphold.claims.outcomes import Outcome
    from uphold.statistics.scores import Scores


class Gain(Settings):
    """How much it is at least, and over what."""

    at_least: Annotated[Number, Field(examples=[0.01])]
    over: Annotated[Baseline, Field(examples=[{"mixup": False}])]


def _gained(o: Outcome, margin: float) -> Decisions:
    above = o.above_p(o.limit)
    return (Decision("supported", above), Decision("refuted", 1 - above))


GAINED = Expected(_gained, "bound", "tell a gain from the one claimed at a distance of ")


class GainClaim(Claim):
    """A claim that the runs of ``where`` gain at least so much."""

    form: ClassVar[str] = "gain"
    over_items: ClassVar[bool] = True

    gain: Gain

    @model_validator(mode="after")
    def _something_gains(self) -> GainClaim:
        if self.baseline is not None and implies(self.where, self.baseline):
            raise ValueError("'gain.over' holds every run of 'where': nothing is left to gain.")
        return self

    @property
    def baseline(self) -> Mapping[str, Any] | None:
        """The levels of the configuration that it is over; None where it is over a number."""
        return self.gain.over if isinstance(self.gain.over, Mapping) else None

    @property
    def expected(self) -> Expected:
        return GAINED

    def conditions(self) -> dict[str, Where]:
        own = super().conditions()
        return own if self.baseline is None else {**own, "gain.over": dict(self.baseline)}

    def differ_in(self, factors: Sequence[str]) -> list[str]:
        return list(self.baseline or {})

    def one_way(self) -> GainClaim:
        if self.baseline is None:
            return self
        over = in_order(self.baseline)
        return self.model_copy(update={"gain": self.gain.model_copy(update={"over": over})})

    def rests_on(self, scores: Scores) -> np.ndarray:
        """Return the runs of ``where``, and those of the configuration that it is over."""
        chosen = super().rests_on(scores)
        return chosen if self.baseline is None else chosen | scores.selects(self.baseline)

    def test(self, log: Log, alike: np.ndarray) -> Linear:
        """Arms: the baseline and the runs of `where`, matched on every factor that neither pins."""
        from uphold.claims.linear import prepare_linear
        from uphold.statistics.matching import match

        scores, limit, sign = log.scores, self.gain.at_least, self._better(log)
        chosen = scores.selects(self.where)
        if self.baseline is None:
            m = match(scores, self.metric, [chosen], scores.factors)
            offset = sign * self.gain.over
            return prepare_linear(self, log, alike, m, (sign,), [self.where], offset, limit)
        baseline = scores.selects(self.baseline)
        pinned = {*self.baseline, *self.where}
        keys = [name for name in scores.factors if name not in pinned]
        arms = [baseline, chosen & ~baseline]
        m = match(scores, self.metric, arms, keys)
        named = [self.baseline, self.where]
        return prepare_linear(self, log, alike, m, (-sign, sign), named, limit=limit)

    def seeds_as_seen(self, outcome: Outcome, margin: float, alpha: float) -> AsSeen | None:
        from uphold.claims.as_seen import AsSeen
        from uphold.statistics.power import seeds_needed

        o, distance = outcome, abs(outcome.value - outcome.limit)
        needed = seeds_needed(o.se, o.df, o.seeds, distance, self.expected.aim, alpha)
        return needed and AsSeen(needed, within=False)

    def shown(self, outcome: Outcome, metric: Metric) -> str:
        found = difference(outcome, digits_of(metric.margin))
        return f"{found} against {exact(outcome.limit)} claimed" if outcome.limit else found

    def in_margins(self, outcome: Outcome, metric: Metric) -> InMargins:
        return of_difference(outcome.value, outcome, metric.margin, claimed=outcome.limit)

    def measured(self, j: Judgement) -> str:
        o, label, margin = j.outcome, j.metric.label, j.metric.margin
        span, limit = interval(o, margin), exact(abs(o.limit))
        # A gain of -0.003 at least is a loss of 0.003 at most.
        loses = o.limit < 0
        claimed = f"a loss of at most {limit}" if loses else f"at least {limit}"
        claimed = claimed if o.limit else "no loss"
        if self.baseline is None:
            which = f"over {exact(self.gain.over)}{where_text(self.where)}"
        else:
            ours, theirs, shared = apart(self.where, self.baseline)
            which = f"of {ours or 'the rest'} over {theirs}{where_text(shared)}"
        gain = f"the gain in {label} {which}"
        low = f"at least {signed(o.lower(), margin)} with one-sided 95 % confidence"
        high = f"at most {signed(o.upper(), margin)} with one-sided 95 % confidence"
        if j.verdict == "inconclusive":
            if j.suggests is None and o.ci_low <= o.limit <= o.ci_high:
                either = f"where {claimed} is claimed" if loses else f"on either side of {limit}"
                return f"{gain} may be anything from {span}, {either} (95 % interval; {{runs}})."
            side = high if o.value < o.limit else low
            return (
                f"Suggestive, {not_after(j)}: {gain} is {signed(o.value, margin)}, and {side}"
                f" (95 % interval {span}; {{runs}}), where {claimed} is claimed."
            )
        sure = f"(95 % interval {span}; adjusted {p_text(j.p_adjusted)}; {{runs}})"
        value = signed(o.value, margin)
        if j.verdict == "refuted":
            short = f"a loss of more than {limit}, against the claim"
            if not loses:
                short = f"short of the {limit} claimed" if o.limit else "where no loss was claimed"
            return f"{gain} is {value}, {short}: {high} {sure}."
        return f"{gain} is {value}, {low}, where {claimed} was claimed {sure}."

    def shape(self, log: Log) -> np.ndarray:
        return self._better(log) * self._gaining(log)

    def origin(self, log: Log) -> np.ndarray:
        """Return scores that gain just what is claimed."""
        base = self.gain.over if self.baseline is None else 0.0
        return base + self._better(log) * self.gain.at_least * self._gaining(log)

    def _gaining(self, log: Log) -> np.ndarray:
        """Return which runs are to gain, shape (runs,): those of `where`, the baseline apart."""
        chosen = log.scores.selects(self.where)
        if self.baseline is not None:
            chosen = chosen & ~log.scores.selects(self.baseline)
        return chosen.astype(float)

    def _better(self, log: Log) -> float:
        return 1.0 if log.metrics[self.metric].better == "higher" else -1.0
