"""Run logs whose truth is known, some of them with a fault: what is asked of every tool.

In: a scenario's name and a number. Out: a table of runs, as a loop of trainings leaves it.
Promised: the same number gives the same table on every machine, and nothing in a table or in its
question says what is true.

The arms are levels of ``arm`` and ``base`` is what others are compared with. Scores are accuracies;
what matters is .02, which is also what ``uphold propose`` proposes for an accuracy.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from uphold.randomness import generator

MARGIN = 0.02
SEED = 4
DUPLICATED = r"duplicat|twice|repeated|identical|same (run|score|value)"
LOST = r"\bnan\b|missing|empty|unfinished|finish|crash|failed|diverg|unscored|not finite|incomplete"
MIXED = r"revision|confound"
CHOSEN = r"cherry|chosen|picked|selected|best"
NESTED = r"speaker|not-a-unit|cluster"


@dataclass(frozen=True)
class Scenario:
    """A kind of log.

    Attributes
    ----------
    title : str
        What a reader is told of it.
    draw : callable
        A random generator → a table of runs.
    truth : mapping of str to {"better", "small", "none"}
        By arm, or of the one interaction: what is true of it beside ``base``.
    unit : str
        The column whose values are what one would draw anew: a claim is to hold for others of them.
    within : str
        The column of repeats within a unit; empty where there is none.
    fault : str
        What is wrong with such a log; empty where nothing is.
    named : str
        A pattern that a message which names the fault matches.
    crossed : str
        A second factor, where what is asked is whether the first acts otherwise with it.
    """

    title: str
    draw: Callable[[np.random.Generator], pd.DataFrame]
    truth: Mapping[str, str]
    unit: str = "seed"
    within: str = ""
    fault: str = ""
    named: str = ""
    crossed: str = ""

    @property
    def question(self) -> dict[str, object]:
        """What a tool is asked, as plain JSON."""
        arms = [] if self.crossed else list(self.truth)
        return {
            "arms": arms,
            "unit": self.unit,
            "within": self.within,
            "crossed": self.crossed,
            "margin": MARGIN,
        }


def _runs(
    rng: np.random.Generator,
    effects: Mapping[str, float],
    seeds: Mapping[str, list[int]],
    noise: float = 0.01,
    shared: float = 0.01,
) -> pd.DataFrame:
    """Return a run for each arm and seed; a seed adds the same to all arms."""
    of_seed: dict[int, float] = {}
    for seed in sorted({s for own in seeds.values() for s in own}):
        of_seed[seed] = rng.normal(0, shared)
    rows = [
        {"arm": arm, "seed": seed, "accuracy": 0.8 + effect + of_seed[seed] + rng.normal(0, noise)}
        for arm, effect in effects.items()
        for seed in seeds[arm]
    ]
    return _rounded(pd.DataFrame(rows))


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(accuracy=table["accuracy"].clip(0, 1).round(4))


def _all(effects: Mapping[str, float], seeds: int) -> dict[str, list[int]]:
    return {arm: list(range(seeds)) for arm in effects}


def _many_arms(rng: np.random.Generator) -> pd.DataFrame:
    effects = {"base": 0.0, **{f"a{n}": 0.0 for n in range(1, 9)}}
    return _runs(rng, effects, _all(effects, 5))


def _few_seeds(effect: float, seeds: int) -> Callable[[np.random.Generator], pd.DataFrame]:
    effects = {"base": 0.0, "a1": effect}
    return lambda rng: _runs(rng, effects, _all(effects, seeds))


def _shared_seeds(effect: float) -> Callable[[np.random.Generator], pd.DataFrame]:
    def draw(rng: np.random.Generator) -> pd.DataFrame:
        kept = sorted(rng.choice(20, 12, replace=False).tolist())
        seeds = {"base": list(range(20)), "a1": kept}
        return _runs(rng, {"base": 0.0, "a1": effect}, seeds, noise=0.02, shared=0.06)

    return draw


def _speakers(rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for speaker in range(6):
        level, change = rng.normal(0.75, 0.04), rng.normal(0, 0.03)
        for clip in range(30):
            of_clip = rng.normal(0, 0.06)
            for arm, more in (("base", 0.0), ("a1", change)):
                score = level + more + of_clip + rng.normal(0, 0.04)
                name = f"s{speaker}"
                rows.append({"arm": arm, "speaker": name, "clip": clip, "accuracy": score})
    return _rounded(pd.DataFrame(rows))


def _datasets(rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for dataset in range(20):
        level = rng.uniform(0.65, 0.9)
        changes = {"base": 0.0, "a1": rng.normal(0.03, 0.02), "a2": rng.normal(0, 0.02)}
        for arm, change in changes.items():
            for seed in range(3):
                score = level + change + rng.normal(0, 0.01)
                row = {"arm": arm, "dataset": f"d{dataset}", "seed": seed, "accuracy": score}
                rows.append(row)
    return _rounded(pd.DataFrame(rows))


def _duplicated(rng: np.random.Generator) -> pd.DataFrame:
    table = _few_seeds(0.0, 5)(rng)
    return pd.concat([table, table], ignore_index=True)


def _diverged(rng: np.random.Generator) -> pd.DataFrame:
    effects = {"base": 0.0, "a1": 0.03, "a2": 0.0}
    table = _runs(rng, effects, _all(effects, 8))
    lost = int(rng.choice(table.index[table["arm"] == "a1"]))
    table.loc[lost, "accuracy"] = np.nan
    return table


def _crashed(rng: np.random.Generator) -> pd.DataFrame:
    effects = {"base": 0.0, "a1": 0.03, "a2": 0.0}
    table = _runs(rng, effects, _all(effects, 8))
    table.insert(2, "state", "finished")
    lost = int(rng.choice(table.index[table["arm"] == "a1"]))
    table.loc[lost, ["state", "accuracy"]] = ["crashed", round(float(rng.uniform(0.1, 0.4)), 4)]
    return table


def _revisions(rng: np.random.Generator) -> pd.DataFrame:
    # What looks like the arm's effect is that of the data, which it alone was trained on.
    table = _few_seeds(0.03, 6)(rng)
    revision = table["arm"].map({"base": "r1", "a1": "r2"})
    table.insert(2, "data_revision", revision)
    return table


def _best_of(rng: np.random.Generator) -> pd.DataFrame:
    effects = {"base": 0.0, "a1": 0.0}
    tried = {"base": list(range(5)), "a1": list(range(20))}
    table = _runs(rng, effects, tried, shared=0.0)
    mine = table[table["arm"] == "a1"]
    best = mine.nlargest(5, "accuracy").index
    return table.drop(index=mine.index.difference(best)).reset_index(drop=True)


def _below_margin(rng: np.random.Generator) -> pd.DataFrame:
    effects = {"base": 0.0, "a1": 0.004}
    return _runs(rng, effects, _all(effects, 30), noise=0.005)


def _interaction(more: float) -> Callable[[np.random.Generator], pd.DataFrame]:
    def draw(rng: np.random.Generator) -> pd.DataFrame:
        rows = []
        for seed in range(8):
            of_seed = rng.normal(0, 0.01)
            for mixup in (False, True):
                for arm in ("base", "a1"):
                    treated = arm == "a1"
                    score = 0.8 + 0.01 * mixup + more * (mixup and treated) + of_seed
                    score += rng.normal(0, 0.01)
                    row = {"arm": arm, "mixup": mixup, "seed": seed, "accuracy": score}
                    rows.append(row)
        return _rounded(pd.DataFrame(rows))

    return draw


NONE = MappingProxyType({"a1": "none"})
BETTER = MappingProxyType({"a1": "better"})
TWO = MappingProxyType({"a1": "better", "a2": "none"})

SCENARIOS: Mapping[str, Scenario] = {
    "many-arms": Scenario(
        "8 arms beside a base, 5 shared seeds, no effect",
        _many_arms,
        {f"a{n}": "none" for n in range(1, 9)},
    ),
    "few-seeds": Scenario("2 arms, 3 seeds, no effect", _few_seeds(0.0, 3), NONE),
    "real": Scenario("2 arms, 5 seeds, +.04", _few_seeds(0.04, 5), BETTER),
    "shared-none": Scenario(
        "20 seeds of which one arm lost 8, seeds differ much, no effect", _shared_seeds(0.0), NONE
    ),
    "shared-real": Scenario("the same, +.03", _shared_seeds(0.03), BETTER),
    "speakers": Scenario(
        "6 speakers, 30 clips of each; speakers act differently, no effect",
        _speakers,
        NONE,
        unit="speaker",
        within="clip",
        fault="rows are clips, the unit is the speaker",
        named=NESTED,
    ),
    "datasets": Scenario(
        "3 arms, 20 data sets, 3 seeds each; one arm +.03, one without effect",
        _datasets,
        TWO,
        unit="dataset",
        within="seed",
    ),
    "duplicated": Scenario(
        "2 arms, 5 seeds, every row twice, no effect",
        _duplicated,
        NONE,
        fault="runs twice in the log",
        named=DUPLICATED,
    ),
    "diverged": Scenario(
        "3 arms, 8 seeds, one arm +.03 with a run without a score",
        _diverged,
        TWO,
        fault="a run without a score",
        named=LOST,
    ),
    "crashed": Scenario(
        "the same, the run crashed and has a score of .1 to .4",
        _crashed,
        TWO,
        fault="a crashed run with a score",
        named=LOST,
    ),
    "revisions": Scenario(
        "2 arms, 6 seeds, one arm alone on new data that explain all of +.03",
        _revisions,
        NONE,
        fault="an arm on other data",
        named=MIXED,
    ),
    "best-of": Scenario(
        "5 seeds beside the best 5 of 20, no effect",
        _best_of,
        NONE,
        fault="the best seeds alone are in the log",
        named=CHOSEN,
    ),
    "below-margin": Scenario(
        "2 arms, 30 seeds, +.004 where .02 matters", _below_margin, {"a1": "small"}
    ),
    "additive": Scenario(
        "2 × 2, 8 seeds, no interaction",
        _interaction(0.0),
        {"interaction": "none"},
        crossed="mixup",
    ),
    "interaction": Scenario(
        "2 × 2, 8 seeds, +.03 with the other factor alone",
        _interaction(0.03),
        {"interaction": "better"},
        crossed="mixup",
    ),
}


def log(name: str, number: int) -> pd.DataFrame:
    """Return a log of a scenario."""
    return SCENARIOS[name].draw(generator(SEED, "rivals", name, number))
