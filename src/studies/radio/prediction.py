"""A trained network on frames of a user's: classes and their probabilities.

Frames are the array ``X`` of an ``.npz`` or HDF5 file, or an ``.npy`` file, of shape (n, samples,
2) as RadioML 2018 has them, (n, 2, samples) as RadioML 2016 has them, or complex of (n, samples).
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file
from torch import Tensor, nn

from studies.radio.data import frames, hdf5
from studies.radio.settings.data import Data
from studies.radio.settings.run import RadioRun
from studies.radio.training.network import Network
from studies.radio.training.noise import Calibration
from uphold.errors import InputError
from uphold.evaluation.classification import said
from uphold.pipeline.inputs import Inputs, numbered
from uphold.sources import arrays
from uphold.training.networks import predict

__all__ = ["load", "read", "table", "tested"]

HDF5 = (".h5", ".hdf5")


def read(path: Path, settings: Data) -> Inputs:
    """Return the frames of a file, normalised as those of the study are."""
    if path.suffix.lower() in HDF5:
        with hdf5.opened(path) as file:
            found = hdf5.datasets(file, ("X",), path)["X"][()]
    else:
        found = arrays.read(path, "X", more=" or .h5")
    x = _channels(found, path)
    try:
        return numbered(x * frames.scale(x, settings.normalise), "frame")
    except frames.Powerless as error:
        raise InputError(f"{path}: {error}.") from None


def load(
    weights: Mapping[str, NDArray[Any]], settings: RadioRun
) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    """Return a network: frames (rows, 2, samples) to logits (rows, classes)."""
    kept = {name: torch.tensor(values) for name, values in weights.items()}
    none = torch.zeros(1)
    fitted = (kept.get(f"noise_head.{name}", none) for name in ("at", "values"))
    network = Network(settings, len(kept["classifier.logits.bias"]), Calibration(*fitted))
    network.load_state_dict(kept)
    network.bypass = settings.bypass_denoiser
    return lambda x: predict(_Logits(network), torch.tensor(x))[0].numpy()


def tested(
    folder: Path, predictions: Mapping[str, NDArray[np.float32]]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the test frames, and what is stored of them."""
    return load_file(folder / frames.FILE)["test/iq"], predictions["test"]


def table(
    outputs: NDArray[np.float32], labels: Sequence[str], threshold: None, settings: Data
) -> pd.DataFrame:
    """Return the class of each frame, and the probability of every class."""
    return said(outputs, labels)


class _Logits(nn.Module):
    """A network without what it says beside the class."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> Tensor:
        logits, _, _ = self.network(x)
        return logits


def _channels(found: NDArray[Any], path: Path) -> NDArray[np.float32]:
    """Return frames as float32 of shape (n, 2, samples)."""
    if found.ndim == 2 and found.dtype.kind == "c":
        found = np.stack([found.real, found.imag], axis=1)
    elif found.ndim == 3 and found.shape[1] != 2 and found.shape[2] == 2:
        found = found.transpose(0, 2, 1)
    if found.ndim != 3 or found.shape[1] != 2 or found.dtype.kind == "c":
        raise InputError(
            f"{path} must hold frames of shape (n, samples, 2), (n, 2, samples) or complex (n, "
            f"samples), not {found.dtype} of shape {found.shape}."
        )
    return np.ascontiguousarray(arrays.single(found, str(path)))
