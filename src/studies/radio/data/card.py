"""The data card: what the frames are, counted, and how well the noise meets its label."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import safe_open

from studies.radio.data.source import Source
from studies.radio.settings.data import Data
from uphold.sources import limits
from uphold.splits import SPLITS


def describe(source: Source, settings: Data, frames: Path) -> dict[str, Any]:
    """Return the data card, JSON values only.

    Parameters
    ----------
    source : Source
    settings : Data
    frames : Path
        The file that was written from them.
    """
    card = {
        "source": settings.source,
        "classes": source.classes,
        "snrs": source.snrs,
        "samples": source.samples,
        "normalise": settings.normalise,
        "splits": {
            split: {
                "items": source.frames(split),
                "cells": len(source.classes) * len(source.snrs),
                "frames a cell": source.sizes[split],
            }
            for split in SPLITS
        },
        "clean": source.clean,
        "notes": source.notes,
        "settings": settings.in_force(),
    }
    if source.stored:
        used = sum(source.frames(split) for split in SPLITS)
        limit = getattr(settings, settings.source).at_most
        card["used"] = limits.card("frame", used, source.stored, limit)
    if source.clean:
        error = np.abs(snr_errors(source, frames))
        card["snr_error_db"] = {
            "mean": round(float(error.mean()), 4),
            "largest": round(float(error.max()), 4),
        }
    return card


def snr_errors(source: Source, frames: Path) -> NDArray[np.float64]:
    """Return measured minus labelled SNR of each cell over all splits, in dB.

    The SNR of a cell is measured as the mean over its frames of clean power, over the mean of noise
    power, both relative to the frame's clean power, so that all frames count alike.

    Returns
    -------
    ndarray of float64, shape (classes, levels of SNR)
    """
    noise = np.zeros((len(source.classes), len(source.snrs)))
    with safe_open(frames, framework="numpy") as file:
        for split, label, snr, start in source.cells():
            here = slice(start, start + source.sizes[split])
            clean = file.get_slice(f"{split}/clean")[here].astype(np.float64)
            rest = file.get_slice(f"{split}/iq")[here] - clean
            share = (rest**2).mean(axis=(1, 2)) / (clean**2).mean(axis=(1, 2))
            noise[label, snr] += share.sum() / sum(source.sizes.values())
    return -10 * np.log10(noise) - np.array(source.snrs)
