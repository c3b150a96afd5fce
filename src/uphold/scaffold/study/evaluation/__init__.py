"""Stored logits of a run → its scores, its curves and its confusions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from safetensors.numpy import load_file

from uphold.evaluation import classification, f1
from uphold.evaluation import items as by_item
from uphold.scaffold.study.settings.evaluation import Evaluation
from uphold.splits import PREDICTED

__all__ = ["confusions", "curves", "groups", "items", "load", "score"]


@dataclass(frozen=True)
class Truth:
    """What predictions are held against: the classes' names, and the labels of each split."""

    classes: list[str]
    labels: dict[str, np.ndarray]


def load(folder: Path) -> Truth:
    """Read what `prepare` wrote."""
    card = json.loads((folder / "card.json").read_text("utf-8"))
    arrays = load_file(folder / "points.safetensors")
    return Truth(card["classes"], {s: arrays[f"{s}/label"] for s in PREDICTED})


def score(
    predictions: Mapping[str, np.ndarray], truth: Truth, settings: Evaluation
) -> dict[str, float]:
    """Return the scores of one run: the columns of `uphold.scaffold.study.scores.SCORES`."""
    labels, logits = truth.labels["test"], predictions["test"]
    return {
        "validation_accuracy": classification.accuracy(
            truth.labels["validation"], predictions["validation"]
        ),
        "accuracy": classification.accuracy(labels, logits),
        "macro_f1": f1.macro_f1(_counts(predictions, truth)),
        "calibration_error": classification.calibration_error(labels, logits, settings.bins),
        "items": len(labels),
    }


def curves(
    predictions: Mapping[str, np.ndarray], truth: Truth, settings: Evaluation
) -> pd.DataFrame:
    """Return the F1 of each class, numbered from 1: ``split``, ``metric``, ``x``, ``y``."""
    by_class = f1.f1_by_class(_counts(predictions, truth))
    columns = {
        "split": "test",
        "metric": "f1 by class",
        "x": np.arange(len(by_class)) + 1.0,
        "y": by_class,
    }
    return pd.DataFrame(columns)


def confusions(
    predictions: Mapping[str, np.ndarray], truth: Truth, settings: Evaluation
) -> pd.DataFrame:
    """Return which class was taken for which: ``split``, ``truth``, ``predicted``, ``count``."""
    return classification.confusion_table(_counts(predictions, truth), truth.classes, "test")


def items(
    predictions: Mapping[str, np.ndarray], truth: Truth, settings: Evaluation
) -> dict[str, np.ndarray]:
    """Return what each test item adds to the scores of one run that are means over items."""
    labels, predicted = truth.labels["test"], predictions["test"].argmax(axis=1)
    return {
        "accuracy": (labels == predicted).astype(float),
        "macro_f1": by_item.macro_f1(labels, predicted, len(truth.classes)),
    }


def groups(truth: Truth) -> np.ndarray:
    """Return one group for all test items: they were drawn one by one."""
    return np.zeros(len(truth.labels["test"]), dtype=np.int64)


def _counts(predictions: Mapping[str, np.ndarray], truth: Truth) -> np.ndarray:
    labels = truth.labels["test"]
    return f1.confusion(labels, predictions["test"].argmax(axis=1), len(truth.classes))
