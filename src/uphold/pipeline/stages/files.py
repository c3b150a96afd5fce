"""Files between stages: their names, CSV and JSON whose bytes depend on the values alone, and what
is said where a file is not there yet, or is damaged.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from uphold.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

# what `train` leaves in a sweep's folder
DESIGN, RUNS, HISTORIES = "design.json", "runs.csv", "histories.csv"
PREDICTIONS = "predictions.safetensors"
TRAINING = "training.json"
# what `evaluate` adds to it
SCORES, CURVES, CONFUSIONS = "scores.csv", "curves.csv", "confusions.csv"
PROMOTION = "promotion.json"
ITEMS = "items.safetensors"
# what `confirm` adds to it
CONFIRMATION = "confirmation.csv"
# what `analyze` leaves in a write-up's folder
ANALYSIS, FINDINGS = "analysis.json", "findings.json"
FRONT = "front"
# what `uphold replicate` leaves there, for git to keep
REPLICATION = "replication.json"
# what bench/agreement.py leaves there: the same at a larger scale, for git to keep
LARGER = "larger.json"

NAMES = ("run", "configuration", "status", "failure", "key")
"""Columns that are text whatever stands in them."""
COLUMNS = {
    RUNS: ("run", "configuration", "seed", "status", "key", "settings"),
    SCORES: ("run", "configuration", "seed", "status"),
}
"""Columns that a table of its name has in any study."""
STATES = frozenset({"ok", "failed"})


def needed(path: Path, stage: str) -> Path:
    """Return a file that another stage makes, or say which stage has to run first.

    Parameters
    ----------
    path : Path
    stage : str
        Which makes it, as DVC names it: ``prepare@calls``.

    Raises
    ------
    InputError
        Where the file is missing.
    """
    if not path.is_file():
        raise InputError(f"{path} is missing: run dvc repro {stage} first.")
    return path


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Tell whatever a reader raises as one error that names the file, or the folder, and a way out.

    It goes around the reading alone: what is raised by what is done with it is a fault of ours.
    """
    try:
        yield
    except InputError:
        raise
    except FileNotFoundError as error:
        raise InputError(
            f"{error.filename or path} is missing: dvc repro makes it again."
        ) from error
    except Exception as error:  # pandas, pyarrow, safetensors and json have their own each
        text = " ".join(str(error).split()) or type(error).__name__
        raise _damaged(path, text) from error


def _damaged(path: Path, why: str) -> InputError:
    return InputError(
        f"{path} is damaged ({why:.200}): dvc checkout {path} brings it back where DVC has it; "
        "else remove it, and dvc repro makes it again."
    )


def csv_bytes(table: "pd.DataFrame") -> bytes:
    """Return a table as CSV: floats so that they read back exactly, missing values empty."""
    text: str = table.to_csv(index=False, lineterminator="\n")
    return text.encode()


def read_csv(path: Path) -> "pd.DataFrame":
    """Read what `csv_bytes` wrote; an arm called ``None`` or ``NA`` stays a name.

    Raises
    ------
    InputError
        It is damaged: no table, one that was cut short, or one without what it has in any study.
    """
    import pandas as pd  # half a second, which verbs without tables need not wait for

    with reading(path):
        table = pd.read_csv(
            path, dtype=dict.fromkeys(NAMES, "str"), keep_default_na=False, na_values=[""]
        )
        with path.open("rb") as file:
            file.seek(-1, 2)
            whole = file.read() == b"\n"
    if not whole:
        raise _damaged(path, "its last line has no end")
    if missing := [name for name in COLUMNS.get(path.name, ()) if name not in table]:
        raise _damaged(path, f"it has no column {missing[0]!r}")
    if path.name in COLUMNS and not set(table["status"]) <= STATES:
        raise _damaged(path, "it has a run that neither ended nor failed")
    return table


def read_arrays(path: Path) -> dict[str, "np.ndarray"]:
    """Read arrays that a stage wrote as safetensors.

    Raises
    ------
    InputError
        They are damaged.
    """
    from safetensors.numpy import load_file

    with reading(path):
        arrays: dict[str, np.ndarray] = load_file(path)
    return arrays


def json_bytes(value: Mapping[str, Any]) -> bytes:
    """Return a nested value as JSON for people and machines; NaN is an error."""
    return (json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def read_json(path: Path) -> dict[str, Any]:
    """Read what `json_bytes` wrote.

    Raises
    ------
    InputError
        It is damaged.
    """
    with reading(path):
        value: dict[str, Any] = json.loads(path.read_text("utf-8"))
    if not isinstance(value, dict | None):
        raise _damaged(path, "it is no object")
    return value
