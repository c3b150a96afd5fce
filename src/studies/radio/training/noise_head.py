"""The noise head: how noisy is this frame?

A blind guess, calibrated on training data, plus a correction that is learned and starts at zero:
``eta = clamp(logit rho_0 + correction)``.
"""

import torch
from torch import Tensor, nn

from studies.radio.training.convolution import Convolution, sequences
from studies.radio.training.noise import ETA, RHO, Calibration, interpolate, roughness


class NoiseFractionNet(nn.Module):
    """Estimate the log odds of a frame's noise fraction.

    Parameters
    ----------
    calibration : Calibration
        From roughness to noise fraction; kept with the weights.
    channels : int
        Of its two convolutions.
    """

    at: Tensor
    values: Tensor

    def __init__(self, calibration: Calibration, channels: int) -> None:
        super().__init__()
        self.register_buffer("at", calibration.roughness.clone())
        self.register_buffer("values", calibration.fraction.clone())
        self.convolutions = nn.Sequential(
            Convolution(2, channels, 8, stride=4, padding=2),
            nn.ReLU(inplace=True),
            Convolution(channels, channels, 4, stride=2, padding=1),
            nn.ReLU(inplace=True),
        )
        self.correction = nn.Linear(channels, 1)

    def start(self) -> None:
        """Begin without a correction."""
        nn.init.zeros_(self.correction.weight)

    def calibrated(self, rough: Tensor) -> Tensor:
        """Return the noise fraction at a roughness of frames."""
        return interpolate(rough, self.at, self.values)

    def guess(self, frames: Tensor) -> Tensor:
        """Return the calibrated guess, without the correction; no gradient passes."""
        with torch.no_grad():
            rho = self.calibrated(roughness(frames))
            return torch.logit(rho.clamp(*RHO))

    def forward(self, frames: Tensor) -> Tensor:
        """Return the estimate for frames (rows, 2, samples) as (rows,), within `noise.ETA`."""
        pooled = self.convolutions(sequences(frames)).mean(dim=0)
        correction = self.correction(pooled).squeeze(-1)
        return (self.guess(frames) + correction).clamp(*ETA)
