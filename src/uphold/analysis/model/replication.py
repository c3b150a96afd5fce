"""What fresh seeds alone say of verdicts: as it was found, and as it stands today."""

from typing import Literal

from uphold.analysis.model.found import Count, Found, Number
from uphold.claims.again import Held, Verdict


class Side(Found):
    """How a claim was judged, by the runs of a write-up or by fresh ones alone."""

    verdict: Verdict
    value: Number
    ci_low: Number
    ci_high: Number
    p_adjusted: Number
    units: Count
    runs: Count


class Change(Found):
    """By how much the fresh runs' estimate differs from the first, where both have an error."""

    value: Number
    ci_low: Number
    ci_high: Number


class Replicated(Found):
    """A decisive verdict that was tried on fresh seeds.

    ``state`` is a digest of what was tried: the claim, its verdict, and the runs behind it.
    ``seen``: any of the fresh runs was judged before, for an earlier state of the verdicts.
    """

    state: str
    outcome: Held
    first: Side
    fresh: Side
    change: Change | None
    seen: bool = False


class FreshRuns(Found):
    """The fresh runs of a sweep: their seeds, and a digest of their keys in the journal."""

    seeds: tuple[int, ...]
    runs: Count
    failed: Count
    keys: str


class Replication(Found):
    """All verdicts of a write-up that were tried; none where nothing was.

    Sweeps stay when no verdict rests on them any more: what their fresh runs say was seen.
    """

    claims: dict[str, Replicated] = {}
    sweeps: dict[str, FreshRuns] = {}


class Tried(Found):
    """How a decisive verdict stands: what fresh seeds say of it, unless of an earlier state."""

    outcome: Literal[Held, "of an earlier state", "not tried"]
    found: Replicated | None = None
