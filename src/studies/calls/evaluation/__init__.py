"""Stored predictions of a call detector → its scores and its threshold curves.

The threshold is the one with the best F1 on validation data; the test splits ``iid`` and ``ood``
are read at that threshold. Beside it, named ``archived``, are the scores at the threshold that is
best on the test split itself, which is how the archived sweeps chose theirs: they flatter.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from safetensors.numpy import load_file

from studies.calls.scores import COUNTS, PREDICTED, QUALITIES, RATES, SCORES
from studies.calls.settings.data import TEST_SPLITS
from studies.calls.settings.evaluation import Evaluation
from uphold.evaluation import items as by_item
from uphold.evaluation.detection import (
    Counts,
    always_positive_f1,
    best_threshold,
    count,
    grid,
    ranking,
)

NAMED = {True: "call", False: "no call"}


@dataclass(frozen=True)
class Truth:
    """What the predictions are held against.

    Attributes
    ----------
    column : int
        The positive class's column in predictions and labels.
    positive : mapping of str to ndarray of bool
        Split to whether each of its items is of the positive class.
    quality, recorder : mapping of str to ndarray of str
        Split to the quality and the recorder of each of its items.
    """

    column: int
    positive: Mapping[str, np.ndarray]
    quality: Mapping[str, np.ndarray]
    recorder: Mapping[str, np.ndarray]


def load(folder: Path) -> Truth:
    """Read the truth from the prepared data."""
    card = json.loads((folder / "card.json").read_text("utf-8"))
    column = card["classes"].index(card["positive"])
    items = pd.read_parquet(folder / "items.parquet", columns=["split", "quality", "recorder"])
    labels = load_file(folder / "features.safetensors")["y"][:, column].astype(bool)
    rows = {split: (items["split"] == split).to_numpy() for split in PREDICTED}
    quality = items["quality"].fillna("").to_numpy(dtype=str)
    recorder = items["recorder"].fillna("").to_numpy(dtype=str)
    present = {split: mask for split, mask in rows.items() if mask.any()}
    return Truth(
        column,
        {split: labels[mask] for split, mask in present.items()},
        {split: quality[mask] for split, mask in present.items()},
        {split: recorder[mask] for split, mask in present.items()},
    )


def score(
    predictions: Mapping[str, np.ndarray], truth: Truth, settings: Evaluation
) -> dict[str, float]:
    """Return the scores of one run; see the module for which threshold is whose.

    Parameters
    ----------
    predictions : mapping of str to ndarray, each of shape (items, classes)
        Split to sigmoid outputs.
    truth : Truth
        What `load` read.
    settings : Evaluation
        The threshold grid.

    Returns
    -------
    dict
        The columns of `studies.calls.scores.SCORES`. What is undefined (0/0, a split without items)
        is NaN.
    """
    thresholds = grid(settings.thresholds)
    outputs = {split: array[:, truth.column] for split, array in predictions.items()}
    counts = _counted(predictions, truth, thresholds)
    chosen = best_threshold(counts["validation"])
    scores: dict[str, float] = {"threshold": float(thresholds[chosen])}
    for split, positive in truth.positive.items():
        here = counts[split].at(chosen)
        part = _of_split(positive, truth.quality[split], outputs[split], here, thresholds[chosen])
        scores |= {f"{split}_{name}": value for name, value in part.items()}
        if split in TEST_SPLITS:
            flattered = _archived(counts[split], thresholds)
            scores |= {f"{split}_archived_{name}": value for name, value in flattered.items()}
            scores[f"{split}_optimism"] = flattered["f1"] - part["f1"]
    scores["f1_gap"] = scores.get("iid_f1", np.nan) - scores.get("ood_f1", np.nan)
    return {name: scores.get(name, np.nan) for name in SCORES}


def curves(
    predictions: Mapping[str, np.ndarray], truth: Truth, settings: Evaluation
) -> pd.DataFrame:
    """Return precision, recall and F1 over thresholds, in long form.

    Returns
    -------
    DataFrame
        Columns ``split``, ``metric``, ``x`` (the threshold) and ``y``.
    """
    thresholds = grid(settings.thresholds)
    parts = []
    for split, counts in _counted(predictions, truth, thresholds).items():
        for metric in ("precision", "recall", "f1"):
            part = {"split": split, "metric": metric, "x": thresholds, "y": getattr(counts, metric)}
            parts.append(pd.DataFrame(part))
    return pd.concat(parts, ignore_index=True)


def confusions(
    predictions: Mapping[str, np.ndarray], truth: Truth, settings: Evaluation
) -> pd.DataFrame:
    """Return how often a call was found and missed at the chosen threshold, in long form.

    Returns
    -------
    DataFrame
        Columns ``split``, ``truth``, ``predicted`` (call or no call) and ``count``.
    """
    counts = _counted(predictions, truth, grid(settings.thresholds))
    chosen = best_threshold(counts["validation"])
    cells = (("tp", True, True), ("fn", True, False), ("fp", False, True), ("tn", False, False))
    return pd.DataFrame(
        [
            (split, NAMED[call], NAMED[found], getattr(here.at(chosen), name))
            for split, here in counts.items()
            for name, call, found in cells
        ],
        columns=["split", "truth", "predicted", "count"],
    )


def items(
    predictions: Mapping[str, np.ndarray], truth: Truth, settings: Evaluation
) -> dict[str, np.ndarray]:
    """Return what each test clip adds to the scores of one run, at the chosen threshold.

    Returns
    -------
    dict
        The names of `studies.calls.scores.BY_ITEM`; one number a clip of the test splits, which
        follow each other. A recall is over the calls alone.
    """
    thresholds = grid(settings.thresholds)
    threshold = thresholds[best_threshold(_counted(predictions, truth, thresholds)["validation"])]
    where, total = _tested(truth)
    found: dict[str, np.ndarray] = {}
    for split, place in where.items():
        output, there = predictions[split][:, truth.column], truth.positive[split]
        detected = output >= output.dtype.type(threshold)
        calls = {f"recall_{q}": there & (truth.quality[split] == q) for q in QUALITIES}
        here = {
            "f1": by_item.f1(there, detected),
            "precision": by_item.ratio(there & detected, detected),
            "accuracy": (there == detected).astype(float),
            **{
                name: np.where(of, detected, np.nan)
                for name, of in {"recall": there, **calls}.items()
            },
        }
        found |= {f"{split}_{k}": by_item.placed(v, place, total) for k, v in here.items()}
    f1 = [found.get(f"{split}_f1", np.full(total, np.nan)) for split in TEST_SPLITS]
    found["f1_gap"] = by_item.difference(*f1)
    return found


def groups(truth: Truth) -> np.ndarray:
    """Return the number of the recorder of each test clip, in the order of `items`."""
    recorders = [truth.recorder[split] for split in _tested(truth)[0]]
    return (
        np.unique(np.concatenate(recorders), return_inverse=True)[1] if recorders else np.zeros(0)
    )


def _tested(truth: Truth) -> tuple[dict[str, np.ndarray], int]:
    """Return the places of each test split's clips among those of all, and how many those are."""
    sizes = {split: len(truth.positive[split]) for split in TEST_SPLITS if split in truth.positive}
    ends = np.cumsum(list(sizes.values()), dtype=int)
    places = {s: np.arange(end - sizes[s], end) for s, end in zip(sizes, ends, strict=True)}
    return places, sum(sizes.values())


def _counted(
    predictions: Mapping[str, np.ndarray], truth: Truth, thresholds: np.ndarray
) -> dict[str, Counts]:
    """Count hits and misses of every split at every threshold."""
    return {
        split: count(positive, predictions[split][:, truth.column], thresholds)
        for split, positive in truth.positive.items()
    }


def _of_split(
    positive: np.ndarray, quality: np.ndarray, output: np.ndarray, counts: Counts, threshold: float
) -> dict[str, float]:
    detected = output >= output.dtype.type(threshold)
    scores = {name: getattr(counts, name) for name in RATES + COUNTS}
    scores |= ranking(positive, output)
    scores |= {"prevalence": float(positive.mean()), "floor_f1": always_positive_f1(positive)}
    for level in QUALITIES:
        calls = positive & (quality == level)
        scores[f"recall_{level}"] = float(detected[calls].mean()) if calls.any() else np.nan
    return scores


def _archived(counts: Counts, thresholds: np.ndarray) -> dict[str, float]:
    best = best_threshold(counts)
    here = counts.at(best)
    return {
        "f1": here.f1,
        "precision": here.precision,
        "recall": here.recall,
        "threshold": float(thresholds[best]),
    }
