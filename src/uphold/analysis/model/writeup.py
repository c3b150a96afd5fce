"""All that a write-up shows: sweeps, claims, audit, and the archived write-up that it repeats."""

from typing import Any, Literal

from pydantic import Field

from uphold.analysis.model.estimates import Anova, Components, Estimate, Metric
from uphold.analysis.model.found import Chosen, Count, Found, Number
from uphold.analysis.model.replication import Tried
from uphold.analysis.model.runs import SweepFound
from uphold.analysis.model.what_if import WhatIf


class Outcome(Estimate):
    """What a claim's test gave; see `uphold.claims.outcomes.Outcome`."""

    inside_p: Number
    outside_p: Number
    nested: tuple[str, ...]
    limit: Number
    levels: Count
    breaking: Count
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


class Interval(Found):
    """An interval by its ends."""

    ci_low: Number
    ci_high: Number


class OverItems(Found):
    """What the error of a claim comes from, and how sure it is on other items like those tested.

    Attributes
    ----------
    seeds, items_, groups : float
        Their shares in the squared standard error; None where a share is not known, or where every
        seed has items of its own.
    counts : mapping of str to int
        How many items and groups there are.
    nested : bool
        Whether every unit has items of its own, so that its spread is theirs as well.
    these : Interval
        The interval on these items.
    like_these : mapping of str to Interval
        On other items (``"items"``), and, where that is known, on other groups of them
        (``"groups"``).
    verdict : str
        What the verdict were if all claims were about items like these, as far as that is known.
    """

    seeds: Number
    items_: Number = Field(alias="items")
    groups: Number
    counts: dict[str, Count]
    nested: bool
    these: Interval
    like_these: dict[str, Interval]
    verdict: Literal["supported", "refuted", "equivalent", "inconclusive"]


class InMargins(Interval):
    """Where an estimate lies in margins; see `uphold.claims.in_margins.InMargins`.

    An end that is None where the value is known has no limit on its side.
    """

    value: Number
    claimed: Number


class Behind(Found):
    """What the arms of a claim scored, unit by unit; see `uphold.claims.behind.Behind`."""

    arms: tuple[str, ...]
    units: tuple[str, ...]
    scores: tuple[tuple[Number, ...], ...]


class Claim(Found):
    """A judged claim; see `uphold.claims.judgement.Judgement`.

    ``seeds_needed`` are for an effect of one margin, ``seeds_as_seen`` for the one that was seen.
    ``contexts`` are the factors over whose levels its effect is a mean, with how many there are.
    ``test`` is a digest of what is claimed: test, role and margin. ``direction`` and ``beyond`` are
    those of `uphold.claims.again.Stand`. ``shown`` is the estimate with its interval, in words.
    ``behind`` are the scores behind it, where they are few enough to be looked at one by one.
    ``most_units`` is how many units the data have, where it would take more of them. ``members``
    is how many runs predict together in each of its units: 1 where it is about single runs.
    ``estimates`` is what its value is; see `uphold.claims.claim.Claim`.
    """

    says: str
    form: str
    estimates: Literal["difference", "mean", "ratio", "share"] = "difference"
    role: Literal["primary", "secondary"]
    metric: str
    sweep: str
    verdict: Literal["supported", "refuted", "equivalent", "inconclusive"]
    sentence: str
    brief: str
    answer: str = ""
    shown: str
    in_margins: InMargins | None
    behind: Behind | None = None
    fragile: bool
    p_adjusted: Number
    detectable: Number
    seeds_needed: SeedsNeeded | None
    seeds_as_seen: SeedsNeeded | None = None
    outcome: Outcome
    about: Literal["these-items", "items-like-these"] = "these-items"
    items_: OverItems | None = Field(default=None, alias="items")
    look: Count = 0
    looks: tuple[Count, ...] = ()
    next_look: Count | None = None
    contexts: dict[str, Count] = {}
    test: str = ""
    direction: Literal[-1, 0, 1] = 0
    beyond: bool = False
    most_units: Count | None = None
    members: Count = 1


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


class StoodIn(Found):
    """Why the data cannot have some metrics, and what was judged instead.

    ``labels`` are those of the metrics that claims or rankings are about, to the labels of what
    stands in for them; ``metrics`` has all that the data cannot have, to the scores in their place.
    ``absent`` are labels of what claims are about and nothing stands in for, to what is missing.
    """

    why: str
    labels: dict[str, str]
    metrics: dict[str, str]
    absent: dict[str, str] = {}


class Shorter(Found):
    """A length of training that is shorter than at scale full, which has the archived one."""

    here: float
    full: float


class Size(Found):
    """How much there is of something, here and at scale full: of the data, or of what learns."""

    of: Literal["data", "network", "training"]
    here: float
    full: float


class Writeup(Found):
    """All that a write-up shows.

    ``data`` is the study's data card, ``evaluation`` how its predictions were scored: its settings,
    defaults included. ``item`` is what a test item is called, ``item_group`` what a group of items
    is that was drawn as well; nothing where the study does not tell. ``replication`` has the
    decisive verdicts. ``stood_in`` is what these data cannot have, where that changed anything.
    ``shorter`` has the settings by which training is shorter than at scale full, ``sizes`` how
    large data, networks and training are, by what it is.
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
    item: str = ""
    item_group: str = ""
    sweeps: dict[str, SweepFound]
    claims: dict[str, Claim]
    components: dict[str, Spread]
    archived: Archived | None
    audit: dict[str, tuple[AuditFlag, ...]]
    replication: dict[str, Tried] = {}
    stood_in: StoodIn | None = None
    shorter: dict[str, Shorter] = {}
    sizes: dict[str, Size] = {}
    what_if: WhatIf | None = None
