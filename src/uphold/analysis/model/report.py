"""All that the report of anyone's log shows."""

from uphold.analysis.model.estimates import Metric
from uphold.analysis.model.found import Count, Found, Number
from uphold.analysis.model.runs import Runs
from uphold.analysis.model.what_if import WhatIf
from uphold.analysis.model.writeup import AuditFlag, Claim


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
    read_as: str
    spec_file: str
    shortened: Count = 0
    what_if: WhatIf | None = None
