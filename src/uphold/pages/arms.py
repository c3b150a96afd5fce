"""Sweeps of named arms: what each arm changes, and the settings behind it.

In: a sweep whose configurations are arms. Out: a table, rows in the order of the design.
"""

import json
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from great_tables import GT

from uphold import format
from uphold.errors import InputError
from uphold.pages.table import plain
from uphold.pages.writeup import Sweep

ARM = "arm"


def design(sweep: Sweep) -> GT:
    """Each arm, what it changes, and how many parameters it trains.

    An arm of a ladder is described by what it changes in the one before it, an arm of a list by
    what it changes in the first.
    """
    arms = sweep.levels(ARM)
    ladder = sweep.designed.design.kind == "ladder"
    before = {b: a if ladder else arms[0] for a, b in pairwise(arms)}
    sizes = dict(zip(sweep.runs[ARM], sweep.runs["parameters"], strict=True))
    rows = []
    for arm in arms:
        changed = changes(sweep, {ARM: before[arm]}, {ARM: arm}) if arm in before else {}
        new = format.settings({key: after for key, (_, after) in changed.items()})
        rows.append((format.level(arm), new or "starts here", format.count(sizes[arm])))
    first = format.level(arms[0])
    heads = [ARM, "changes" if ladder else f"changes in {first}", "parameters"]
    widths = dict(zip(heads, ("16%", "64%", "20%"), strict=True))
    return plain(rows, heads).cols_width(widths)


def changes(
    sweep: Sweep, before: Mapping[str, Any], after: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    """Return each setting in which two configurations differ, with both its values.

    They come in the order of the design.

    Raises
    ------
    InputError
        One of them rests on a default that the design does not name.
    """
    old, new = settings(sweep, before), settings(sweep, after)
    if unnamed := sorted(old.keys() ^ new.keys()):
        raise InputError(
            f"{sweep.name}: {', '.join(unnamed)} is set in some arms only: name where it rests in"
            f" sweeps.{sweep.name}.design.anchors."
        )
    return {k: (old[k], new[k]) for k in sweep.in_order(new) if old[k] != new[k]}


def settings(sweep: Sweep, levels: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings that the sweep gave a configuration."""
    (configuration,) = sweep.chosen([levels])
    rows = sweep.runs[sweep.runs["configuration"] == configuration.configuration]
    found: dict[str, Any] = json.loads(rows["settings"].iloc[0])
    return found
