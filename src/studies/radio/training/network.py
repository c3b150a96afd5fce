"""One arm of the study: noise head, denoiser and classifier, wired as its settings say.

::

    frame ─┬────────────────────────────► classifier ─► logits
           ├─► noise head ─► eta ─┬─ FiLM ─────┘│
           └─► denoiser ◄─────────┘             │
                  └────────► denoised frame ────┘

The noise head and the denoiser see the same frame. The estimate is passed on without its gradient:
the noise head learns from the noise alone, so that what it says remains an estimate of it.

Several networks side by side, as `wide` makes them, take frames of shape (rows, networks, 2,
samples); all that a network gives then has the axis of networks after that of rows.
"""

import torch
from torch import Tensor, nn

from studies.radio.settings.run import RadioRun
from studies.radio.training.cldnn import CLDNN
from studies.radio.training.denoiser import DenoiserUNet1D
from studies.radio.training.expert import NAMES, features
from studies.radio.training.noise import Calibration
from studies.radio.training.noise_head import NoiseFractionNet


class Network(nn.Module):
    """The parts that the settings ask for.

    Parameters
    ----------
    settings : RadioRun
    classes : int
    calibration : Calibration
        For the noise head.

    Attributes
    ----------
    bypass : bool
        Whether the classifier gets the received frame where it would get the denoised one.
    """

    def __init__(self, settings: RadioRun, classes: int, calibration: Calibration) -> None:
        super().__init__()
        self.dual_path = settings.dual_path
        self.expert_features = settings.expert_features
        self.bypass = False
        self.noise_head = (
            NoiseFractionNet(calibration, settings.noise_channels) if settings.noise_head else None
        )
        self.denoiser = (
            DenoiserUNet1D(settings.denoiser_channels, settings.denoiser_levels)
            if settings.denoiser
            else None
        )
        self.classifier = CLDNN(
            inputs=4 if settings.dual_path else 2,
            classes=classes,
            widths=settings.widths,
            dropout=settings.dropout,
            film=settings.film,
            extra=len(NAMES) if settings.expert_features else 0,
        )

    def clean(self, frames: Tensor) -> tuple[Tensor | None, Tensor | None]:
        """Return the log odds of each frame's noise fraction, and the denoised frames.

        Either is None in a network without the part. The log odds carry their gradient.
        """
        eta = None if self.noise_head is None else self.noise_head(frames)
        # The settings give no denoiser without a noise head.
        denoised = (
            None if self.denoiser is None else self.denoiser(frames, eta.detach())  # type: ignore[union-attr]
        )
        return eta, denoised

    def classify(self, frames: Tensor, eta: Tensor | None, denoised: Tensor | None) -> Tensor:
        """Return logits (rows, classes) of frames and what `clean` gave for them."""
        if denoised is None or self.bypass:
            denoised = frames
        inputs = torch.cat([frames, denoised], dim=-2) if self.dual_path else denoised
        extra = features(frames) if self.expert_features else None
        return self.classifier(inputs, None if eta is None else eta.detach(), extra)

    def forward(self, frames: Tensor) -> tuple[Tensor, Tensor | None, Tensor | None]:
        """Return logits, log odds and denoised frames of frames (rows, 2, samples)."""
        eta, denoised = self.clean(frames)
        return self.classify(frames, eta, denoised), eta, denoised
