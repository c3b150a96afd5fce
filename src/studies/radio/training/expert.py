"""Expert features: what a radio engineer would compute of a frame.

Statistics of instantaneous amplitude, phase and frequency, correlations at small lags, and
cumulants. All are unchanged when a frame is scaled or turned by a phase.

Reference: Swami & Sadler 2000, "Hierarchical digital modulation classification using cumulants".
"""

import torch
from torch import Tensor

from studies.radio.training.noise import power, root

LAGS = (1, 2, 4, 8)
NAMES = (
    "amplitude sd",
    "amplitude skewness",
    "amplitude kurtosis",
    "phase concentration",
    "phase concentration, doubled",
    "phase concentration, fourfold",
    "frequency sd",
    "frequency kurtosis",
    *(f"correlation at lag {lag}" for lag in LAGS),
    *(f"conjugate correlation at lag {lag}" for lag in LAGS),
    "|C20|",
    "|C40|",
    "|C41|",
    "C42",
)
"""The features in their order."""


def features(frames: Tensor) -> Tensor:
    """Return the expert features of frames; no gradient passes.

    Parameters
    ----------
    frames : Tensor of shape (..., 2, samples)

    Returns
    -------
    Tensor of shape (..., len(NAMES))
        Compressed by ``sign(v) log(1 + |v|)``, since cumulants and kurtoses have long tails.
    """
    with torch.no_grad():
        x = torch.complex(frames[..., 0, :].float(), frames[..., 1, :].float())
        x = x / root(power(frames.float())).unsqueeze(-1).clamp_min(1e-6)
        amplitude = x.abs()
        turned = x / amplitude.clamp_min(1e-6)
        doubled = turned.square()
        step = x[..., 1:] * x[..., :-1].conj()
        frequency = step.angle()
        columns = [
            root(amplitude.var(dim=-1, correction=0)),
            _moment(amplitude, 3),
            _moment(amplitude, 4),
            turned.mean(dim=-1).abs(),
            doubled.mean(dim=-1).abs(),
            doubled.square().mean(dim=-1).abs(),
            root(frequency.var(dim=-1, correction=0)),
            _moment(frequency, 4),
            *((x[..., lag:] * x[..., :-lag].conj()).mean(dim=-1).abs() for lag in LAGS),
            *((x[..., lag:] * x[..., :-lag]).mean(dim=-1).abs() for lag in LAGS),
            *cumulants(x),
        ]
        values = torch.stack(columns, dim=-1)
        return values.sign() * values.abs().log1p()


def cumulants(x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return |C20|, |C40|, |C41| and C42 of frames of unit power.

    ``C40 = E[x⁴] - 3 E[x²]²``, ``C41 = E[x³x*] - 3 E[x²] E[|x|²]``,
    ``C42 = E[|x|⁴] - |E[x²]|² - 2 E[|x|²]²``.

    Parameters
    ----------
    x : Tensor of shape (..., samples), complex
    """
    square, size = x.square(), x.abs().square()
    c20, c21 = square.mean(dim=-1), size.mean(dim=-1)
    c40 = square.square().mean(dim=-1) - 3 * c20.square()
    c41 = (square * size).mean(dim=-1) - 3 * c20 * c21
    c42 = size.square().mean(dim=-1) - c20.abs().square() - 2 * c21.square()
    return c20.abs(), c40.abs(), c41.abs(), c42


def _moment(values: Tensor, order: int) -> Tensor:
    """Return the standardised central moment of each row."""
    centred = values - values.mean(dim=-1, keepdim=True)
    spread = root(centred.square().mean(dim=-1)).clamp_min(1e-6)
    return centred.pow(order).mean(dim=-1) / spread.pow(order)
