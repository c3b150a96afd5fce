"""The stored numbers of a run → its scores: what is asked of a study's ``evaluation``.

A program scores itself; here its numbers get their names. Nothing is run for another name.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from uphold.command.settings import Evaluation
from uphold.errors import InputError, nearest
from uphold.pipeline.stages.once_more import NUMBER

__all__ = ["confusions", "curves", "load", "refuse", "score"]

Arrays = Mapping[str, NDArray[Any]]


def load(folder: Path) -> None:
    """Read nothing: the program knows its data."""


def score(predictions: Arrays, truth: None, settings: Evaluation) -> dict[str, float]:
    """Return the scores of one run; NaN for one that it has not written."""
    return {
        name: float(predictions.get(f"{NUMBER}{written}", np.nan))
        for name, written in settings.scores.items()
    }


def refuse(scores: pd.DataFrame, predictions: Mapping[str, Arrays], settings: Evaluation) -> None:
    """Refuse a score that no run has; what some lack is for the audit.

    Raises
    ------
    InputError
        Where a number that is to be a score stands in no run's results.
    """
    if not predictions:
        return  # all runs have failed, and have none of any
    for name, written in settings.scores.items():
        if scores[name].isna().all():
            numbers = {one.removeprefix(NUMBER) for run in predictions.values() for one in run}
            raise InputError(
                f"evaluation.scores.{name}: no run has written a number {written!r}; there are"
                f" {', '.join(sorted(numbers))}.{nearest(written, sorted(numbers))}"
            )


def curves(predictions: Arrays, truth: None, settings: Evaluation) -> pd.DataFrame:
    """Return no plot data."""
    return pd.DataFrame({"split": [], "metric": [], "x": [], "y": []})


def confusions(predictions: Arrays, truth: None, settings: Evaluation) -> pd.DataFrame:
    """Return no confusions."""
    return pd.DataFrame({"split": [], "truth": [], "predicted": [], "count": []})
