"""``slope``: how a metric changes along a numeric setting, such as one that a search drew.

The unit is the trial: what the outermost replicate numbers, at one point of the space. Runs of one
trial are averaged. The slope is of a straight line by least squares, over the logarithm of a
setting on a log scale, adjusted for every other numeric setting and factor as if they added up; see
`uphold.statistics.slope` for its error. A trial that a search placed by what it had seen counts as
any other: given where it lies, its noise is its own.

A slope says nothing of what has a summit or a valley: where a parabola is shown to turn between the
tenth and the ninetieth percentile of the values, there is no test, and the claim says so. What
changes by less than the margin has to do so at both of these ends as well.
"""

from __future__ import annotations

from math import nan
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from pydantic import Field, model_validator

from uphold.claims.expectations import Expectation
from uphold.claims.forms.effect import EffectClaim
from uphold.claims.numeric import along, step
from uphold.claims.wording import p_text, signed, where_text
from uphold.error_rates import ALPHA
from uphold.format import difference, digits_of, exact, name, rough
from uphold.validation import Number, Settings

if TYPE_CHECKING:
    from uphold.claims.judgement import Judgement
    from uphold.claims.log import Log
    from uphold.claims.metric import Metric
    from uphold.claims.outcomes import Outcome
    from uphold.claims.slope import Line, SlopeOutcome
    from uphold.statistics.power import SeedsNeeded
    from uphold.statistics.scores import Scores


class Along(Settings):
    """A numeric setting, the step in it that an effect is told for, and the values that count.

    Attributes
    ----------
    of : str
    per : float
        On a log scale how many times as large, else by how much more.
    within : list of float, optional
        The lowest and the highest value that the claim is about.
    """

    of: str
    per: Annotated[Number, Field(gt=0)]
    within: tuple[Number, Number] | None = None

    @model_validator(mode="after")
    def _rising(self) -> Along:
        if self.within is not None and not self.within[0] < self.within[1]:
            raise ValueError("'within' is the lowest value and then the highest, such as [0, 0.5].")
        return self


class SlopeClaim(EffectClaim):
    """A claim about how a metric changes along a numeric setting."""

    form: ClassVar[str] = "slope"
    expects: ClassVar[tuple[Expectation, ...]] = ("difference", "increase", "decrease", "no-effect")
    over_items: ClassVar[bool] = False

    slope: Annotated[Along, Field(examples=[{"of": "lr", "per": 10}])]

    def numeric(self) -> dict[str, str]:
        return {"slope.of": self.slope.of}

    def unit(self, replicate: str) -> str:
        return "trial"

    def rests_on(self, scores: Scores) -> np.ndarray:
        x = scores.values(self.slope.of)
        low, high = self.slope.within or (-np.inf, np.inf)
        return super().rests_on(scores) & (x >= low) & (x <= high)

    def test(self, log: Log, alike: np.ndarray) -> Line:
        from uphold.claims.not_run import barred
        from uphold.claims.slope import Line

        chosen = self.rests_on(log.scores) & ~np.isnan(log.scores.values(self.metric))
        return Line(
            scores=log.scores,
            metric=self.metric,
            label=log.metrics[self.metric].label,
            numeric=log.numeric,
            of=self.slope.of,
            per=self.slope.per,
            rows=np.flatnonzero(chosen),
            barred=barred(self, log.scores, alike, same=False),
        )

    def seeds_it_takes(self, outcome: Outcome, margin: float, alpha: float) -> SeedsNeeded | None:
        # Of a search as long as this, a plan that ends at so many trials has nothing to say.
        return None if outcome.takes else super().seeds_it_takes(outcome, margin, alpha)

    def average_p(self, outcome: Outcome, margin: float) -> float:
        return nan

    def shown(self, outcome: Outcome, metric: Metric) -> str:
        step = f"{exact(self.slope.per)} times as much" if _of(outcome).log else self._more()
        return f"{difference(outcome, digits_of(metric.margin))} for {step}"

    def measured(self, j: Judgement) -> str:
        label = j.metric.label
        when = f"when {name(self.slope.of)} {self._going(j.outcome)}{where_text(self.where)}"
        text = self.effect(j, label, f"the change of {label} {when}", when)
        return f"{text} {self._curved(j)}".strip()

    def _more(self) -> str:
        return f"{exact(self.slope.per)} more"

    def _going(self, outcome: Outcome) -> str:
        per = exact(self.slope.per)
        return f"is {per} times as large" if _of(outcome).log else f"rises by {per}"

    def _curved(self, j: Judgement) -> str:
        """Say that it goes on as it is, but not evenly, where that is shown."""
        o = _of(j.outcome)
        if o.found is None or not o.found.bend.p < ALPHA:
            return ""
        margin = j.metric.margin
        low, high = (
            f"{signed(end.value, margin)} near {rough(at)}"
            for end, at in zip((o.found.low, o.found.high), o.ends, strict=True)
        )
        return f"It is no straight line ({p_text(o.found.bend.p)}): {low}, {high}."

    def shape(self, log: Log) -> np.ndarray:
        x = log.scores.values(self.slope.of)
        scale = log.numeric[self.slope.of]
        return np.nan_to_num(along(x, scale) / step(self.slope.per, scale))


def _of(outcome: Outcome) -> SlopeOutcome:
    from uphold.claims.slope import SlopeOutcome

    assert isinstance(outcome, SlopeOutcome)
    return outcome
