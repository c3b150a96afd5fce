"""Estimates, descriptions and tests, as a page finds them: those of `uphold.statistics`, typed."""

from typing import Any

from pydantic import Field

from uphold.analysis.model.found import Count, Found, Level, Number
from uphold.claims import metric


class Metric(metric.Metric, Found):
    """A metric, as the study or the spec declares it."""


class Estimate(Found):
    """An estimate; see `uphold.statistics.estimate.Estimate`."""

    value: Number
    ci_low: Number
    ci_high: Number
    n: Count
    runs: Count
    seeds: Count
    method: str
    p: Number
    se: Number
    df: Number
    scale: Number
    loading: Any = Field(default=None, exclude=True)


class Contrast(Estimate):
    """An effect; see `uphold.statistics.contrasts.Contrast`.

    ``unmatched`` has the runs of a sweep by name; those of a log, which may be as many as the log
    is long, are only counted.
    """

    from_mean: Number
    to_mean: Number
    hedges_g: Number
    unmatched: tuple[str, ...] | Count


class Move(Found):
    """A factor, and the levels that it goes from and to."""

    factor: str
    from_: Level = Field(alias="from")
    to: Level


class Effect(Contrast, Move):
    """What a move changes."""


class Part(Found):
    """A band's part of an effect; see `uphold.statistics.breakdown.Part`."""

    items_: Count = Field(alias="items")
    share: Number
    difference: Contrast
    contribution: Contrast


class Breakdown(Move):
    """An effect, divided among the bands of a metric."""

    parts: dict[str, Part]
    sum: Number


class Description(Found):
    """The runs of a configuration by one metric; see `uphold.statistics.describe`."""

    n: Count
    seeds: Count
    failed: Count
    mean: Number
    sd: Number
    sem: Number
    ci_low: Number
    ci_high: Number


class _TwoLevels(Found):
    a: Level
    b: Level


class Cell(Description, _TwoLevels):
    """The runs at a level of one factor and one of another; None: without effect there."""


class Pair(Found):
    """Two factors and the runs at every two of their levels."""

    factors: tuple[str, str]
    rows: tuple[Cell, ...]


class _TwoFactors(Found):
    of: str
    by: str


class Interaction(Estimate, _TwoFactors):
    """How much the effect of one factor changes with another."""


class Additivity(Found):
    """Whether single gains add up; see `uphold.statistics.additivity.Additivity`."""

    alone: dict[str, Estimate]
    in_company: dict[str, Estimate]
    joint: Estimate
    total: Estimate
    excess: Estimate


class Anova(Found):
    """An F test; see `uphold.statistics.oneway.Anova`."""

    term: tuple[str, ...]
    F: Number
    df: Count
    df_resid: Count
    p: Number
    eta_sq_partial: Number
    omega_sq_partial: Number
    mean_square_error: Number
    n: Count
    levels: Count
    blocked: bool
    p_unequal: Number
    shapiro_p: Number
    p_permutation: Number
    kruskal_p: Number


class Components(Found):
    """Variance components; see `uphold.statistics.components.Components`."""

    mean: Number
    se: Number
    total_sd: Number
    apart: Number
    apart_low: Number = None
    apart_high: Number = None
    variances: dict[str, Number]
    sds: dict[str, Number]
    shares: dict[str, Number]
    levels: dict[str, Count]
    runs: Count
    low: Number
    high: Number
    method: str
    note: str
