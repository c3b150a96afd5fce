"""Stored predictions of a modulation classifier → its scores, curves by SNR, confusions by band.

Comes in: logits of the validation and the test split; where a run has the part, the noise head's
log odds under ``test_noise`` and the denoiser's gain in dB under ``test_denoising``, one number a
test frame. Goes out: scores with the counts that they are over. A band is a set of SNRs, and the
slice ``uncovered`` holds those of no band, so that the slices' hits add up to the whole's.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from safetensors import safe_open
from scipy.stats import binomtest

from studies.radio.scores import BANDS, LEADS, SCORES, SLICED, UNCOVERED
from studies.radio.settings.evaluation import Evaluation
from uphold.error_rates import LEVEL
from uphold.evaluation.classification import accuracy, calibration_error, confusion_table
from uphold.evaluation.f1 import confusion
from uphold.splits import PREDICTED

DECIBEL = 10 / np.log(10)
"""Decibels in one unit of log odds: the SNR in dB is ``-DECIBEL`` times the log odds."""


@dataclass(frozen=True)
class Truth:
    """What the predictions are held against.

    Attributes
    ----------
    classes : list of str
    label, snr : mapping of str to ndarray of shape (items,)
        Split to each frame's class, as a number, and its SNR in dB.
    """

    classes: list[str]
    label: Mapping[str, NDArray[np.int64]]
    snr: Mapping[str, NDArray[np.float64]]


def load(folder: Path) -> Truth:
    """Read the truth from the prepared data; the frames themselves are left where they are."""
    card = json.loads((folder / "card.json").read_text("utf-8"))
    with safe_open(folder / "frames.safetensors", framework="numpy") as file:
        label = {split: file.get_tensor(f"{split}/label") for split in PREDICTED}
        snr = {split: file.get_tensor(f"{split}/snr").astype(float) for split in PREDICTED}
    return Truth(card["classes"], label, snr)


def slices(snr: NDArray[np.float64], settings: Evaluation) -> dict[str, NDArray[np.bool_]]:
    """Return which frames lie in each slice, by its name; every frame lies in one.

    Parameters
    ----------
    snr : ndarray of shape (items,)
        In dB.
    settings : Evaluation
        The bands; both of a band's ends belong to it.
    """
    inside = {
        band: (snr >= settings.bands[band][0]) & (snr <= settings.bands[band][1]) for band in BANDS
    }
    return inside | {UNCOVERED: ~np.any(list(inside.values()), axis=0)}


def score(
    predictions: Mapping[str, NDArray[np.floating]], truth: Truth, settings: Evaluation
) -> dict[str, float]:
    """Return the scores of one run, the columns of `studies.radio.scores.SCORES`.

    Parameters
    ----------
    predictions : mapping of str to ndarray
        See the module.
    truth : Truth
        What `load` read.
    settings : Evaluation
        The bands.
    """
    label, logits = truth.label["validation"], predictions["validation"]
    scores = {
        "validation_accuracy": accuracy(label, logits),
        "validation_items": len(label),
        "validation_calibration_error": calibration_error(label, logits),
        "calibration_error": calibration_error(truth.label["test"], predictions["test"]),
    }
    frames = _by_frame(predictions, truth)
    scores |= _means(frames, slice(None))
    for name, inside in slices(truth.snr["test"], settings).items():
        scores |= {f"{score}_{name}": value for score, value in _means(frames, inside).items()}
    for name, (one, other) in LEADS.items():
        scores[f"accuracy_{name}"] = scores[f"accuracy_{one}"] - scores[f"accuracy_{other}"]
    return {name: scores[name] for name in SCORES}


def curves(
    predictions: Mapping[str, NDArray[np.floating]], truth: Truth, settings: Evaluation
) -> pd.DataFrame:
    """Return the means at each SNR, in long form.

    Returns
    -------
    DataFrame
        Columns ``split`` (test), ``metric``, ``x`` (the SNR in dB) and ``y``. The metrics are
        ``accuracy``, the ends ``accuracy_lower`` and ``accuracy_upper`` of its 95 % Wilson interval
        over the frames of one run, ``noise_error`` and ``denoising``.
    """
    frames = _by_frame(predictions, truth)
    snr = truth.snr["test"]
    points = []
    for level in np.unique(snr):
        means = _means(frames, snr == level)
        hits = round(means["accuracy"] * means["items"])
        interval = binomtest(hits, means["items"]).proportion_ci(LEVEL, method="wilson")
        means |= {"accuracy_lower": interval.low, "accuracy_upper": interval.high}
        del means["items"]
        points += [("test", metric, level, value) for metric, value in means.items()]
    return pd.DataFrame(points, columns=["split", "metric", "x", "y"])


def confusions(
    predictions: Mapping[str, NDArray[np.floating]], truth: Truth, settings: Evaluation
) -> pd.DataFrame:
    """Return which class was taken for which in the test split, slice by slice, in long form.

    Returns
    -------
    DataFrame
        Columns ``split`` (the slice's name), ``truth``, ``predicted`` and ``count``.
    """
    label, predicted = truth.label["test"], predictions["test"].argmax(axis=1)
    tables = [
        confusion_table(
            confusion(label[inside], predicted[inside], len(truth.classes)), truth.classes, name
        )
        for name, inside in slices(truth.snr["test"], settings).items()
    ]
    return pd.concat(tables, ignore_index=True)


def items(
    predictions: Mapping[str, NDArray[np.floating]], truth: Truth, settings: Evaluation
) -> dict[str, NDArray[np.float64]]:
    """Return what each test frame adds to the scores of one run, NaN outside of a slice.

    Returns
    -------
    dict
        The names of `studies.radio.scores.BY_ITEM`.
    """
    frames = _by_frame(predictions, truth)
    parts = slices(truth.snr["test"], settings)
    return frames | {
        f"{name}_{part}": np.where(inside, values, np.nan)
        for name, values in frames.items()
        for part, inside in parts.items()
    }


def groups(truth: Truth) -> NDArray[np.int64]:
    """Return the number of each test frame's class and SNR: how many frames of each is fixed."""
    cells = np.column_stack([truth.label["test"], truth.snr["test"]])
    return np.unique(cells, axis=0, return_inverse=True)[1].ravel()


def _by_frame(
    predictions: Mapping[str, NDArray[np.floating]], truth: Truth
) -> dict[str, NDArray[np.float64]]:
    """Return what is averaged, a number a test frame; NaN where a run lacks the part."""
    nothing = np.full(len(truth.label["test"]), np.nan)
    frames = {
        "accuracy": (predictions["test"].argmax(axis=1) == truth.label["test"]).astype(float),
        "noise_error": nothing,
        "denoising": nothing,
    }
    if "test_noise" in predictions:
        estimated_snr = -DECIBEL * predictions["test_noise"].astype(float)
        frames["noise_error"] = np.abs(estimated_snr - truth.snr["test"])
    if "test_denoising" in predictions:
        frames["denoising"] = predictions["test_denoising"].astype(float)
    return frames


def _means(
    frames: Mapping[str, NDArray[np.float64]], inside: NDArray[np.bool_] | slice
) -> dict[str, float]:
    items = len(frames["accuracy"][inside])
    means = {
        name: float(values[inside].mean()) if items else float("nan")
        for name, values in frames.items()
    }
    scores = means | {"items": items}
    return {name: scores[name] for name in SLICED}
