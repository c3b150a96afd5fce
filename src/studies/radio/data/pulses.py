"""Pulses in closed form, so that they can be taken at any time and need no interpolation.

In: times in symbols. Out: the pulse there. Beyond `SPAN` symbols a pulse is taken as over.
"""

import math

import torch
from torch import Tensor

SPAN = 8
"""Symbols on either side of a pulse's centre."""
BANDWIDTH_TIME = 0.3
"""Bandwidth (−3 dB, one-sided) × symbol time of the Gaussian filter of GMSK, as in GSM."""


def root_raised_cosine(time: Tensor, roll_off: Tensor) -> Tensor:
    """Return the root-raised-cosine pulse of unit energy a symbol.

    The usual quotient has three removable singularities. This is the same function as a sum: the
    transforms of the flat part of the spectrum and of the two halves of its cosine flanks,

        (1 − β) sinc((1 − β) t) + β Σ± sinc(β t ± ¼) cos(π (t ± ¼)),    sinc x = sin πx / πx.

    Parameters
    ----------
    time : Tensor
        In symbols from the centre.
    roll_off : Tensor
        β, from 0 to 1; broadcasts against `time`.
    """
    flat = (1 - roll_off) * torch.sinc((1 - roll_off) * time)
    turn, scaled = math.pi * time, roll_off * time
    flanks = torch.sinc(scaled + 0.25) * torch.cos(turn + math.pi / 4)
    flanks += torch.sinc(scaled - 0.25) * torch.cos(turn - math.pi / 4)
    return flat + roll_off * flanks


def gaussian_phase(time: Tensor) -> Tensor:
    """Return the phase pulse of GMSK: 0 long before a symbol, ½ long after it.

    It is the integral of a rectangle of one symbol and height ½ that a Gaussian filter has
    smoothed, centred on 0: ½ (G(t + ½) − G(t − ½)), where G(u) = u Φ(u/σ) + σ φ(u/σ) integrates the
    Gaussian distribution and σ = √ln 2 / (2π · `BANDWIDTH_TIME`).
    """
    sigma = math.sqrt(math.log(2)) / (2 * math.pi * BANDWIDTH_TIME)

    def integral(u: Tensor) -> Tensor:
        density = torch.exp(-0.5 * (u / sigma) ** 2) / math.sqrt(2 * math.pi)
        return u * torch.special.ndtr(u / sigma) + sigma * density

    return 0.5 * (integral(time + 0.5) - integral(time - 0.5))
