"""What is found in runs, as it crosses from the analysis to the pages: ``analysis.json``, typed.

What comes in: what the statistics, the claims and the audit return, or a file that this wrote. What
goes out: a `Writeup` or a `Report`, whose parts are checked and cannot change. What is promised:
no NaN and no infinity (None: it could not be computed), no number of numpy's; and a file with a
part too many, too few or of another kind is refused, so that no page is made of what an older
version found.
"""

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from uphold.claims import spec
from uphold.errors import InputError


def _plain(value: Any) -> Any:
    """Return a scalar as Python's own, NaN and infinities as None."""
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


Number = Annotated[float | None, BeforeValidator(_plain)]
Count = Annotated[int, BeforeValidator(_plain)]
Level = Annotated[bool | int | float | str | None, BeforeValidator(_plain)]
Settings = dict[str, Any]
"""The settings of a study: their names and kinds are its own."""


class Found(BaseModel):
    """Something that was found; its parts are attributes, and keys by their names in the file."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, from_attributes=True, validate_by_name=True
    )

    def __getitem__(self, key: str) -> Any:
        return getattr(self, self._name(key))

    def __or__(self, more: dict[str, Any]) -> dict[str, Any]:
        return {key: self[key] for key in self.keys()} | more

    def keys(self) -> Iterator[str]:
        """Yield the names of its parts in the file."""
        return (field.alias or name for name, field in type(self).model_fields.items())

    def get(self, key: str, default: Any = None) -> Any:
        """Return a part, or `default` where it has none of that name."""
        return self[key] if key in self.keys() else default

    def dumped(self) -> dict[str, Any]:
        """Return it ready for JSON."""
        return self.model_dump(mode="json", by_alias=True)

    @classmethod
    def _name(cls, key: str) -> str:
        names = (name for name, field in cls.model_fields.items() if (field.alias or name) == key)
        try:
            return next(names)
        except StopIteration:
            raise KeyError(key) from None


class Metric(spec.Metric, Found):
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
    median: Number
    iqm: Number
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


class Configuration(Found):
    """A configuration with its description by each metric."""

    configuration: str
    levels: dict[str, Level]
    metrics: dict[str, Description]


class DrawnConfiguration(Found):
    """A configuration of a log: without a name, and with the scores of its single runs."""

    levels: dict[str, Level]
    metrics: dict[str, Description]
    scores: tuple[float, ...]


class Lead(Contrast):
    """What the best configuration has over the next one, whose levels these are."""

    levels: dict[str, Level]


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

    term: str
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


class Design(Found):
    """A sweep's design, as the training leaves it."""

    title: str
    kind: str
    levels: dict[str, list[Any]]
    arms: dict[str, Settings] = {}
    seeds: list[int] = []
    after: str = "none"
    fixed: Settings = {}


class Promoted(Found):
    """What a sweep promotes, as the evaluation leaves it; see `uphold.pipeline.promotion`."""

    configuration: str | None
    settings: Settings | None
    by: str
    mean: Number
    sd: Number
    n: Count
    stable: Count
    configurations: Count
    rule_met: bool


class Sweep(Found):
    """What a sweep's runs say.

    ``failed`` has the reason by run, ``breakdowns`` the metrics with bands; ``marginal_means``,
    ``interactions``, ``additivity`` and ``anova`` are of the primary metric; ``together`` is of it
    and its bands.
    """

    title: str
    design: Design
    promoted: Promoted
    runs: Count
    failed: dict[str, str]
    configurations: tuple[Configuration, ...]
    lead: Lead | None
    effects: dict[str, tuple[Effect, ...]]
    breakdowns: dict[str, tuple[Breakdown, ...]]
    pairs: dict[str, tuple[Pair, ...]]
    marginal_means: dict[str, dict[str, Estimate]]
    interactions: tuple[Interaction, ...]
    additivity: Additivity | None
    anova: tuple[Anova, ...]
    together: dict[str, Additivity]
    identical_arms: tuple[tuple[str, ...], ...]


class Factor(Found):
    """A factor of a log: its first levels, how many it has, and how many runs are without."""

    name: str
    levels: tuple[Level, ...]
    count: Count
    without: Count


class Runs(Found):
    """What the runs of anyone's log say: ``count`` configurations, of which the best are here.

    ``failed`` runs have no primary score; ``left_out`` says what a report has no room for.
    """

    title: str
    runs: Count
    seeds: Count
    count: Count
    failed: Count
    factors: tuple[Factor, ...]
    configurations: tuple[DrawnConfiguration, ...]
    lead: Lead | None
    effects: dict[str, tuple[Effect, ...]]
    anova: tuple[Anova, ...]
    left_out: tuple[str, ...]


class Outcome(Estimate):
    """What a claim's test gave; see `uphold.claims.verdicts.Outcome`."""

    within: bool
    limit: Number
    levels: Count
    breaking: Count
    beyond: Count
    reaching: Count
    unknown: Count
    at_most: bool
    hedges_g: Number
    unmatched: tuple[str, ...]
    anova: Anova | None
    reason: str
    takes: str
    seeds_help: bool


class Claim(Found):
    """A judged claim; see `uphold.claims.judgement.Judgement`."""

    says: str
    form: str
    metric: str
    sweep: str
    verdict: Literal["supported", "refuted", "equivalent", "inconclusive"]
    sentence: str
    fragile: bool
    p_adjusted: Number
    detectable: Number
    seeds_needed: Count | None
    outcome: Outcome


class AuditFlag(Found):
    """What a check of the audit found; see `uphold.audits.Remark`."""

    check: str
    severity: Literal["error", "warning", "info"]
    count: Count
    unit: str
    message: str
    rows: tuple[str, ...]
    claims: tuple[str, ...]


class Components(Found):
    """Variance components; see `uphold.statistics.components.Components`."""

    mean: Number
    se: Number
    total_sd: Number
    apart: Number
    variances: dict[str, Number]
    sds: dict[str, Number]
    shares: dict[str, Number]
    levels: dict[str, Count]
    runs: Count
    low: Number
    high: Number
    method: str
    note: str


class Spread(Found):
    """What the spread of a sweep's runs is divided among, and what was found at each level."""

    sweep: str
    metric: str
    random: tuple[str, ...]
    by: str | None
    found: dict[str, Components]


class ArchivedSentence(Found):
    """An archived sentence, what its own printed numbers decide, and our claims on the same."""

    says: str
    section: str
    verdict: str
    text: str
    numbers: tuple[dict[str, Number], ...]
    claims: tuple[str, ...]


class Archived(Found):
    """The archived write-up that this one repeats, as it was transcribed."""

    source: str
    title: str
    tables: dict[str, Any]
    sentences: dict[str, ArchivedSentence]


class Writeup(Found):
    """All that a write-up shows; ``data`` is the study's data card."""

    name: str
    title: str
    scale: str
    study: str
    study_title: str
    metrics: dict[str, Metric]
    primary: str
    data: dict[str, Any]
    sweeps: dict[str, Sweep]
    claims: dict[str, Claim]
    components: dict[str, Spread]
    archived: Archived | None
    audit: dict[str, tuple[AuditFlag, ...]]


class FirstRows(AuditFlag):
    """What a check found in a log: its first rows, and how many there are besides."""

    more: Count


class Printed(Found):
    """A printed value beside the one that the runs give: a mean with its SD, or an n."""

    row: Count
    where: str
    metric: str
    seeds: Count
    printed: dict[str, Number]
    recomputed: dict[str, Number]
    places: Count
    agrees: bool


class Agreement(Found):
    """How many printed values there are, and how many of them the runs give again."""

    count: Count
    agree: Count


class Next(Found):
    """A thing to run, why, and how many runs it takes where that can be told."""

    what: str
    why: str
    runs: Count | None


class Fact(Found):
    """What made a report: a file or the versions."""

    what: str
    text: str


class Report(Found):
    """All that the report of anyone's log shows, every name as it can be shown."""

    title: str
    replicate: str
    primary: str
    metrics: dict[str, Metric]
    sweeps: dict[str, Runs]
    claims: dict[str, Claim]
    audit: dict[str, tuple[FirstRows, ...]]
    published: tuple[Printed, ...]
    compared: dict[str, Agreement]
    next: tuple[Next, ...]
    made: tuple[Fact, ...]
    log_file: str
    spec_file: str
    shortened: Count = 0


Kind = TypeVar("Kind", bound=Found)


def read(kind: type[Kind], path: Path, remedy: str) -> Kind:
    """Read what one stage left for another.

    Parameters
    ----------
    kind : type
        What it is, such as a `Writeup`.
    path : Path
    remedy : str
        The command that makes the file.

    Raises
    ------
    InputError
        It is missing, no JSON, or not as this version writes it.
    """
    try:
        return kind.model_validate(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        raise InputError(f"{path} is missing: run {remedy} first.") from None
    except json.JSONDecodeError as error:
        raise InputError(f"{path} is not JSON ({error}): run {remedy} again.") from None
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(
            f"{path} is not as this version writes it ({place}: {first['msg'].lower()}): run"
            f" {remedy} again."
        ) from None
