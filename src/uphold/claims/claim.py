"""A claim: a sentence with a test, in one of five forms.

In: a mapping from a spec or from ``params.yaml``. Out: a `Claim`. Promised: exactly one form, a
step between two levels, an interaction of two factors, and a gain over runs other than its own.
Whether its names exist is for whoever knows the log: `factors` and `levels` say which they are.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from uphold.claims.levels import Baseline, Level, Where, implies, listed, same_level
from uphold.validation import Settings

CONFIGURATION = "configuration"
Expectation = Literal[
    "increase", "decrease", "no-effect", "no-increase", "no-decrease", "difference"
]
FORMS = ("contrast", "interaction", "anova", "bound", "gain")


def _names(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class Step(Settings):
    """One factor going from one level to another."""

    factor: str
    from_: Level = Field(alias="from")
    to: Level

    @model_validator(mode="after")
    def _two_levels(self) -> "Step":
        if same_level(self.from_, self.to):
            raise ValueError(f"'from' and 'to' are one level, {self.to!r}: a step takes two.")
        return self


class Interaction(Settings):
    """Whether the effect ``of`` one step depends on the step ``with`` which it is taken."""

    of: Step
    with_: Step = Field(alias="with")

    @model_validator(mode="after")
    def _two_factors(self) -> "Interaction":
        if self.of.factor == self.with_.factor:
            raise ValueError(f"'of' and 'with' are one factor, {self.of.factor!r}: it takes two.")
        return self


class Anova(Settings):
    """Whether means differ over the levels of one factor, of several, or over configurations."""

    over: Annotated[tuple[str, ...], BeforeValidator(_names), Field(min_length=1)]


class Bound(Settings):
    """A limit to every configuration's mean."""

    at_most: float | None = None
    at_least: float | None = None

    @model_validator(mode="after")
    def _one_side(self) -> "Bound":
        if (self.at_most is None) == (self.at_least is None):
            raise ValueError("A bound has either 'at_most' or 'at_least'.")
        return self


class Gain(Settings):
    """A least gain over a configuration's matched runs, or over a number."""

    at_least: float
    over: Baseline


class Claim(Settings):
    """A sentence with a test.

    Attributes
    ----------
    says : str
        The sentence as its author would say it.
    metric : str
    sweep : str, optional
        Which log it is about, where a write-up covers several.
    where : mapping, optional
        Levels that narrow the runs.
    contrast, interaction, anova, bound, gain : optional
        The form: exactly one of them.
    expect : str, optional
        What is claimed of a contrast, an interaction or an ANOVA; ``difference`` unless given.
    """

    metric: str
    says: str = ""
    sweep: str | None = None
    where: Where = {}
    contrast: Step | None = None
    interaction: Interaction | None = None
    anova: Anova | None = None
    bound: Bound | None = None
    gain: Gain | None = None
    expect: Expectation | None = None

    @property
    def form(self) -> str:
        """The name of the claim's form."""
        return next(name for name in FORMS if getattr(self, name) is not None)

    @property
    def expectation(self) -> str:
        """What is expected; ``"bound"`` or ``"gain"`` for the forms that say it themselves."""
        return self.form if self.form in ("bound", "gain") else self.expect or "difference"

    @model_validator(mode="after")
    def _one_form(self) -> "Claim":
        given = [name for name in FORMS if getattr(self, name) is not None]
        if len(given) != 1:
            has = " and ".join(given) or "none"
            raise ValueError(f"A claim has one form of {', '.join(FORMS)}; this has {has}.")
        if self.form in ("bound", "gain") and self.expect is not None:
            raise ValueError(f"A {self.form} says what it expects: leave 'expect' out.")
        if self.form == "anova" and self.expect not in (None, "difference", "no-effect"):
            raise ValueError(f"An anova cannot expect {self.expect!r}: difference or no-effect.")
        if self.gain and isinstance(self.gain.over, dict) and implies(self.where, self.gain.over):
            raise ValueError("'gain.over' holds every run of 'where': nothing is left to gain.")
        return self

    def steps(self) -> dict[str, Step]:
        """Return the steps that the claim takes, by their places in it."""
        if self.interaction:
            of, by = self.interaction.of, self.interaction.with_
            return {"interaction.of": of, "interaction.with": by}
        return {"contrast": self.contrast} if self.contrast else {}

    def levels(self) -> Iterator[tuple[str, str, Any]]:
        """Yield each level that the claim names, as (place in it, factor, level)."""
        for place, step in self.steps().items():
            yield f"{place}.from", step.factor, step.from_
            yield f"{place}.to", step.factor, step.to
        conditions = {"where": self.where}
        if self.gain and isinstance(self.gain.over, dict):
            conditions["gain.over"] = self.gain.over
        for place, where in conditions.items():
            for factor, wanted in where.items():
                yield from ((f"{place}.{factor}", factor, level) for level in listed(wanted))

    def compared(self) -> list[str]:
        """Return the factors whose levels a contrast, an interaction or an ANOVA compares."""
        if self.anova:
            return [] if self.anova.over == (CONFIGURATION,) else list(self.anova.over)
        return [step.factor for step in self.steps().values()]

    def factors(self) -> dict[str, str]:
        """Return the factors that the claim names, by their places in it."""
        named = {f"where.{name}": name for name in self.where}
        named |= {f"{place}.factor": step.factor for place, step in self.steps().items()}
        if self.anova and self.anova.over != (CONFIGURATION,):
            named |= {f"anova.over.{i}": name for i, name in enumerate(self.anova.over)}
        if self.gain and isinstance(self.gain.over, dict):
            named |= {f"gain.over.{name}": name for name in self.gain.over}
        return named
