"""Analog waveforms at any times: amplitude and frequency modulation by a random message.

In: times in samples, one row a frame, and the cell's streams. Out: complex samples at these times.

The message is Gaussian noise within a band: a sum of `TONES` tones of random frequency and complex
strength, at mean power 1. Being a sum, it has its Hilbert transform (which single-sideband
modulation needs) and its integral (frequency modulation) in closed form.

==========  ======================================================================
modulation  waveform; m the message, m̂ its Hilbert transform
==========  ======================================================================
AM-DSB-WC   1 + `DEPTH` m (with carrier)
AM-DSB-SC   m (suppressed carrier)
AM-SSB-WC   1 + (m + j m̂)/√2, the upper sideband, as strong as the carrier
AM-SSB-SC   m + j m̂
FM          exp(2πj f ∫m), f the highest frequency of the message
==========  ======================================================================
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from studies.radio.data.draws import Draws

TONES = 24
DEPTH = 0.5


@dataclass(frozen=True)
class Message:
    """A random message at the times asked for.

    Attributes
    ----------
    analytic_NT : Tensor of complex128
        The message m + j m̂.
    integral_NT : Tensor of float64
        ∫m over time in samples; its constant is arbitrary.
    """

    analytic_NT: Tensor
    integral_NT: Tensor


def message(time_NT: Tensor, band: tuple[float, float], draws: Draws) -> Message:
    """Draw messages.

    Parameters
    ----------
    time_NT : Tensor of float64, shape (frames, samples)
        In samples.
    band : (float, float)
        Lowest and highest frequency, in cycles a sample.
    draws : Draws
    """
    frames = len(time_NT)
    frequency = torch.from_numpy(draws["tones"].uniform(*band, (frames, TONES)))
    parts = draws["strengths"].standard_normal((frames, TONES, 2)) / math.sqrt(TONES)
    strength = torch.view_as_complex(torch.from_numpy(parts))
    analytic = torch.zeros(time_NT.shape, dtype=torch.complex128)
    integral = torch.zeros(time_NT.shape, dtype=torch.float64)
    for k in range(TONES):
        turn = 2 * math.pi * (frequency[:, k, None] * time_NT).frac()
        tone = strength[:, k, None] * torch.polar(torch.ones_like(turn), turn)
        analytic += tone
        integral += tone.imag / (2 * math.pi * frequency[:, k, None])
    return Message(analytic, integral)


def modulated(name: str, message: Message, highest: float) -> Tensor:
    """Return the waveform of an analog modulation, complex128.

    Parameters
    ----------
    name : str
        As in the table above.
    message : Message
    highest : float
        The highest frequency of the message, in cycles a sample: the deviation of FM.
    """
    analytic, plain = message.analytic_NT, message.analytic_NT.real
    match name:
        case "AM-DSB-WC":
            return (1 + DEPTH * plain).to(torch.complex128)
        case "AM-DSB-SC":
            return plain.to(torch.complex128)
        case "AM-SSB-WC":
            return 1 + analytic / math.sqrt(2)
        case "AM-SSB-SC":
            return analytic
        case "FM":
            turn = 2 * math.pi * highest * message.integral_NT
            return torch.polar(torch.ones_like(turn), turn)
    raise ValueError(f"{name} is no analog modulation")
