"""A trained network on clips of a user's: classes and their probabilities, a row a clip."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file

from studies.speech.data.ravdess import LONGEST_S, SHORTEST_S
from studies.speech.data.spectrogram import log_mel
from studies.speech.settings.data import Data
from studies.speech.settings.run import SpeechRun
from studies.speech.training.learner import normalised
from studies.speech.training.models import network
from uphold.errors import InputError
from uphold.evaluation.classification import said
from uphold.pipeline.inputs import Inputs
from uphold.sources import audio
from uphold.training.networks import predict

__all__ = ["load", "read", "table", "tested"]


def read(path: Path, settings: Data) -> Inputs:
    """Return the spectrogram of a clip."""
    try:
        sound = audio.read(path)
        samples = audio.resampled(sound, settings.spectrogram.sample_rate)
    except audio.UnusableSound as error:
        raise InputError(f"{path} {error}.") from error
    if not SHORTEST_S <= sound.seconds <= LONGEST_S:
        raise InputError(
            f"{path} lasts {sound.seconds:.2f} s; a clip lasts from {SHORTEST_S:g} to "
            f"{LONGEST_S:g} s: cut one out of it."
        )
    return Inputs(log_mel(samples, settings.spectrogram)[None], {})


def load(
    weights: Mapping[str, NDArray[Any]], settings: SpeechRun
) -> Callable[[NDArray[np.float32]], NDArray[np.float32]]:
    """Return a network: spectrograms (rows, bands, frames) to logits (rows, classes)."""
    kept = {name: torch.tensor(values) for name, values in weights.items()}
    model = network(settings, len(kept["head.bias"]))
    model.load_state_dict(kept)
    return lambda x: predict(model, normalised(torch.from_numpy(x))[:, None])[0].numpy()


def tested(
    folder: Path, predictions: Mapping[str, NDArray[Any]]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the spectrograms of the run's test clips, and what is stored of them."""
    places = predictions["test_items"]
    return load_file(folder / "features.safetensors")["x"][places], predictions["test"]


def table(
    outputs: NDArray[np.float32], labels: Sequence[str], threshold: None, settings: Data
) -> pd.DataFrame:
    """Return the class of each clip, and the probability of every class."""
    return said(outputs, labels)
