"""The scale of a numeric setting: along its values, or along their logarithms."""

from typing import Literal

import numpy as np

Scale = Literal["log", "linear"]


def along(values: np.ndarray, scale: Scale) -> np.ndarray:
    """Return that along which a setting is taken to act."""
    return np.log(values) if scale == "log" else values


def back(values: np.ndarray, scale: Scale) -> np.ndarray:
    """Return the values of a setting from that along which it acts."""
    return np.exp(values) if scale == "log" else values


def step(per: float, scale: Scale) -> float:
    """Return a step: on a log scale so many times as much, else so much more."""
    return float(np.log(per)) if scale == "log" else per
