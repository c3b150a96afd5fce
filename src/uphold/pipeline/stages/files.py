"""Files between stages: their names, CSV and JSON whose bytes depend on the values alone, and what
is said where a file is not there yet.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from uphold.errors import InputError

if TYPE_CHECKING:
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


def csv_bytes(table: "pd.DataFrame") -> bytes:
    """Return a table as CSV: floats so that they read back exactly, missing values empty."""
    text: str = table.to_csv(index=False, lineterminator="\n")
    return text.encode()


def read_csv(path: Path) -> "pd.DataFrame":
    """Read what `csv_bytes` wrote; an arm called ``None`` or ``NA`` stays a name."""
    import pandas as pd  # half a second, which verbs without tables need not wait for

    return pd.read_csv(
        path, dtype=dict.fromkeys(NAMES, "str"), keep_default_na=False, na_values=[""]
    )


def json_bytes(value: Mapping[str, Any]) -> bytes:
    """Return a nested value as JSON for people and machines; NaN is an error."""
    return (json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def read_json(path: Path) -> dict[str, Any]:
    """Read what `json_bytes` wrote."""
    value: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return value
