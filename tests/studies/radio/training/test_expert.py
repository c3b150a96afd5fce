import numpy as np
import pytest
import torch

from studies.radio.training.augmentation import rotate
from studies.radio.training.expert import NAMES, cumulants, features

GRID = {name: np.arange(1 - size, size, 2) for name, size in (("16QAM", 4), ("64QAM", 8))}
CONSTELLATIONS = {
    "BPSK": np.array([-1, 1]),
    "QPSK": np.exp(0.5j * np.pi * np.arange(4)),
    "8PSK": np.exp(0.25j * np.pi * np.arange(8)),
    **{name: np.add.outer(axis, 1j * axis).ravel() for name, axis in GRID.items()},
}
# Swami & Sadler 2000, table I: theoretical cumulants at unit power.
CUMULANTS = {
    "BPSK": (1.0, 2.0, 2.0, -2.0),
    "QPSK": (0.0, 1.0, 0.0, -1.0),
    "8PSK": (0.0, 0.0, 0.0, -1.0),
    "16QAM": (0.0, 0.68, 0.0, -0.68),
    "64QAM": (0.0, 0.619, 0.0, -0.619),
}


@pytest.mark.parametrize("name", CONSTELLATIONS)
def test_cumulants_of_constellations(name):
    points = CONSTELLATIONS[name] / np.sqrt((np.abs(CONSTELLATIONS[name]) ** 2).mean())
    answer = cumulants(torch.tensor(points.astype(np.complex128))[None])
    assert [float(value) for value in answer] == pytest.approx(CUMULANTS[name], abs=5e-4)


def tones(rows: int = 3) -> torch.Tensor:
    rng = np.random.default_rng(2)
    phase = rng.uniform(0, 6, (rows, 1)) + 0.4 * np.arange(64)
    x = np.exp(1j * phase) + 0.3 * (rng.standard_normal((rows, 64, 2)) @ np.array([1, 1j]))
    return torch.tensor(np.stack([x.real, x.imag], axis=1), dtype=torch.float32)


def test_features_of_a_steady_tone_are_known():
    phase = 0.4 * np.arange(200)
    tone = torch.tensor(np.stack([np.cos(phase), np.sin(phase)])[None], dtype=torch.float32)
    answer = dict(zip(NAMES, features(tone)[0].tolist(), strict=True))
    assert answer["amplitude sd"] == pytest.approx(0, abs=1e-4)
    assert answer["frequency sd"] == pytest.approx(0, abs=1e-3)
    # |mean x[n] x*[n−k]| = 1, compressed to log 2
    assert answer["correlation at lag 4"] == pytest.approx(np.log(2), abs=1e-4)


def test_features_know_neither_scale_nor_phase():
    frames = tones()
    answer = features(frames)
    assert answer.shape == (3, len(NAMES)) and answer.isfinite().all()
    torch.testing.assert_close(features(7 * frames), answer, atol=1e-4, rtol=1e-3)
    turned = rotate(frames, torch.tensor([0.5, 2.0, 4.0]))
    torch.testing.assert_close(features(turned), answer, atol=1e-3, rtol=1e-2)


def test_features_of_an_empty_frame_are_finite():
    assert features(torch.zeros(1, 2, 32)).isfinite().all()
