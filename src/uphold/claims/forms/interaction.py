"""``interaction``: how much the effect of one step depends on another."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field, model_validator

from uphold.claims.expectations import backwards
from uphold.claims.forms.effect import EffectClaim
from uphold.claims.levels import Step
from uphold.claims.wording import going, step_text
from uphold.validation import Settings

if TYPE_CHECKING:
    from uphold.claims.judgement import Judgement
    from uphold.claims.linear import Linear
    from uphold.claims.log import Log


class Interaction(Settings):
    """The effect ``of`` one step, and the step ``with`` which it may change."""

    of: Step
    with_: Step = Field(alias="with", examples=[{"factor": "augmented", "from": False, "to": True}])

    @model_validator(mode="after")
    def _two_factors(self) -> Interaction:
        if self.of.factor == self.with_.factor:
            raise ValueError(f"'of' and 'with' are one factor, {self.of.factor!r}: it takes two.")
        return self


class InteractionClaim(EffectClaim):
    """A claim about the difference of two effects."""

    form: ClassVar[str] = "interaction"
    interaction: Interaction

    def steps(self) -> dict[str, Step]:
        return {"interaction.of": self.interaction.of, "interaction.with": self.interaction.with_}

    def one_way(self) -> InteractionClaim:
        """Return it with each step in one direction: each turn changes the sign."""
        expect, steps = self.expectation, []
        for step in self.steps().values():
            turned, back = step.one_way()
            expect = backwards(expect) if back else expect
            steps.append(turned)
        of, by = sorted(steps, key=lambda step: step.factor)
        both = self.interaction.model_copy(update={"of": of, "with_": by})
        return self.model_copy(update={"interaction": both, "expect": expect})

    def test(self, log: Log, alike: np.ndarray) -> Linear:
        from uphold.claims.linear import prepare_linear
        from uphold.statistics.interactions import DIFFERENCE_OF_DIFFERENCES, match_steps
        from uphold.statistics.interactions import Step as Change

        of, by = (Change(step.factor, step.from_, step.to) for step in self.steps().values())
        m = match_steps(log.scores, self.metric, of, by, self.where)
        arms = [
            {of.factor: a, by.factor: b}
            for a in (of.from_level, of.to_level)
            for b in (by.from_level, by.to_level)
        ]
        return prepare_linear(self, log, alike, m, DIFFERENCE_OF_DIFFERENCES, arms)

    def measured(self, j: Judgement) -> str:
        effect = f"effect on {j.metric.label} of taking {step_text(self.interaction.of)}"
        when = going(self.interaction.with_, self.where)
        return self.effect(j, f"the {effect}", f"the change of the {effect} {when}", when)

    def shape(self, log: Log) -> np.ndarray:
        from uphold.statistics.scores import at_level

        of, by = (at_level(log.scores.column(s.factor), s.to) for s in self.steps().values())
        return np.asarray(of & by, dtype=float)
