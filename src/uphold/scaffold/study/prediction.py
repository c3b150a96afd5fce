"""A trained network on points of a user's: an ``.npy`` file, or ``x`` in an ``.npz``, (n, 2)."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file

from uphold.evaluation.classification import said
from uphold.pipeline.inputs import Inputs, numbered
from uphold.scaffold.study.settings.data import Data
from uphold.scaffold.study.settings.run import BlueprintRun
from uphold.scaffold.study.training import network
from uphold.sources import arrays
from uphold.training.networks import predict

__all__ = ["load", "read", "table", "tested"]


def read(path: Path, settings: Data) -> Inputs:
    """Return the points of a file."""
    return numbered(arrays.read(path, "x").astype(np.float32), "point")


def load(
    weights: Mapping[str, NDArray[np.float32]], settings: BlueprintRun
) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    """Return a network: points (rows, 2) to logits (rows, classes)."""
    kept = {name: torch.tensor(values) for name, values in weights.items()}
    model = network(settings, classes=len(kept["3.bias"]))
    model.load_state_dict(kept)
    return lambda x: predict(model, torch.tensor(x))[0].numpy()


def tested(
    folder: Path, predictions: Mapping[str, NDArray[np.float32]]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the test points, and what is stored of them."""
    return load_file(folder / "points.safetensors")["test/x"], predictions["test"]


def table(
    outputs: NDArray[np.float32], labels: Sequence[str], threshold: None, settings: Data
) -> pd.DataFrame:
    """Return the class of each point, and the probability of every class."""
    return said(outputs, labels)
