"""Changes of a frame that leave its class and its SNR as they are."""

import math

import numpy as np
import torch
from torch import Tensor


def rotate(frames: Tensor, angle: Tensor) -> Tensor:
    """Turn each frame by a phase.

    Parameters
    ----------
    frames : Tensor of shape (..., 2, samples)
    angle : Tensor of shape (...,)
        In radians.
    """
    cos, sin = angle.cos(), angle.sin()
    turn = torch.stack([cos, -sin, sin, cos], dim=-1).view(-1, 2, 2)
    return torch.bmm(turn, frames.flatten(0, -3)).view_as(frames)


def roll(frames: Tensor, steps: Tensor) -> Tensor:
    """Shift each frame by whole samples; what leaves at the end comes back at the beginning.

    Parameters
    ----------
    frames : Tensor of shape (..., 2, samples)
    steps : Tensor of shape (...,), int64
    """
    samples = frames.shape[-1]
    at = (torch.arange(samples, device=frames.device) - steps.unsqueeze(-1)) % samples
    return frames.gather(-1, at.unsqueeze(-2).expand_as(frames))


def draw_angles(rng: np.random.Generator, rows: int) -> Tensor:
    """Draw phases, uniform over the circle."""
    return torch.from_numpy(rng.uniform(0, 2 * math.pi, rows).astype(np.float32))


def draw_rolls(rng: np.random.Generator, rows: int, samples: int) -> Tensor:
    """Draw shifts, uniform over the frame."""
    return torch.from_numpy(rng.integers(samples, size=rows))
