"""Ensembles of a sweep: disjoint groups of finished runs that predict together.

What comes in: the sweep's runs, as `train` left them, with the sizes that the design asks for. What
goes out: one `Ensemble` a group, with the row that it has in the sweep's log. Nothing is trained:
the members' stored predictions are all that an ensemble is made of.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from uphold.pipeline.design import MEMBERS, SIZES, configuration


@dataclass(frozen=True)
class Ensemble:
    """Some runs of one configuration that predict together.

    Attributes
    ----------
    members : tuple of str
        The runs' names.
    row : dict
        What the log says of it: ``run``, ``configuration``, the factors, ``seed`` (the first
        member's), ``status`` and ``failure``.
    """

    members: tuple[str, ...]
    row: dict[str, Any]


def ensembles(runs: pd.DataFrame) -> Iterator[Ensemble]:
    """Yield the ensembles of every configuration.

    The runs of a configuration are taken in the order of their seeds and cut into groups of the
    wanted size. No run is in two groups, so that the groups are replicates; seeds that are left
    over are in none.

    Parameters
    ----------
    runs : DataFrame
        One row a run: ``run``, ``configuration``, the factors, ``seed``, ``status``, and the sizes
        as ``ensembles``, such as ``1+3``; 1 is a run by itself and gives no ensemble.
    """
    columns = list(runs.columns)
    factors = columns[columns.index("configuration") + 1 : columns.index("seed")]
    sizes = [int(size) for size in str(runs[SIZES].iloc[0]).split("+")]
    for _, group in runs.groupby("configuration", sort=False):
        rows = group.sort_values("seed").to_dict("records")
        for size in (size for size in sizes if size > 1):
            for start in range(0, len(rows) - size + 1, size):
                members = rows[start : start + size]
                yield _together(members, factors, size)


def _together(members: Sequence[dict[str, Any]], factors: Sequence[str], size: int) -> Ensemble:
    first = members[0]
    levels = {factor: first[factor] for factor in factors} | {MEMBERS: size}
    name = configuration({f: level for f, level in levels.items() if pd.notna(level)})
    failed = [row["run"] for row in members if row["status"] != "ok"]
    row = {
        "run": f"{name}, seed={first['seed']}",
        "configuration": name,
        **levels,
        "seed": first["seed"],
        "status": "failed" if failed else "ok",
        "failure": f"a member failed: {', '.join(failed)}" if failed else None,
    }
    return Ensemble(tuple(row["run"] for row in members), row)
