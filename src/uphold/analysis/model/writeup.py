"""All that a write-up shows: sweeps, claims, audit, and the archived write-up that it repeats."""

from typing import Any, Literal

from uphold.analysis.model.estimates import Anova, Components, Estimate, Metric
from uphold.analysis.model.found import Chosen, Count, Found, Number
from uphold.analysis.model.runs import SweepFound


class Outcome(Estimate):
    """What a claim's test gave; see `uphold.claims.verdicts.Outcome`."""

    inside_p: Number
    outside_p: Number
    nested: tuple[str, ...]
    limit: Number
    levels: Count
    breaking: Count
    beyond: Count
    unknown: Count
    at_most: bool
    ratio: bool = False
    hedges_g: Number
    unmatched: tuple[str, ...]
    anova: Anova | None
    reason: str
    takes: str
    seeds_help: bool


class SeedsNeeded(Found):
    """The seeds that something takes; None: more than anyone trains."""

    low: Count | None
    high: Count | None


class Claim(Found):
    """A judged claim; see `uphold.claims.judgement.Judgement`."""

    says: str
    form: str
    role: Literal["primary", "secondary"]
    metric: str
    sweep: str
    verdict: Literal["supported", "refuted", "equivalent", "inconclusive"]
    sentence: str
    fragile: bool
    p_adjusted: Number
    detectable: Number
    seeds_needed: SeedsNeeded | None
    outcome: Outcome


class AuditFlag(Found):
    """What a check of the audit found; see `uphold.audits.AuditFlag`."""

    check: str
    severity: Literal["error", "warning", "info"]
    count: Count
    unit: str
    message: str
    rows: tuple[str, ...]
    claims: tuple[str, ...]


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
    """All that a write-up shows.

    ``data`` is the study's data card, ``evaluation`` how its predictions were scored: its settings,
    defaults included.
    """

    name: str
    title: str
    scale: str
    study: str
    study_title: str
    names: dict[str, str]
    metrics: dict[str, Metric]
    primary: str
    data: dict[str, Any]
    evaluation: Chosen
    sweeps: dict[str, SweepFound]
    claims: dict[str, Claim]
    components: dict[str, Spread]
    archived: Archived | None
    audit: dict[str, tuple[AuditFlag, ...]]
