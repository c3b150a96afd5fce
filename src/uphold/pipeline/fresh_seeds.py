"""The runs of a design once more, on seeds that it never had.

In: runs of a design, how its configurations share seeds, and what the fresh ones are for. Out: as
many runs of each configuration as there were, shared among configurations in the same way.
Promised: the seeds follow from the purpose and the design alone, so that what was begun goes on,
and none of them is one of the design's own, taken yet or not.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import count

from uphold.pipeline.design import Run
from uphold.pipeline.seeds import LARGEST, SeedSettings


def fresh_runs(
    runs: Sequence[Run], seeds: SeedSettings, purpose: str, further: int = 0
) -> list[Run]:
    """Return the runs of all configurations on fresh seeds, sorted by name.

    Parameters
    ----------
    runs : sequence of Run
        All of a design.
    seeds : SeedSettings
        The design's.
    purpose : str
        Another purpose has other seeds: ``"calls-augmentation, replication"``.
    further : int
        How many seeds more than there were each configuration is run with; a design in blocks has
        as many as before.
    """
    point_of = {run.configuration: run for run in runs}
    number_of = Counter(run.configuration for run in runs)
    most = len(seeds.values) + (further if seeds.sharing != "blocks" else 0)
    values = _drawn(runs, seeds, purpose, most)
    fresh = SeedSettings(values=values, sharing=seeds.sharing, each=seeds.each)
    chosen = fresh.of({name: number + further for name, number in number_of.items()})
    again = [replace(point_of[name], seed=seed) for name, drawn in chosen.items() for seed in drawn]
    return sorted(again, key=lambda run: run.name)


def more_runs(
    runs: Sequence[Run], configuration: str, many: int, seeds: SeedSettings, purpose: str
) -> list[Run]:
    """Return runs of one configuration on fresh seeds, sorted by name; otherwise as `fresh_runs`.

    Parameters
    ----------
    runs : sequence of Run
        All of a design.
    configuration : str
        Its name.
    many : int
    seeds : SeedSettings
    purpose : str
    """
    point = next(run for run in runs if run.configuration == configuration)
    again = [replace(point, seed=seed) for seed in _drawn(runs, seeds, purpose, many)]
    return sorted(again, key=lambda run: run.name)


def _drawn(runs: Sequence[Run], seeds: SeedSettings, purpose: str, many: int) -> list[int]:
    """Return so many seeds, each once and none of the design's own."""
    known = {*seeds.values, *(run.seed for run in runs)}
    drawn: list[int] = []
    numbers = count()
    while len(drawn) < many:
        digest = hashlib.sha256(f"{purpose}, {next(numbers)}".encode()).hexdigest()
        seed = int(digest[:12], 16) % LARGEST
        if seed not in known:
            known.add(seed)
            drawn.append(seed)
    return drawn
