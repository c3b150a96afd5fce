"""Frames small enough to train on in a second: two classes at four SNRs."""

import numpy as np
import pytest
import torch

from studies.radio.training.loading import Frames, RadioData
from studies.radio.training.noise import Calibration

SNRS = (-12.0, -4.0, 4.0, 12.0)
SAMPLES = 32


def frames(rng: np.random.Generator, a_cell: int) -> Frames:
    """Return tones (class 0) and slow ramps of phase (class 1) in white noise, RMS 1."""
    iq, clean, label, snr = [], [], [], []
    for name in (0, 1):
        for level in SNRS:
            start = rng.uniform(0, 2 * np.pi, (a_cell, 1))
            phase = start + np.arange(SAMPLES) * (0.9 if name == 0 else 0.1)
            sent = np.stack([np.cos(phase), np.sin(phase)], axis=1)
            noise = rng.standard_normal(sent.shape) * np.sqrt(10 ** (-level / 10) / 2)
            rms = np.sqrt(((sent + noise) ** 2).sum(axis=1).mean(axis=1))[:, None, None]
            iq.append((sent + noise) / rms)
            clean.append(sent / rms)
            label += [name] * a_cell
            snr += [level] * a_cell
    parts = (torch.tensor(np.concatenate(x), dtype=torch.float32) for x in (iq, clean))
    received, sent = parts
    return Frames(received, torch.tensor(label), torch.tensor(snr), sent)


@pytest.fixture(scope="session")
def prepared() -> RadioData:
    rng = np.random.default_rng(7)
    train, validation, test = (frames(rng, n) for n in (12, 4, 5))
    return RadioData(
        train=train,
        validation=validation,
        test=test,
        classes=2,
        lowest=min(SNRS),
        calibration=Calibration.fit(train.iq, train.snr),
        digest="of these frames",
    )
