"""A trained network on grids of a user's: the classes of heads A and B, the value of head C.

Grids are the array ``X`` of an ``.npz`` file, or an ``.npy`` file, of shape (n, 32, 32).
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file

from studies.multitask.settings.data import Data
from studies.multitask.settings.run import MultitaskRun
from studies.multitask.training.lane import outputs as of_heads
from studies.multitask.training.loading import CLASSES_A, GRIDS, Standard
from studies.multitask.training.network import Network
from uphold.evaluation.classification import said
from uphold.pipeline.inputs import Inputs, numbered
from uphold.sources import arrays
from uphold.splits import SPLITS
from uphold.training.channels_last import channels_last

__all__ = ["load", "read", "table", "tested"]


def read(path: Path, settings: Data) -> Inputs:
    """Return the grids of a file."""
    return numbered(arrays.single(arrays.read(path, "X"), str(path)), "grid")


def load(
    weights: Mapping[str, NDArray[Any]], settings: MultitaskRun
) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    """Return a network: grids (rows, 32, 32) to A's and B's logits and C's value side by side."""
    kept = dict(weights)
    standard = Standard(*kept.pop("standard"))
    network = Network(settings.stem_width, settings.width_scale)
    network.load_state_dict({name: torch.tensor(values) for name, values in kept.items()})
    network = channels_last(network)
    return lambda x: of_heads(network, standard.of(x))


def tested(
    folder: Path, predictions: Mapping[str, NDArray[np.float32]]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the test grids, and what is stored of them."""
    prepared = load_file(folder / GRIDS)
    return prepared["x"][prepared["split"] == SPLITS.index("test")], predictions["test"]


def table(
    outputs: NDArray[np.float32],
    labels: Mapping[str, Sequence[str]],
    threshold: None,
    settings: Data,
) -> pd.DataFrame:
    """Return the labels of heads A and B with the probabilities of all classes, and C's value."""
    a, b, c = np.split(outputs, [CLASSES_A, outputs.shape[1] - 1], axis=1)
    heads = [said(logits, labels[name], f"{name}_") for name, logits in (("a", a), ("b", b))]
    return pd.concat([*heads, pd.DataFrame({"c": c[:, 0]})], axis=1)
