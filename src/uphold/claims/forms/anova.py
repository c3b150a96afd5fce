"""``anova``: whether means differ over the levels of one factor, of several, or configurations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np
from pydantic import BeforeValidator, Field

from uphold.claims.claim import Claim
from uphold.claims.expectations import Expectation
from uphold.claims.untestable import Untestable, no_noise, no_runs, one_level, one_seed, too_few
from uphold.claims.wording import p_text, where_text
from uphold.error_rates import ALPHA, POWER
from uphold.format import crossed, digits_of, exact, number, percent
from uphold.validation import Settings

if TYPE_CHECKING:
    from uphold.claims.judgement import Judgement
    from uphold.claims.log import Log
    from uphold.claims.outcomes import Outcome
    from uphold.statistics import Anova
    from uphold.statistics.equivalence import Levels
    from uphold.statistics.oneway import OneWay

CONFIGURATION = "configuration"


def _names(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class Compared(Settings):
    """One factor, several, or ``configuration``: every combination of all of them."""

    over: Annotated[tuple[str, ...], BeforeValidator(_names), Field(min_length=1)]


class AnovaClaim(Claim):
    """A claim that means differ, or that they do not."""

    form: ClassVar[str] = "anova"
    expects: ClassVar[tuple[Expectation, ...]] = ("difference", "no-effect")
    for_difference: ClassVar[bool] = True

    anova: Compared

    def compared(self) -> list[str]:
        return [] if self.anova.over == (CONFIGURATION,) else list(self.anova.over)

    def differ_in(self, factors: Sequence[str]) -> list[str]:
        return self.compared() or list(factors)

    def factors(self) -> dict[str, str]:
        over = {f"anova.over.{i}": name for i, name in enumerate(self.compared())}
        return super().factors() | over

    def test(self, log: Log, alike: np.ndarray) -> Variance:
        from uphold.claims.not_run import barred
        from uphold.claims.training_identity import all_alike
        from uphold.statistics.equivalence import prepare_levels
        from uphold.statistics.oneway import prepare_oneway
        from uphold.statistics.scores import codes

        over = self.anova.over[0] if len(self.anova.over) == 1 else self.anova.over
        design = prepare_oneway(log.scores, self.metric, over, self.where)
        levels = prepare_levels(log.scores, self.metric, over, self.where)
        return Variance(
            seed=codes(log.scores.table, [log.scores.replicate]),
            design=design,
            levels=levels,
            margin=log.metrics[self.metric].margin,
            rows=design.row,
            replicate=log.scores.replicate,
            barred=barred(self, log.scores, alike, all_alike(levels, alike)),
        )

    def detectable(self, outcome: Outcome) -> float:
        """Return the distance of two level means that would have been found, the others midway."""
        from uphold.statistics import power

        o = outcome
        runs = o.n / max(o.levels, 1)
        return power.anova_minimum_detectable_effect(o.se, o.levels, runs, unequal=True)

    def seeds_it_takes(self, outcome: Outcome, margin: float) -> int | None:
        from uphold.statistics import power

        o = outcome
        if self.expectation == "no-effect":
            # Two levels at a time, each with its share of the runs.
            se = o.se * sqrt(2 * o.levels / o.n) if o.n else np.nan
            return power.seeds_needed(se, o.df, o.seeds, margin, self.expected.aim)
        runs_per_seed = o.n / max(o.levels * o.seeds, 1)
        return power.anova_seeds_needed(o.se, o.levels, runs_per_seed, margin, unequal=True)

    def measured(self, j: Judgement) -> str:
        o, a, label, over = j.outcome, j.outcome.anova, j.metric.label, self.compared()
        assert a is not None
        levels = f"levels of {crossed(over)}" if over else "configurations"
        what = f"{o.levels} {levels}{where_text(self.where)}"
        how = "" if a.verdict_test == "F" else f" by {a.verdict_test}"
        df = f"{number(a.df, 0)}, {number(a.df_resid, 0)}"
        test = (
            f"(F({df}) = {number(a.F, 2)}, adjusted {p_text(j.p_adjusted)}{how}, partial"
            f" ω² = {number(a.omega_sq_partial, 2)}; {{runs}})"
        )
        if j.verdict == "inconclusive":
            can = f"The {what} can neither be told apart nor called the same in {label} {test}."
            least = number(j.detectable, digits_of(j.metric.margin))
            found = f" These runs find two means {least} apart with {percent(POWER)} power."
            return can + found * (j.detectable > 0)
        if o.within:
            same = f"every pair within ±{exact(j.metric.margin)}"
            return f"The {what} are the same in {label}: {same} {test}."
        against = ", against the claim" if j.verdict == "refuted" else ""
        return f"The {what} differ in {label}{against} {test}."

    def shape(self, log: Log) -> np.ndarray:
        """Return a step from level to level."""
        from uphold.statistics.scores import codes

        return codes(log.scores.table, self.differ_in(log.scores.factors)).astype(float)


@dataclass(frozen=True)
class Variance:
    """The test: an ANOVA, with the equivalence of every pair of its levels."""

    seed: np.ndarray
    design: OneWay
    levels: Levels
    margin: float
    rows: np.ndarray
    replicate: str
    barred: Untestable | None

    def outcome(self, keep: np.ndarray | None = None, draws: int | None = None) -> Outcome:
        from uphold.claims.outcomes import Outcome, judged_by
        from uphold.statistics.permutation import DRAWS
        from uphold.statistics.scores import distinct

        # Of a leave-out only the verdict is asked for, and p from .05 on all give the same one.
        anova = self.design.test(keep, draws or DRAWS, np.inf if keep is None else ALPHA)
        if keep is None:
            anova = replace(anova, kruskal_p=self.design.kruskal_p())
        kept = self.rows if keep is None else self.rows[keep[self.rows]]
        seeds = distinct(self.seed[kept])
        found = Outcome(
            value=anova.omega_sq_partial,
            ci_low=np.nan,
            ci_high=np.nan,
            p=anova.verdict_p,
            within=self.levels.all_inside(self.margin, keep),
            n=anova.n,
            runs=anova.n,
            seeds=seeds,
            levels=anova.levels,
            method=f"ANOVA by {anova.verdict_test}",
            se=np.sqrt(anova.mean_square_error),
            df=anova.df_resid,
            anova=anova,
        )
        # Levels that agree everywhere are inside any margin.
        agree = found.within and self.levels.agree(keep)
        return judged_by(found, self.barred or self._untestable(anova, seeds, agree))

    def _untestable(self, anova: Anova, seeds: int, agree: bool) -> Untestable | None:
        if seeds == 0:
            return no_runs("runs that it is about", self.replicate)
        if anova.levels < 2:
            return one_level("the runs that it is about have one level only", self.replicate)
        if seeds < 2:
            return one_seed("runs", self.replicate)
        if anova.df_resid < 1:
            return too_few(self.replicate)
        if agree:
            return no_noise("all levels agree in every match", self.replicate)
        if np.isnan(anova.F):
            same = f"nothing but level and {self.replicate} tells the scores apart"
            return no_noise(same, self.replicate)
        return None
