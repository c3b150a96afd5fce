"""``anova``: whether means differ over the levels of one factor, of several, or configurations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import TYPE_CHECKING, Annotated, Any, ClassVar

import numpy as np
from pydantic import BeforeValidator, Field

from uphold import format
from uphold.claims.claim import Claim
from uphold.claims.expectations import Expectation
from uphold.claims.role import Quantity
from uphold.claims.untestable import (
    Untestable,
    confounded,
    no_noise,
    no_runs,
    one_level,
    one_seed,
    takes_scores,
    too_few,
)
from uphold.claims.wording import not_after, p_text, where_text
from uphold.error_rates import ALPHA, POWER
from uphold.format import crossed, digits_of, exact, number, percent
from uphold.validation import Settings

if TYPE_CHECKING:
    from uphold.claims.judgement import Judgement
    from uphold.claims.log import Log
    from uphold.claims.metric import Metric
    from uphold.claims.outcomes import Outcome
    from uphold.statistics.level_means import LevelMeans, LevelRuns
    from uphold.statistics.oneway import Anova
    from uphold.statistics.power import SeedsNeeded

CONFIGURATION = "configuration"
TESTED = {"F": "of F", "F*": "of F* for unequal spread", "permutation": "by permutation"}
"""What the p of a difference is of; the F that is printed is the classic one."""


def _names(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


class Compared(Settings):
    """One factor, several, or ``configuration``: every combination of all of them."""

    over: Annotated[
        tuple[str, ...],
        BeforeValidator(_names),
        Field(min_length=1, examples=[["mixup", "augmented"]]),
    ]


class AnovaClaim(Claim):
    """A claim that means differ, or that they do not."""

    form: ClassVar[str] = "anova"
    estimates: ClassVar[Quantity] = "share"
    expects: ClassVar[tuple[Expectation, ...]] = ("difference", "no-effect")

    anova: Compared

    def compared(self) -> list[str]:
        return [] if self.anova.over == (CONFIGURATION,) else list(self.anova.over)

    def differ_in(self, factors: Sequence[str]) -> list[str]:
        return self.compared() or list(factors)

    def factors(self) -> dict[str, str]:
        over = {f"anova.over.{i}": name for i, name in enumerate(self.compared())}
        return super().factors() | over

    def one_way(self) -> AnovaClaim:
        over = tuple(sorted(self.anova.over))
        return self.model_copy(update={"anova": self.anova.model_copy(update={"over": over})})

    def test(self, log: Log, alike: np.ndarray) -> Variance:
        from uphold.claims.not_run import barred, without_score
        from uphold.claims.training_identity import all_alike
        from uphold.statistics.level_means import prepare_levels

        over = self.anova.over[0] if len(self.anova.over) == 1 else self.anova.over
        runs = prepare_levels(log.scores, self.metric, over, self.where)
        chosen = log.scores.selects(self.where)
        for name in self.compared():
            # Runs in which it has no effect are no level.
            chosen &= log.scores.column(name).notna().to_numpy()
        return Variance(
            runs=runs,
            term=self.anova.over,
            margin=log.metrics[self.metric].margin,
            rows=runs.row,
            replicate=log.scores.replicate,
            barred=barred(self, log.scores, alike, all_alike(runs, alike)),
            unscored=without_score(self, log.scores, self.differ_in(log.scores.factors), chosen),
        )

    def detectable(self, outcome: Outcome, alpha: float) -> float:
        """Return the distance of two level means that would have been found, the others midway."""
        from uphold.statistics import power

        o = outcome
        runs = o.n / max(o.levels, 1)
        return power.anova_minimum_detectable_effect(o.se, o.levels, runs, alpha, unequal=True)

    def seeds_it_takes(self, outcome: Outcome, margin: float, alpha: float) -> SeedsNeeded | None:
        from uphold.statistics import power

        o = outcome
        if self.expectation == "no-effect":
            if o.unscored:
                return None
            # Two levels at a time, each with its share of the runs.
            se = o.se * sqrt(2 * o.levels / o.n) if o.n else np.nan
            return power.seeds_needed(se, o.df, o.seeds, margin, self.expected.aim, alpha)
        runs_per_seed = o.n / max(o.levels * o.seeds, 1)
        return power.anova_seeds_needed(
            o.se, o.levels, runs_per_seed, margin, o.df, alpha, unequal=True
        )

    def shown(self, outcome: Outcome, metric: Metric) -> str:
        return f"partial ω² = {number(outcome.value, 2)} over {outcome.levels} levels"

    def measured(self, j: Judgement) -> str:
        o, a, label, over = j.outcome, j.outcome.anova, j.metric.label, self.compared()
        assert a is not None
        levels = f"levels of {crossed(over)}" if over else "configurations"
        what = f"{o.levels} {levels}{where_text(self.where)}"
        margin, same = exact(j.metric.margin), self.expectation == "no-effect"
        apart = f"some of the {what} lie more than {margin} apart in {label}"
        if not same:
            apart = f"the {what} differ in {label}"
        near = f"the {what} lie within ±{margin} of each other in {label}"
        df = f"{number(a.df, 0)}, {number(a.df_resid, 0)}"
        size = f"F({df}) = {number(a.F, 2)}, partial ω² = {number(a.omega_sq_partial, 2)}; {{runs}}"
        if j.verdict == "inconclusive":
            least = number(j.detectable, digits_of(j.metric.margin))
            found = f" These runs find two means {least} apart with {percent(POWER)} power."
            found *= j.detectable > 0
            if j.suggests is None:
                open_ = f"neither be told apart in {label} nor shown to be within ±{margin}"
                if same:
                    open_ = f"be shown neither to stay within ±{margin} in {label} nor to part"
                return f"The {what} can {open_} ({size}).{found}"
            seen = near if j.suggests == ("supported" if same else "equivalent") else apart
            return f"Suggestive, {not_after(j)}: {seen} ({size}).{found}"
        shown = near if j.verdict == ("supported" if same else "equivalent") else apart
        of = "for the clearest pair" if same else TESTED[a.verdict_test]
        if shown is near:
            of = "for the equivalence of every pair"
        return f"{shown} (adjusted {p_text(j.p_adjusted)} {of}; {size})."

    def shape(self, log: Log) -> np.ndarray:
        """Return a step from level to level."""
        from uphold.statistics.scores import codes

        return codes(log.scores.table, self.differ_in(log.scores.factors)).astype(float)


@dataclass(frozen=True)
class Variance:
    """The test: an ANOVA, with the equivalence of every pair of its levels."""

    runs: LevelRuns
    term: tuple[str, ...]
    margin: float
    rows: np.ndarray
    replicate: str
    barred: Untestable | None
    unscored: tuple[str, ...] = ()

    def outcome(self, keep: np.ndarray | None = None, draws: int | None = None) -> Outcome:
        from uphold.claims.outcomes import Outcome, judged_by
        from uphold.statistics.equivalence import agree, some_beyond_p
        from uphold.statistics.oneway import kruskal_p, one_way
        from uphold.statistics.permutation import DRAWS

        means = self.runs.means(keep)
        # Of a leave-out only the verdict is asked for, and p from .05 on all give the same one.
        anova = one_way(means, self.term, draws or DRAWS, np.inf if keep is None else ALPHA)
        if keep is None:
            anova = replace(anova, kruskal_p=kruskal_p(means))
        found = Outcome(
            value=anova.omega_sq_partial,
            ci_low=np.nan,
            ci_high=np.nan,
            p=anova.verdict_p,
            inside_p=self._inside_p(means),
            outside_p=some_beyond_p(means, self.margin),
            n=anova.n,
            runs=means.runs,
            seeds=means.units,
            levels=anova.levels,
            method=f"ANOVA by {anova.verdict_test}",
            se=np.sqrt(anova.mean_square_error),
            df=anova.df_resid,
            anova=anova,
            unscored=self.unscored,
            takes=takes_scores(self.replicate) if self.unscored else "",
        )
        # Levels that agree everywhere are inside any margin.
        same = agree(means)
        return judged_by(found, self.barred or self._untestable(anova, means.units, same))

    def _inside_p(self, means: LevelMeans) -> float:
        """Return the p that all levels are inside ± margin, NaN where one of them has no score."""
        from uphold.statistics.equivalence import equivalence_p

        if self.unscored:
            return np.nan
        # One more condition, which costs no error rate: that contexts do not go apart.
        return equivalence_p(means, self.margin) if means.widest < self.margin else 1.0

    def _untestable(self, anova: Anova, seeds: int, agree: bool) -> Untestable | None:
        if seeds == 0:
            return no_runs("runs that it is about", self.replicate)
        if self.runs.confounded:
            return confounded(self.runs.confounded, self.replicate)
        if anova.levels < 2:
            return one_level("the runs that it is about have one level only", self.replicate)
        if seeds < 2:
            return one_seed("runs", self.replicate)
        if anova.df_resid < 1:
            return too_few(self.replicate)
        if agree:
            return no_noise("all levels agree in every match", self.replicate)
        if np.isnan(anova.F):
            same = f"nothing but level and {format.name(self.replicate)} tells the scores apart"
            return no_noise(same, self.replicate)
        return None
