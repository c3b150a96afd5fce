"""Which windows of which recordings are used, where a limit is set.

Windows are counted by the lengths that files promise, so that no more recordings are heard than
are used. Each recording gives one window before any gives a second.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from studies.calls.data.manifest import Row
from studies.calls.data.recordings import count
from studies.calls.settings.data import Folder
from uphold.randomness import generator
from uphold.sources import audio, limits

SETTING = "data.folder.at_most"


@dataclass(frozen=True)
class Chosen:
    """What is used.

    Attributes
    ----------
    rows : list of Row
        The recordings.
    windows : list of (set of int or None)
        Of each, which of its windows; None: all.
    card : dict
        See `uphold.sources.limits.card`.
    decisions : list of str
        Sentences for the data card.
    """

    rows: list[Row]
    windows: list[set[int] | None]
    card: dict[str, Any]
    decisions: list[str]


def chosen(root: Path, rows: Sequence[Row], settings: Folder) -> Chosen:
    """Return what is used of some recordings."""
    if settings.at_most is None:
        return Chosen(list(rows), [None for _ in rows], {}, [])
    counts = [count(*audio.length(root / row.path)) for row in rows]
    of = [k for k, n in enumerate(counts) for _ in range(n)]
    order = [_order(n, settings.split_seed, rows[k].path) for k, n in enumerate(counts)]
    used = limits.drawn(
        [(row.split, row.label, row.call_type, row.quality) for row in (rows[k] for k in of)],
        settings.at_most,
        settings.split_seed,
        SETTING,
        rounds=[turn for one in order for turn in one],
    )
    card = limits.card("window", len(used), len(of), settings.at_most)
    if len(used) == len(of):
        return Chosen(list(rows), [None for _ in rows], card, [])
    first = [end - n for end, n in zip(accumulate(counts), counts, strict=True)]
    taken: dict[int, set[int]] = {}
    for k in used:
        taken.setdefault(of[k], set()).add(int(k) - first[of[k]])
    return Chosen(
        [rows[k] for k in taken],
        list(taken.values()),
        card,
        [
            f"{len(used):,} of {len(of):,} windows are used ({SETTING} is {settings.at_most:,}), "
            f"drawn by split, label, call type and quality, seed {settings.split_seed}; they are "
            f"of {len(taken):,} of {len(rows):,} recordings, and the others were not heard."
        ],
    )


def _order(windows: int, seed: int, path: str) -> list[int]:
    """Return the turn of each window of a recording."""
    if windows == 1:
        return [0]
    turns = [0] * windows
    for turn, window in enumerate(generator(seed, "windows", path).permutation(windows)):
        turns[window] = turn
    return turns
