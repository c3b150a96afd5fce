"""A folder that a run's tracker has written → the run's numbers: the last value of each.

What trackers are known, and how each is read, is `uphold.runlog.importers`'. It is in no run key:
that a reader was mended runs nothing again.
"""

import math
from pathlib import Path

import numpy as np

from uphold.command.results import METRICS, Unusable, Written
from uphold.errors import InputError
from uphold.runlog.importers.imported import RESULT
from uphold.runlog.sources import knowing, read_runs


def is_tracked(folder: Path) -> bool:
    """Return whether a tracker has written into a folder."""
    return bool(knowing(folder))


def read(folder: Path) -> Written:
    """Read the one run that a tracker has written.

    Raises
    ------
    Unusable
        Where there is another number of runs, one cannot be read, or it has no finite numbers.
    """
    try:
        found = read_runs(folder)
    except InputError as error:
        raise Unusable(str(error).replace(f"{folder}/", "").rstrip(".")) from None
    if len(found.table) != 1:
        raise Unusable(
            f"it wrote no {METRICS}, and {len(found.table)} runs of {found.format}: one is needed"
        )
    (row,) = found.table.to_dict("records")
    numbers = {
        str(name).removeprefix(RESULT): float(value)
        for name, value in row.items()
        if str(name).startswith(RESULT) and isinstance(value, int | float)
    }
    if odd := [name for name, value in numbers.items() if not math.isfinite(value)]:
        raise Unusable(f"{found.format}: {odd[0]} is {numbers[odd[0]]}")
    if not numbers:
        raise Unusable(f"{found.format}: the run has no number")
    return Written(numbers, {"epoch": np.zeros(0, dtype=np.int64)})
