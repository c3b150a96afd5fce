"""The stored numbers of a run → its scores: what is asked of a study's ``evaluation``.

A program scores itself; here its numbers get their names. Nothing is run for another name.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from numpy.typing import NDArray

from uphold.command.settings import Evaluation
from uphold.errors import InputError, nearest
from uphold.pipeline.stages.once_more import NUMBER

__all__ = ["confusions", "curves", "load", "score"]

Arrays = Mapping[str, NDArray[Any]]


def load(folder: Path) -> None:
    """Read nothing: the program knows its data."""


def score(predictions: Arrays, truth: None, settings: Evaluation) -> dict[str, float]:
    """Return the scores of one run.

    Raises
    ------
    InputError
        Where the run has not written one of them.
    """
    found = {}
    for name, written in settings.scores.items():
        stored = predictions.get(f"{NUMBER}{written}")
        if stored is None:
            known = [one.removeprefix(NUMBER) for one in predictions if one.startswith(NUMBER)]
            raise InputError(
                f"evaluation.scores.{name}: a run has written no number {written!r}; it has"
                f" {', '.join(known)}.{nearest(written, known)}"
            )
        found[name] = float(stored)
    return found


def curves(predictions: Arrays, truth: None, settings: Evaluation) -> pd.DataFrame:
    """Return no plot data."""
    return pd.DataFrame({"split": [], "metric": [], "x": [], "y": []})


def confusions(predictions: Arrays, truth: None, settings: Evaluation) -> pd.DataFrame:
    """Return no confusions."""
    return pd.DataFrame({"split": [], "truth": [], "predicted": [], "count": []})
