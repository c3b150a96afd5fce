"""Digital waveforms at any times: linear modulations, OQPSK, GMSK.

In: times in symbols, one row a frame, and drawn symbols. Out: complex samples at these times.
Each sample is the sum over the symbols around it of symbol × pulse at the exact distance, so that
fractional timing and a drifting clock cost nothing and distort nothing.
"""

import math

import torch
from torch import Tensor

from studies.radio.data.constellations import CONSTELLATIONS
from studies.radio.data.draws import Draws
from studies.radio.data.pulses import SPAN, gaussian_phase, root_raised_cosine


def drawn(name: str, frames: int, symbols: int, draws: Draws) -> Tensor:
    """Draw the symbols of frames, equally likely and independent.

    Parameters
    ----------
    name : str
        A key of `CONSTELLATIONS`.
    frames : int
    symbols : int
        How many begin before a frame ends; those that the pulses reach beyond are added.

    Returns
    -------
    Tensor of complex128, shape (frames, symbols + 2 `SPAN`)
    """
    points = CONSTELLATIONS[name]
    index = draws["symbols"].integers(0, len(points), (frames, symbols + 2 * SPAN))
    return torch.from_numpy(points[index])


def linear(symbols_NS: Tensor, time_NT: Tensor, roll_off_N: Tensor) -> Tensor:
    """Return symbols under root-raised-cosine pulses.

    Parameters
    ----------
    symbols_NS : Tensor of complex128 or float64, shape (frames, symbols + 2 `SPAN`)
        As from `drawn`; the symbol `SPAN` is centred on time 0.
    time_NT : Tensor of float64, shape (frames, samples)
        When each sample is taken, in symbols; not negative.
    roll_off_N : Tensor of float64, shape (frames,)

    Returns
    -------
    Tensor of the symbols' type, shape (frames, samples)
    """
    near_NTK, distance_NTK, _ = _around(symbols_NS, time_NT)
    return (near_NTK * root_raised_cosine(distance_NTK, roll_off_N[:, None, None])).sum(2)


def offset_qpsk(symbols_NS: Tensor, time_NT: Tensor, roll_off_N: Tensor) -> Tensor:
    """Return QPSK whose quadrature is half a symbol late; see `linear`."""
    # Later in one part is earlier in the other: half a symbol on keeps the times positive.
    early = linear(symbols_NS.real.contiguous(), time_NT + 0.5, roll_off_N)
    late = linear(symbols_NS.imag.contiguous(), time_NT, roll_off_N)
    return torch.complex(early, late)


def gmsk(bits_NS: Tensor, time_NT: Tensor) -> Tensor:
    """Return Gaussian minimum-shift keying: each bit (±1) turns the phase by a quarter turn."""
    near_NTK, distance_NTK, first_NT = _around(bits_NS, time_NT)
    # What lies more than SPAN symbols back has turned the phase for good.
    sums = torch.cumsum(bits_NS, 1) - bits_NS
    turned = math.pi / 2 * sums.gather(1, first_NT)
    turned += math.pi * (near_NTK * gaussian_phase(distance_NTK)).sum(2)
    return torch.polar(torch.ones_like(turned), turned)


def _around(symbols_NS: Tensor, time_NT: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return what is within `SPAN` symbols of each time.

    Returns
    -------
    near : Tensor of the symbols' type, shape (frames, samples, 2 `SPAN` + 1)
        The symbols.
    distance : Tensor of float64, of the same shape
        How long after each symbol's centre the time is, in symbols.
    first : Tensor of int64, shape (frames, samples)
        The place of the earliest of them.
    """
    first = time_NT.floor().to(torch.int64)
    steps = torch.arange(2 * SPAN + 1)
    places = first[:, :, None] + steps
    near = symbols_NS.gather(1, places.flatten(1)).view(places.shape)
    return near, (time_NT - first + SPAN)[:, :, None] - steps, first
