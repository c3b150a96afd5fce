"""The way from transmitter to receiver: paths, carrier offset, noise.

In: samples as sent. Out: samples as received, clean, and the noise that is added to them.

Paths: one direct path without delay, and scattered ones at 0, 1, … samples, whose strengths are
complex Gaussian with a mean power that falls exponentially. The ratio of the direct power to the
mean scattered power is the Rician factor K. The paths stand still during a frame.
"""

import math

import numpy as np
import torch
from torch import Tensor

from studies.radio.data.draws import Draws
from studies.radio.settings.data import Channel


def received(sent_NT: Tensor, channel: Channel, draws: Draws) -> Tensor:
    """Return samples after paths and carrier offset, at mean power 1 in each frame.

    Parameters
    ----------
    sent_NT : Tensor of complex128, shape (frames, before + samples)
        The first ``before`` samples precede the frame; see `clock.before`.
    channel : Channel
    draws : Draws

    Returns
    -------
    Tensor of complex128, shape (frames, samples)
    """
    arrived = _through_paths(sent_NT, channel, draws)
    frames, samples = arrived.shape
    offset = channel.carrier_offset
    cycles = draws["carrier"].uniform(-offset, offset, (frames, 1)) * np.arange(samples)
    cycles += draws["phase"].uniform(0, 1, (frames, 1))
    turn = torch.from_numpy(2 * np.pi * (cycles % 1))
    turned = arrived * torch.polar(torch.ones_like(turn), turn)
    return turned / turned.abs().square().mean(1, keepdim=True).sqrt()


def noise(shape: tuple[int, ...], snr_db: float, draws: Draws) -> Tensor:
    """Return white complex Gaussian noise, as much as a frame of power 1 needs for an SNR.

    Its expected power is exact; the power in one frame varies as that of noise does.
    """
    parts = draws["noise"].standard_normal((*shape, 2), dtype=np.float32)
    scale = math.sqrt(10 ** (-snr_db / 10) / 2)
    return torch.view_as_complex(torch.from_numpy(parts.astype(np.float64) * scale))


def _through_paths(sent_NT: Tensor, channel: Channel, draws: Draws) -> Tensor:
    if channel.taps == 0:
        return sent_NT
    frames = len(sent_NT)
    samples = sent_NT.shape[1] - (channel.taps - 1)
    profile = np.exp(-np.arange(channel.taps) / channel.delay_spread)
    k = 10 ** (draws["rician"].uniform(*channel.rician_k_db, (frames, 1)) / 10)
    parts = draws["paths"].standard_normal((frames, channel.taps, 2)) / math.sqrt(2)
    scattered = parts[..., 0] + 1j * parts[..., 1]
    strengths = scattered * np.sqrt(profile / profile.sum() / k)
    strengths[:, 0] += 1
    taps_NP = torch.from_numpy(strengths)
    return sum(  # type: ignore[return-value]  # not 0: there is at least one tap
        taps_NP[:, delay, None] * sent_NT[:, channel.taps - 1 - delay :][:, :samples]
        for delay in range(channel.taps)
    )
