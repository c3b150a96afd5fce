"""Stored outputs of the three heads → scores, reliability curves, confusions, ensembles.

Outputs of a split lie side by side, shape (items, 43): the logits of head A, those of head B and
the value of head C. An ensemble is the mean of its members' probabilities and of their values; its
logits are the logarithms of these probabilities, so that it is scored as a single run is.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from safetensors.numpy import load_file
from scipy.special import log_softmax, logsumexp

from studies.multitask.scores import GAINS, HEADS, SCORES
from studies.multitask.settings.evaluation import Evaluation
from uphold.evaluation.classification import accuracy, calibration_error, confusion_table
from uphold.evaluation.f1 import confusion
from uphold.evaluation.regression import mean_absolute_error, r_squared
from uphold.splits import PREDICTED, SPLITS

TESTED = "test"


@dataclass(frozen=True)
class Labels:
    """The labels of the three heads, each of shape (items,)."""

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    c: NDArray[np.float64]


@dataclass(frozen=True)
class Truth:
    """What the predictions are held against.

    Attributes
    ----------
    names : mapping of str to list of str
        Head to the names of its classes.
    labels : mapping of str to Labels
        By split.
    floors : mapping of str to float
        What a guess without looking scores on the test split.
    """

    names: Mapping[str, list[str]]
    labels: Mapping[str, Labels]
    floors: Mapping[str, float]


def load(folder: Path) -> Truth:
    """Read the truth from the prepared data."""
    card = json.loads((folder / "card.json").read_text("utf-8"))
    arrays = load_file(folder / "grids.safetensors")
    labels = {}
    for place, split in enumerate(SPLITS):
        here = arrays["split"] == place
        a, b = (arrays[head][here].astype(np.int64) for head in HEADS)
        labels[split] = Labels(a, b, arrays["c"][here].astype(np.float64))
    floors = _floors(labels["train"], labels[TESTED])
    return Truth(card["classes"], {split: labels[split] for split in PREDICTED}, floors)


def score(
    predictions: Mapping[str, NDArray[np.floating]], truth: Truth, settings: Evaluation
) -> dict[str, float]:
    """Return the scores of one run.

    Parameters
    ----------
    predictions : mapping of str to ndarray, each of shape (items, 43)
        By split; see the module.
    truth : Truth
        What `load` read.
    settings : Evaluation

    Returns
    -------
    dict
        The columns of `studies.multitask.scores.SCORES`; ensemble gains are NaN.
    """
    scores = {**truth.floors, "items": len(truth.labels[TESTED].c)}
    for split, labels in truth.labels.items():
        prefix = "" if split == TESTED else f"{split}_"
        found = _of_split(_heads(predictions[split], truth), labels, settings.bins)
        scores |= {f"{prefix}{name}": value for name, value in found.items()}
    return {name: scores.get(name, np.nan) for name in SCORES}


def ensemble(
    members: Sequence[Mapping[str, NDArray[np.floating]]], truth: Truth, settings: Evaluation
) -> dict[str, float]:
    """Return the scores of several runs that decide together, and what that gains.

    Parameters
    ----------
    members : sequence of mapping of str to ndarray
        The predictions of each run.
    truth : Truth
    settings : Evaluation

    Returns
    -------
    dict
        As `score`; a gain is the ensemble's score minus the mean of its members' scores.
    """
    together = {split: pooled([m[split] for m in members], truth) for split in truth.labels}
    scores = score(together, truth, settings)
    alone = [score(member, truth, settings) for member in members]
    for gain, name in GAINS.items():
        scores[gain] = scores[name] - float(np.mean([one[name] for one in alone]))
    return scores


def items(
    predictions: Mapping[str, NDArray[np.floating]], truth: Truth, settings: Evaluation
) -> dict[str, NDArray[np.float64]]:
    """Return what each test sample adds to the scores of one run.

    Returns
    -------
    dict
        The names of `studies.multitask.scores.BY_ITEM`, ensemble gains apart.
    """
    del settings
    labels, outputs = truth.labels[TESTED], _heads(predictions[TESTED], truth)
    hits = {h: (outputs[h].argmax(axis=1) == getattr(labels, h)).astype(float) for h in HEADS}
    return {
        "accuracy": (hits["a"] + hits["b"]) / 2,
        **{f"accuracy_{head}": hit for head, hit in hits.items()},
        "mae_c": np.abs(outputs["c"] - labels.c),
    }


def ensemble_items(
    members: Sequence[Mapping[str, NDArray[np.floating]]], truth: Truth, settings: Evaluation
) -> dict[str, NDArray[np.float64]]:
    """Return what each test sample adds to the scores of several runs that decide together."""
    together = {TESTED: pooled([m[TESTED] for m in members], truth)}
    found = items(together, truth, settings)
    alone = [items(member, truth, settings) for member in members]
    return found | {
        gain: found[name] - np.mean([one[name] for one in alone], axis=0)
        for gain, name in GAINS.items()
    }


def groups(truth: Truth) -> NDArray[np.int64]:
    """Return one group for all test samples: they were drawn one by one."""
    return np.zeros(len(truth.labels[TESTED].c), dtype=np.int64)


def curves(
    predictions: Mapping[str, NDArray[np.floating]], truth: Truth, settings: Evaluation
) -> pd.DataFrame:
    """Return how often each head is right at each confidence, in long form.

    Returns
    -------
    DataFrame
        Columns ``split``, ``metric`` (accuracy_a or accuracy_b), ``x`` (the middle of an interval
        of confidence) and ``y`` (the accuracy of the items in it). Empty intervals are left out.
    """
    parts = []
    for split, labels in truth.labels.items():
        logits = _heads(predictions[split], truth)
        for head in HEADS:
            x, y = reliability(getattr(labels, head), logits[head], settings.bins)
            parts.append(
                pd.DataFrame({"split": split, "metric": f"accuracy_{head}", "x": x, "y": y})
            )
    return pd.concat(parts, ignore_index=True)


def confusions(
    predictions: Mapping[str, NDArray[np.floating]], truth: Truth, settings: Evaluation
) -> pd.DataFrame:
    """Return which class was taken for which on the test split, in long form.

    Returns
    -------
    DataFrame
        Columns ``split`` (``"test, head A"`` or ``"test, head B"``), ``truth``, ``predicted`` and
        ``count``.
    """
    labels, logits = truth.labels[TESTED], _heads(predictions[TESTED], truth)
    parts = []
    for head in HEADS:
        names = truth.names[head]
        counts = confusion(getattr(labels, head), logits[head].argmax(axis=1), len(names))
        parts.append(confusion_table(counts, names, f"{TESTED}, head {head.upper()}"))
    return pd.concat(parts, ignore_index=True)


def pooled(outputs: Sequence[NDArray[np.floating]], truth: Truth) -> NDArray[np.float64]:
    """Return the outputs of an ensemble from those of its members; see the module."""
    parts = [_heads(one, truth) for one in outputs]
    logs = {
        head: logsumexp([log_softmax(p[head], axis=1) for p in parts], axis=0) - np.log(len(parts))
        for head in HEADS
    }
    c = np.mean([p["c"] for p in parts], axis=0)
    return np.concatenate([logs["a"], logs["b"], c[:, None]], axis=1)


def reliability(
    labels: NDArray[np.integer], logits: NDArray[np.floating], bins: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the middles of the intervals of confidence that hold rows, and the accuracy there."""
    confidence = np.exp(log_softmax(logits.astype(np.float64), axis=1).max(axis=1))
    place = np.clip(np.ceil(confidence * bins).astype(int) - 1, 0, bins - 1)
    hits = np.bincount(place, weights=logits.argmax(axis=1) == labels, minlength=bins)
    rows = np.bincount(place, minlength=bins)
    there = rows > 0
    return (np.flatnonzero(there) + 0.5) / bins, hits[there] / rows[there]


def _heads(outputs: NDArray[np.floating], truth: Truth) -> dict[str, NDArray[np.floating]]:
    a, b, c = np.split(outputs, np.cumsum([len(truth.names[head]) for head in HEADS]), axis=1)
    return {"a": a, "b": b, "c": c[:, 0].astype(np.float64)}


def _of_split(
    outputs: Mapping[str, NDArray[np.floating]], labels: Labels, bins: int
) -> dict[str, float]:
    scores = {}
    for head in HEADS:
        there = getattr(labels, head)
        scores[f"accuracy_{head}"] = accuracy(there, outputs[head])
        scores[f"ece_{head}"] = calibration_error(there, outputs[head], bins)
    scores["accuracy"] = (scores["accuracy_a"] + scores["accuracy_b"]) / 2
    scores["mae_c"] = mean_absolute_error(labels.c, outputs["c"])
    scores["r2_c"] = r_squared(labels.c, outputs["c"])
    return scores


def _floors(train: Labels, test: Labels) -> dict[str, float]:
    """Return what the commonest classes and the median of the training split score."""
    floors = {}
    for head in HEADS:
        commonest = np.bincount(getattr(train, head)).argmax()
        floors[f"floor_accuracy_{head}"] = float((getattr(test, head) == commonest).mean())
    floors["floor_mae_c"] = mean_absolute_error(test.c, np.median(train.c))
    return floors
