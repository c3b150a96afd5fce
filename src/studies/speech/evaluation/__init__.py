"""Stored logits of a speech network → its scores, its macro-F1 by actor, its confusions.

A run names the clips that it was tested and validated on, as places in the prepared data; labels
and actors are looked up here. What each score means is told in `studies.speech.scores`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from safetensors.numpy import load_file

from studies.speech.evaluation.actors import by_actor, interval
from studies.speech.evaluation.ensembles import together
from studies.speech.scores import GAIN, SCORES
from studies.speech.settings.evaluation import Evaluation
from uphold.evaluation import items as by_item
from uphold.evaluation.classification import (
    accuracy,
    calibration_error,
    confusion_table,
    overconfidence,
)
from uphold.evaluation.f1 import confusion, f1_by_class, macro_f1
from uphold.splits import PREDICTED


@dataclass(frozen=True)
class Truth:
    """What the predictions are held against, in the prepared order.

    Attributes
    ----------
    label, actor : ndarray of int64, shape (clips,)
    classes : list of str
        What a label is the place in.
    """

    label: NDArray[np.int64]
    actor: NDArray[np.int64]
    classes: list[str]


def load(folder: Path) -> Truth:
    """Read the truth from the prepared data."""
    card = json.loads((folder / "card.json").read_text("utf-8"))
    arrays = load_file(folder / "features.safetensors")
    return Truth(arrays["label"], arrays["actor"], card["classes"])


def score(
    predictions: Mapping[str, np.ndarray], truth: Truth, settings: Evaluation
) -> dict[str, float]:
    """Return the scores of one run.

    Parameters
    ----------
    predictions : mapping of str to ndarray
        ``validation``, ``test``, ``validation_last``, ``test_last``: logits, (clips, classes);
        ``validation_items``, ``test_items``: the clips' places in the prepared data.
    truth : Truth
        What `load` read.
    settings : Evaluation
        The confidence of the interval over actors, the bins of the calibration.

    Returns
    -------
    dict
        The columns of `studies.speech.scores.SCORES`; what is undefined is NaN.
    """
    items = predictions["test_items"]
    labels, actors = truth.label[items], truth.actor[items]
    test = _counts(predictions, truth, "test")
    found = {
        "macro_f1": macro_f1(test),
        "accuracy": accuracy(labels, predictions["test"]),
        "ece": calibration_error(labels, predictions["test"], settings.bins),
        "overconfidence": overconfidence(labels, predictions["test"]),
        "validation_macro_f1": macro_f1(_counts(predictions, truth, "validation")),
        "validation_accuracy": accuracy(
            truth.label[predictions["validation_items"]], predictions["validation"]
        ),
        "last_macro_f1": macro_f1(_counts(predictions, truth, "test", "_last")),
        "validation_last_macro_f1": macro_f1(_counts(predictions, truth, "validation", "_last")),
        "floor_majority": macro_f1(majority(test.sum(axis=1))),
        "floor_chance": macro_f1(chance(test.sum(axis=1))),
        "test_clips": len(items),
        "test_actors": len(np.unique(actors)),
        **{f"f1_{k}": v for k, v in zip(truth.classes, f1_by_class(test), strict=True)},
    }
    cells = by_actor(labels, predictions["test"].argmax(axis=1), actors, len(truth.classes))
    found["macro_f1_low"], found["macro_f1_high"] = interval(cells, settings.confidence)
    found["choice_gain"] = found["validation_macro_f1"] - found["validation_last_macro_f1"]
    found["choice_kept"] = found["macro_f1"] - found["last_macro_f1"]
    found["optimism"] = found["choice_gain"] - found["choice_kept"]
    found["validation_excess"] = found["validation_macro_f1"] - found["macro_f1"]
    return {name: found.get(name, np.nan) for name in SCORES}


def ensemble(
    members: Sequence[Mapping[str, np.ndarray]], truth: Truth, settings: Evaluation
) -> dict[str, float]:
    """Return the scores of several runs that decide together, and what that gains.

    Parameters
    ----------
    members : sequence of mapping of str to ndarray
        The predictions of each run, on the same clips.
    truth : Truth
    settings : Evaluation

    Returns
    -------
    dict
        As `score`, with the gain in macro-F1 over the mean of the members.
    """
    scores = score(together(members), truth, settings)
    alone = [score(member, truth, settings)["macro_f1"] for member in members]
    return scores | {GAIN: scores["macro_f1"] - float(np.mean(alone))}


def curves(
    predictions: Mapping[str, np.ndarray], truth: Truth, settings: Evaluation
) -> pd.DataFrame:
    """Return the macro-F1 and the accuracy of each actor, in long form: ``x`` is the actor."""
    del settings
    rows = []
    for split in PREDICTED:
        items = predictions[f"{split}_items"]
        actors, predicted = truth.actor[items], predictions[split].argmax(axis=1)
        cells = by_actor(truth.label[items], predicted, actors, len(truth.classes))
        for actor, counts in zip(np.unique(actors), cells, strict=True):
            rows.append((split, "macro_f1", int(actor), macro_f1(counts)))
            rows.append((split, "accuracy", int(actor), np.trace(counts) / counts.sum()))
    return pd.DataFrame(rows, columns=["split", "metric", "x", "y"])


def confusions(
    predictions: Mapping[str, np.ndarray], truth: Truth, settings: Evaluation
) -> pd.DataFrame:
    """Return which class was taken for which, in long form."""
    del settings
    tables = (confusion_table(_counts(predictions, truth, s), truth.classes, s) for s in PREDICTED)
    return pd.concat(tables, ignore_index=True)


def items(
    predictions: Mapping[str, np.ndarray], truth: Truth, settings: Evaluation
) -> dict[str, NDArray[np.float64]]:
    """Return what each clip adds to the scores of one run, NaN where it was not tested.

    Returns
    -------
    dict
        The names of `studies.speech.scores.BY_ITEM` that these classes have, the gain apart.
    """
    del settings
    tested = predictions["test_items"]
    labels, predicted = truth.label[tested], predictions["test"].argmax(axis=1)
    found = {
        "macro_f1": by_item.macro_f1(labels, predicted, len(truth.classes)),
        "accuracy": (labels == predicted).astype(float),
        **{f"f1_{k}": by_item.f1(labels == i, predicted == i) for i, k in enumerate(truth.classes)},
    }
    return {name: by_item.placed(v, tested, len(truth.label)) for name, v in found.items()}


def ensemble_items(
    members: Sequence[Mapping[str, np.ndarray]], truth: Truth, settings: Evaluation
) -> dict[str, NDArray[np.float64]]:
    """Return what each clip adds to the scores of several runs that decide together."""
    found = items(together(members), truth, settings)
    alone = [items(member, truth, settings)["macro_f1"] for member in members]
    return found | {GAIN: found["macro_f1"] - np.mean(alone, axis=0)}


def groups(truth: Truth) -> NDArray[np.int64]:
    """Return the actor of each clip."""
    return truth.actor


def majority(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the confusion matrix of calling every clip by its commonest class."""
    counts = np.zeros((len(sizes), len(sizes)), dtype=np.int64)
    counts[:, sizes.argmax()] = sizes
    return counts


def chance(sizes: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the confusion matrix that is expected of calling each class equally often."""
    return np.repeat(sizes[:, None] / len(sizes), len(sizes), axis=1)


def _counts(
    predictions: Mapping[str, np.ndarray], truth: Truth, split: str, epoch: str = ""
) -> NDArray[np.int64]:
    labels = truth.label[predictions[f"{split}_items"]]
    predicted = predictions[f"{split}{epoch}"].argmax(axis=1)
    return confusion(labels, predicted, len(truth.classes))
