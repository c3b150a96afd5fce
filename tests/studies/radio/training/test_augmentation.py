import math

import numpy as np
import torch

from studies.radio.training.augmentation import draw_angles, draw_rolls, roll, rotate
from studies.radio.training.noise import power


def test_rotation_multiplies_by_a_phase():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((3, 8)) + 1j * rng.standard_normal((3, 8))
    angle = np.array([0.0, math.pi / 2, 1.2])
    turned = rotate(torch.tensor(np.stack([x.real, x.imag], axis=1)), torch.tensor(angle)).numpy()
    expected = x * np.exp(1j * angle)[:, None]
    np.testing.assert_allclose(turned[:, 0] + 1j * turned[:, 1], expected, atol=1e-12)


def test_rolls_are_those_of_numpy():
    x = np.arange(24.0).reshape(2, 2, 6)
    answer = roll(torch.tensor(x), torch.tensor([2, 5])).numpy()
    np.testing.assert_array_equal(answer[0], np.roll(x[0], 2, axis=1))
    np.testing.assert_array_equal(answer[1], np.roll(x[1], 5, axis=1))


def test_neither_changes_the_power():
    frames = torch.randn(4, 2, 16, generator=torch.Generator().manual_seed(1))
    rng = np.random.default_rng(1)
    changed = roll(rotate(frames, draw_angles(rng, 4)), draw_rolls(rng, 4, 16))
    assert not torch.equal(changed, frames)
    torch.testing.assert_close(power(changed), power(frames))
