"""What the runs of a sweep, or of anyone's log, say."""

from typing import Any

from uphold.analysis.model.estimates import (
    Additivity,
    Anova,
    Breakdown,
    Description,
    Effect,
    Estimate,
    Interaction,
    Pair,
)
from uphold.analysis.model.found import Chosen, Count, Found, Level, Number


class Tried(Found):
    """A trial of a search: its scores by budget, and how it ended."""

    number: Count
    ended: str
    scores: dict[int, float]
    settings: Chosen


class Finalist(Found):
    """A trial that may be compared over seeds, and its settings."""

    trial: Count
    settings: Chosen


class Search(Found):
    """A search as it went; see `uphold.pipeline.stages.search`."""

    name: str
    by: str
    higher: bool
    seed: int
    budget: str
    budgets: list[int]
    space: dict[str, dict[str, Any]]
    trials: tuple[Tried, ...]
    start: Chosen
    finalists: tuple[Finalist, ...]


class Repeated(Found):
    """A run that was run twice on the same seed, and the numbers that differed."""

    run: str
    apart: dict[str, float]


class Design(Found):
    """A sweep's design, as the training leaves it."""

    title: str
    kind: str
    levels: dict[str, list[Any]]
    arms: dict[str, Chosen] = {}
    seeds: list[int] = []
    sharing: str = "all"
    looks: list[int] = []
    order: dict[int, int] = {}
    replicate: list[str] = ["seed"]
    after: str = "none"
    fixed: Chosen = {}
    search: Search | None = None
    repeated: Repeated | None = None


class Promoted(Found):
    """What a sweep promotes, as the evaluation leaves it; see `uphold.pipeline.promotion`.

    ``rank``, ``best`` and ``floor`` are None where an older evaluation left it.
    """

    configuration: str | None
    settings: Chosen | None
    by: str
    higher: bool = True
    mean: Number
    sd: Number
    n: Count
    stable: Count
    configurations: Count
    rule_met: bool
    rank: Count | None = None
    best: Number = None
    floor: Number = None


class Scored(Found):
    """A configuration's score over some of its runs."""

    mean: Number
    sd: Number
    n: Count


class Optimism(Found):
    """A score where it was chosen and on fresh seeds, and how much better it was where chosen."""

    chosen: Scored
    fresh: Scored
    value: Number
    ci_low: Number
    ci_high: Number


class Confirmed(Found):
    """What a sweep promoted, on fresh seeds, by score."""

    configuration: str
    seeds: tuple[int, ...]
    failed: Count
    scores: dict[str, Optimism]


class Short(Found):
    """How far a configuration may fall short of the best, and whether it can be told from it."""

    most: Number
    candidate: bool


class Configuration(Found):
    """A configuration with its description by each metric."""

    configuration: str
    levels: dict[str, Level]
    metrics: dict[str, Description]
    short: Short | None


class Importance(Found):
    """A setting's share in what sets the best trials apart; ends over resampled trials."""

    setting: str
    share: Number
    low: Number
    high: Number
    trials: Count


class OverSeeds(Found):
    """An arm of a search's finalists: its score as a trial that was trained whole, and over seeds.

    ``searched`` is None where it was no such trial. ``flattered`` is by how much the trial's score
    was the better one, with its 95 % interval.
    """

    arm: str
    trial: Count | None
    searched: Number
    mean: Number
    sd: Number
    n: Count
    flattered: Number
    ci_low: Number
    ci_high: Number


class Reached(Found):
    """How far a trial came, its score there, and the best of a whole run so far."""

    number: Count
    budget: Count
    score: float
    best: float | None


class Searched(Found):
    """What a search comes to: how it went, what it cost, which settings mattered, what held."""

    whole: Count
    pruned: Count
    failed: Count
    trained: Count
    without_ends: Count
    course: tuple[Reached, ...]
    importances: tuple[Importance, ...]
    arms: tuple[OverSeeds, ...]


class DrawnConfiguration(Found):
    """A configuration of a log: without a name, and with the scores of its single runs."""

    levels: dict[str, Level]
    metrics: dict[str, Description]
    short: Short | None
    scores: tuple[float, ...]


class Best(Found):
    """How many configurations were compared with the best, and how many cannot be told from it."""

    compared: Count
    candidates: Count


class SweepFound(Found):
    """What a sweep's runs say.

    ``failed`` has the reason by run, ``breakdowns`` the metrics with bands; ``marginal_means``,
    ``interactions``, ``additivity`` and ``anova`` are of the primary metric; ``together`` is of it
    and its bands. ``runs`` and ``failed`` are of single runs, of which ``ensembles`` are made.
    """

    title: str
    design: Design
    promoted: Promoted
    runs: Count
    ensembles: Count = 0
    failed: dict[str, str]
    configurations: tuple[Configuration, ...]
    best: Best | None
    effects: dict[str, tuple[Effect, ...]]
    breakdowns: dict[str, tuple[Breakdown, ...]]
    pairs: dict[str, tuple[Pair, ...]]
    marginal_means: dict[str, dict[str, Estimate]]
    interactions: tuple[Interaction, ...]
    additivity: Additivity | None
    anova: tuple[Anova, ...]
    together: dict[str, Additivity]
    identical_arms: tuple[tuple[str, ...], ...]
    confirmed: Confirmed | None = None
    searched: Searched | None = None


class Factor(Found):
    """A factor of a log: its first levels, how many it has, and how many runs are without."""

    name: str
    levels: tuple[Level, ...]
    count: Count
    without: Count


class Along(Found):
    """A setting of a log along which scores change: its lowest and highest value, and its scale.

    ``count`` is how many values it takes, ``without`` how many runs are without one.
    """

    name: str
    scale: str
    low: Number
    high: Number
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
    best: Best | None
    effects: dict[str, tuple[Effect, ...]]
    anova: tuple[Anova, ...]
    left_out: tuple[str, ...]
    numeric: tuple[Along, ...] = ()
