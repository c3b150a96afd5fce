"""A trained head on recordings of a user's, or on ready vectors: 3 s windows, scores, labels.

Recordings are cut and embedded as those of the study are. A head that learnt from embeddings of
another program takes vectors of that program: an ``.npy`` file, or ``x`` in an ``.npz`` file.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file

from studies.calls.data import features
from studies.calls.data.recordings import SHORTEST_REST_S, cut
from studies.calls.data.recordings import read as recording
from studies.calls.data.window import WINDOW_S
from studies.calls.settings.data import TEST_SPLITS, Data
from studies.calls.settings.run import CallsRun
from studies.calls.training.dense import Layer, Looped, forward
from uphold.errors import InputError
from uphold.pipeline.inputs import Inputs, numbered
from uphold.sources import arrays
from uphold.sources.audio import UnusableSound

__all__ = ["load", "read", "table", "tested"]

EVEN = 0.5
"""From which score on another class than the positive one is named: it has no threshold chosen."""


def read(path: Path, settings: Data) -> Inputs:
    """Return the features of a recording's windows, or the vectors that a file holds."""
    if settings.source == "embeddings":
        return numbered(arrays.single(arrays.read(path, "x"), str(path)), "row")
    if path.suffix.lower() in arrays.SUFFIXES:
        raise InputError(
            f"{path} holds arrays, and this model takes sound: name recordings, or export a model "
            "that was trained with data.source: embeddings."
        )
    try:
        sound = recording(path)
    except UnusableSound as error:
        raise InputError(f"{path} {error}.") from error
    windows = cut(sound.samples)
    starts = np.array(windows.starts_s)
    x = np.stack([features.embed(window) for window in windows.windows])
    where = {"start_s": starts, "end_s": np.minimum(starts + WINDOW_S, sound.duration_s)}
    rest = windows.left_out_s
    left_out = f"its last {rest:.2g} s, which are less than {SHORTEST_REST_S:g} s" if rest else ""
    return Inputs(x, where, left_out)


def load(
    weights: Mapping[str, NDArray[np.float32]], settings: CallsRun
) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    """Return a head: features (rows, features) to probabilities (rows, classes)."""
    depths = range(2 if settings.hidden_units else 1)
    head = [
        Layer(*(torch.tensor(weights[f"{depth}.{name}"])[None] for name in Layer._fields))
        for depth in depths
    ]

    def model(x: NDArray[np.float32]) -> NDArray[np.float32]:
        logits = forward(Looped(), head, torch.tensor(x)[None])[-1][0]
        return torch.sigmoid(logits).numpy()

    return model


def tested(
    folder: Path, predictions: Mapping[str, NDArray[np.float32]]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the features of the first test split that has clips, and what is stored of them."""
    items = pd.read_parquet(folder / "items.parquet", columns=["split"])["split"]
    split = next(name for name in TEST_SPLITS if (items == name).any())
    here = (items == split).to_numpy()
    return load_file(folder / "features.safetensors")["x"][here], predictions[split]


def table(
    outputs: NDArray[np.float32], labels: Sequence[str], threshold: float, settings: Data
) -> pd.DataFrame:
    """Return what each window has, and the score of every class.

    The label is the positive class from the threshold on. Otherwise it says that this class is not
    there; of several classes it names those whose scores reach 0.5, the highest first.
    """
    score = outputs[:, labels.index(settings.positive)]
    found = score >= score.dtype.type(threshold)
    said = [
        settings.positive if here else _without(settings.positive, labels, row)
        for here, row in zip(found, outputs, strict=True)
    ]
    scores = {name: outputs[:, k] for k, name in enumerate(labels)}
    return pd.DataFrame({"label": said, **scores})


def _without(positive: str, labels: Sequence[str], scores: NDArray[np.float32]) -> str:
    """Return what a window without the positive class has."""
    if len(labels) == 1:
        return f"no {positive}"
    ranked = [labels[k] for k in np.argsort(-scores) if scores[k] >= EVEN and labels[k] != positive]
    return f"{' and '.join(ranked)}, no {positive}" if ranked else f"none of {len(labels)} classes"
