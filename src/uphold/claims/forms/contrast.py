"""``contrast``: what changes when one factor goes from one level to another, all else matched."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from uphold.claims.expectations import backwards
from uphold.claims.forms.effect import EffectClaim
from uphold.claims.levels import Step
from uphold.claims.wording import going

if TYPE_CHECKING:
    import numpy as np

    from uphold.claims.judgement import Judgement
    from uphold.claims.linear import Linear
    from uphold.claims.log import Log


class ContrastClaim(EffectClaim):
    """A claim about the effect of one step."""

    form: ClassVar[str] = "contrast"

    contrast: Step

    def steps(self) -> dict[str, Step]:
        return {"contrast": self.contrast}

    def one_way(self) -> ContrastClaim:
        step, back = self.contrast.one_way()
        expect = backwards(self.expectation) if back else self.expectation
        return self.model_copy(update={"contrast": step, "expect": expect})

    def test(self, log: Log, alike: np.ndarray) -> Linear:
        from uphold.claims.linear import prepare_linear
        from uphold.statistics.contrasts import DIFFERENCE, match_levels

        step = self.contrast
        m = match_levels(log.scores, self.metric, step.factor, step.from_, step.to, self.where)
        arms = [{step.factor: level} for level in (step.from_, step.to)]
        return prepare_linear(self, log, alike, m, DIFFERENCE, arms)

    def measured(self, j: Judgement) -> str:
        label = j.metric.label
        when = going(self.contrast, self.where)
        return self.effect(j, label, f"the change of {label} {when}", when)

    def shape(self, log: Log) -> np.ndarray:
        from uphold.statistics.scores import at_level

        return at_level(log.scores.column(self.contrast.factor), self.contrast.to).astype(float)
