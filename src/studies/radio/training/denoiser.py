"""The denoiser: a U-Net over the samples of a frame, told how noisy the frame is.

Reference: Ronneberger et al. 2015, "U-Net: Convolutional networks for biomedical image
segmentation", in one dimension and as a residual.
"""

from itertools import pairwise

from torch import Tensor, nn

from studies.radio.training.convolution import (
    Convolution,
    TransposedConvolution,
    as_frames,
    sequences,
)
from studies.radio.training.film import FiLM


class DenoiserUNet1D(nn.Module):
    """Add a learned correction to a frame; nothing at the start.

    Parameters
    ----------
    channels : int
        Of the first level; each deeper level has twice as many.
    levels : int
        How often the frame is halved; its length must be a multiple of ``2 ** levels``.
    """

    def __init__(self, channels: int, levels: int) -> None:
        super().__init__()
        widths = [2, *(channels * 2**level for level in range(levels))]
        self.down = nn.ModuleList(
            Convolution(wide, wider, 5 if level else 7, stride=2, padding=2 if level else 3)
            for level, (wide, wider) in enumerate(pairwise(widths))
        )
        self.film = FiLM(widths[-1])
        self.bottom = Convolution(widths[-1], widths[-1], 3, padding=1)
        self.up = nn.ModuleList(
            TransposedConvolution(wider, wide, 4, stride=2, padding=1)
            for wide, wider in reversed(list(pairwise(widths)))
        )

    def start(self) -> None:
        """Begin as the identity: the last layer adds nothing."""
        nn.init.zeros_(self.up[-1].weight)  # type: ignore[arg-type]  # it is a layer

    def forward(self, frames: Tensor, eta: Tensor) -> Tensor:
        """Return frames (rows, 2, samples) with less noise, given their log odds (rows,)."""
        h, skips = sequences(frames), []
        for layer in self.down:
            h = layer(h).relu_()
            skips.append(h)
        h = h + self.bottom(self.film(h, eta)).relu_()
        for layer, skip in zip(self.up[:-1], reversed(skips[:-1]), strict=True):
            h = layer(h).relu_() + skip
        return frames + as_frames(self.up[-1](h))
