"""How often verdicts are wrong, as `uphold.calibration` counts it and its page shows it."""

from typing import Literal

from pydantic import Field

from uphold.analysis.model.found import Count, Found, Number

Verdict = Literal["supported", "refuted", "equivalent", "inconclusive"]
Looking = Literal["supported", "refuted", "equivalent", "family"]
"""What is looked at again: one claim, for each false verdict, and a family with runs missing."""
Kind = Literal["alone", "tasks", "control"]
"""What power is told of: one claim, a family with a task each, a family against one control."""


class Rate(Found):
    """A share with the 95 % interval that its number of draws leaves."""

    value: Number
    low: Number
    high: Number
    hits: Count
    draws: Count


class Design(Found):
    """The rates of one design."""

    wrong: dict[Verdict, Rate]
    covered: Rate | None


class Claimed(Design):
    """The rates of a scenario for claims of one kind: over its designs, and design by design."""

    designs: dict[str, Design]


class Scenario(Found):
    """A scenario: by what was claimed."""

    title: str
    balanced: bool
    beyond: bool = Field(False, description="Whether it breaks what the tests assume.")
    claims: dict[str, Claimed]


class Looked(Found):
    """How often a verdict is false at any look, naively and with declared looks."""

    naive: Rate
    declared: Rate


class Limits(Found):
    """What should hold."""

    wrong: float
    coverage_low: float
    coverage_high: float
    coverage_least: float
    power: float
    power_effect: Count
    power_seeds: Count


class Made(Found):
    """How the figures were made."""

    scale: str
    seed: Count
    code: str
    versions: dict[str, str]


class Calibration(Found):
    """How often verdicts are wrong.

    Attributes
    ----------
    power : mapping
        By kind, effect in standard deviations of a run, and seeds.
    """

    made: Made
    limits: Limits
    family: Count
    effective: Count
    scenarios: dict[str, Scenario]
    looks_at: str
    looks: dict[Looking, Looked]
    power: dict[Kind, dict[str, dict[str, Rate]]]


class Peer(Found):
    """How often a package finds a difference in logs that have none."""

    package: str
    version: str
    usage: str
    rates: dict[str, Rate | None] = Field(description="By scenario; None: it refuses such logs.")


class Peers(Found):
    """Other packages on the same logs."""

    seed: Count
    scenarios: dict[str, str]
    peers: dict[str, Peer]


class Looped(Found):
    """What the gate did in loops of one kind.

    Attributes
    ----------
    any_false, any_by_score : Rate
        Loops in which something was kept that gains nothing: by the gate, and by the rule that
        keeps what scores better in one run.
    found : Rate or None
        Proposals that gain the margin and were kept.
    runs : float
        A proposal, on average.
    fixed : int
        A proposal, by a design that is fixed beforehand.
    false_by_score : float
        What the rule keeps in a loop and gains nothing, on average.
    """

    title: str
    gains: bool
    any_false: Rate
    found: Rate | None
    runs: float
    fixed: Count
    false_by_score: float
    any_by_score: Rate


class Loops(Found):
    """Loops of proposals, decided by the gate."""

    seed: Count
    code: str
    loops: Count
    proposals: Count
    cases: dict[str, Looped]
