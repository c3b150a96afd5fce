"""A claim: a sentence with a test, in one of several forms.

Promised: nothing is expected that the form cannot show. Whether its names exist is for whoever
knows the log: `Claim.factors` and `Claim.levels` say which they are.

A form is a subclass in `uphold.claims.forms`, in a file that holds all that is particular to it.
Whoever judges, words, audits or perturbs claims asks the claim, and never which form it has.
"""

from __future__ import annotations

import json
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from math import nan
from typing import TYPE_CHECKING, Any, ClassVar, Self

from pydantic import model_validator

from uphold.claims.expectations import EXPECTED, Decisions, Expectation, Expected
from uphold.claims.levels import Step, Where, in_order, listed, spelled
from uphold.claims.role import About, Quantity, Role
from uphold.validation import Settings

if TYPE_CHECKING:
    import numpy as np

    from uphold.claims.as_seen import AsSeen
    from uphold.claims.in_margins import InMargins
    from uphold.claims.judgement import Judgement
    from uphold.claims.log import Log
    from uphold.claims.metric import Metric
    from uphold.claims.outcomes import Outcome, Test
    from uphold.statistics.power import SeedsNeeded
    from uphold.statistics.scores import Scores


class Common(Settings):
    """What every claim has, whatever its form.

    Attributes
    ----------
    says : str
        The sentence as its author would say it.
    metric : str
    sweep : str, optional
        Which log it is about, where a write-up covers several.
    where : mapping, optional
        Levels that narrow the runs.
    expect : str, optional
        What is claimed, where the form leaves a choice.
    role : {"primary", "secondary"}
        Primary claims are what a write-up stands on: one error rate holds for all of them together.
        Secondary ones are exploratory.
    about : {"these-items", "items-like-these"}
        Whether it speaks of the test items that were scored, or of others like them as well: then
        its error holds what it adds that these were drawn.
    """

    metric: str
    says: str = ""
    sweep: str | None = None
    where: Where = {}
    expect: Expectation | None = None
    role: Role = "primary"
    about: About = "these-items"

    def as_written(self) -> str:
        """Return a text of all that its test is made of, as it was written."""
        return self.model_dump_json(exclude={"says", "role", "sweep"}, by_alias=True)


class Claim(Common):
    """A sentence with a test.

    What is abstract here is what a form has to say; the rest holds for most of them. Whatever needs
    the statistics imports them where it does, so that reading a spec costs no more than pydantic.

    Attributes
    ----------
    form : str
        The key that a claim of this form has in a spec.
    expects : tuple of str
        What may be expected, the first unless something is; nothing where the form says it itself.
    over_items : bool
        Whether a claim of this form may be about items like those that were scored.
    estimates : {"difference", "mean", "ratio", "share"}
        What its value is, which pages write accordingly.
    """

    form: ClassVar[str]
    expects: ClassVar[tuple[Expectation, ...]] = ()
    over_items: ClassVar[bool] = False
    estimates: ClassVar[Quantity] = "difference"

    @model_validator(mode="after")
    def _error_over_items(self) -> Claim:
        if self.about == "items-like-these" and not self.over_items:
            raise ValueError(
                f"What other items would change is not known of this form, {self.form}: leave"
                " 'about' out, or claim a contrast, an interaction or a gain."
            )
        return self

    @model_validator(mode="after")
    def _can_be_shown(self) -> Claim:
        if self.expect is None or self.expect in self.expects:
            return self
        article = "An" if self.form[0] in "aeiou" else "A"
        if not self.expects:
            raise ValueError(f"{article} {self.form} says what it expects: leave 'expect' out.")
        allowed = " or ".join(self.expects)
        raise ValueError(
            f"{article} {self.form} cannot expect {self.expect!r}: it can expect {allowed}."
        )

    # What is claimed

    @property
    def expectation(self) -> str:
        """The word for what is expected: the form's name where it says so itself."""
        return self.expect or (self.expects[0] if self.expects else self.form)

    @property
    def expected(self) -> Expected:
        """What is expected: what decides it, how to plan for it, and its words."""
        return EXPECTED[self.expect or self.expects[0]]

    @property
    def everywhere(self) -> bool:
        """Whether it is about every context, and not shown where one of them has no score."""
        return False

    def margin(self, metric: Metric) -> float:
        """Return the smallest effect that matters: the metric's, unless the form has its own."""
        return metric.margin

    def with_margin(self, times: float) -> Self:
        """Return the claim with a margin of its own so many times as large, if it has one."""
        return self

    def decisions(self, outcome: Outcome, margin: float) -> Decisions:
        """Return what may be decided, each with its p: nothing where no test was possible."""
        return () if outcome.reason else self.expected.decisions(outcome, margin)

    def steps(self) -> dict[str, Step]:
        """Return the steps that the claim takes, by their places in it."""
        return {}

    def conditions(self) -> dict[str, Where]:
        """Return the levels that its runs have, by their places in it: each is one part of them."""
        return {"where": self.where}

    def compared(self) -> list[str]:
        """Return the factors of which it compares levels, so that each needs two."""
        return [step.factor for step in self.steps().values()]

    def differ_in(self, factors: Sequence[str]) -> list[str]:
        """Return the factors in which the arms that it compares differ, of all in the log."""
        return self.compared()

    def factors(self) -> dict[str, str]:
        """Return the factors that the claim names, by their places in it."""
        named = {f"where.{name}": name for name in self.where}
        named |= {f"{place}.factor": step.factor for place, step in self.steps().items()}
        for place, where in self.conditions().items():
            named |= {f"{place}.{name}": name for name in where}
        return named

    def numeric(self) -> dict[str, str]:
        """Return the numeric settings that the claim names, by their places in it."""
        return {}

    def unit(self, replicate: str) -> str:
        """Return what sentences call a unit; ``replicate`` is the name of its column."""
        return replicate

    def levels(self) -> Iterator[tuple[str, str, Any]]:
        """Yield each level that the claim names, as (place in it, factor, level)."""
        for place, step in self.steps().items():
            yield f"{place}.from", step.factor, step.from_
            yield f"{place}.to", step.factor, step.to
        for place, where in self.conditions().items():
            for factor, wanted in where.items():
                yield from ((f"{place}.{factor}", factor, level) for level in listed(wanted))

    def same_test(self) -> str:
        """Return a text that is equal for claims of one log that are one and the same test."""
        claim = self.one_way()
        test = claim.model_dump(exclude={"says", "role", "sweep"}, by_alias=True)
        test |= {"where": in_order(claim.where), "expect": claim.tested()}
        return json.dumps(spelled(test), sort_keys=True)

    def tested(self) -> str:
        """Return what is tested, in one word for expectations that the same tests decide."""
        return self.expectation

    def one_way(self) -> Claim:
        """Return it in one of the ways in which the same test may be written, ``where`` apart.

        A form turns round what it may say in either direction, and sorts lists of its own whose
        order means nothing.
        """
        return self

    # What it rests on

    def rests_on(self, scores: Scores) -> np.ndarray:
        """Return the runs that it rests on, with or without a score, shape (runs,).

        Those that ``where`` selects and, of these, the ones at the levels that it compares. Runs in
        which a factor has no effect stand for all of its levels.
        """
        chosen = scores.selects(self.where)
        for step in self.steps().values():
            chosen &= scores.selects({step.factor: [step.from_, step.to]})
        return chosen

    # How it is tested, and what that takes

    @abstractmethod
    def test(self, log: Log, alike: np.ndarray) -> Test:
        """Return its test about a log.

        Levels that no run has, factors of one level and arms that were trained alike are found
        here, before any score is looked at.

        Parameters
        ----------
        log : Log
        alike : ndarray of int, shape (runs,)
            Equal where two runs were trained alike: see `uphold.claims.training_identity`.
        """

    def detectable(self, outcome: Outcome, alpha: float) -> float:
        """Return the effect that the runs would have found with 80 % power, NaN where unknown.

        By a two-sided test at ``alpha``, from the spread that was seen.
        """
        from uphold.statistics import power

        return power.minimum_detectable_effect(outcome.se, outcome.df, alpha)

    def seeds_it_takes(self, outcome: Outcome, margin: float, alpha: float) -> SeedsNeeded | None:
        """Return the seeds that decide it if the true effect is one margin.

        With 80 % power at the level that the family leaves, each further seed bringing as many
        runs as those before. To show that there is no effect, or no increase, the true effect is
        taken as 0 and has to be shown within the margin; what is at least so large is taken to be
        so by one margin.

        Returns
        -------
        SeedsNeeded or None
            None where no spread is known to plan with.
        """
        from uphold.statistics import power

        o = outcome
        return power.seeds_needed(o.se, o.df, o.seeds, margin, self.expected.aim, alpha)

    def seeds_as_seen(self, outcome: Outcome, margin: float, alpha: float) -> AsSeen | None:
        """Return the seeds that decide it if the true effect is what was seen.

        None where that is planned for one margin only, or no number is known.
        """
        return None

    def average_p(self, outcome: Outcome, margin: float) -> float:
        """Return the p that the mean over contexts is within the margin, whatever each one is."""
        return nan

    def outside(self, outcome: Outcome, margin: float) -> np.ndarray:
        """Return which contexts are not shown to be within the margin, shape (contexts,)."""
        return outcome.contexts.outside(margin)

    # What is said of it

    def seen(self, outcome: Outcome, metric: Metric) -> str:
        """Return the effect that was seen, where seeds are planned for it."""
        return ""

    @abstractmethod
    def shown(self, outcome: Outcome, metric: Metric) -> str:
        """Return its estimate with the 95 % interval, named where it is no effect on the metric."""

    def in_margins(self, outcome: Outcome, metric: Metric) -> InMargins | None:
        """Return where the estimate lies on a scale of margins, None where it has no place."""
        return None

    @abstractmethod
    def measured(self, j: Judgement) -> str:
        """Return what was measured, how large and how sure, in words that the verdict allows.

        ``{runs}`` stands where the runs are to be counted.
        """

    # How it can fail

    @abstractmethod
    def shape(self, log: Log) -> np.ndarray:
        """Return where the claimed effect shows in scores that are made up, shape (runs,)."""

    def origin(self, log: Log) -> np.ndarray | float:
        """Return such scores without the effect."""
        return 0.0
