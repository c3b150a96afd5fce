"""The network: separable convolutions that halve the image three times, and three heads.

=======  =========================  =======================================
layer    what                       output
=======  =========================  =======================================
stem     separable, to stem_width   16 × 16
trunk    separable, to 64           8 × 8
trunk    separable, to 128          4 × 4
pooling  mean over 2 × 2            2 × 2, so that place survives
shared   dense                      128
heads    dense                      A: 10 logits; B: 32 logits; C: 0 to 1
=======  =========================  =======================================

A separable convolution filters every channel by itself and then mixes channels pixel by pixel
(Chollet 2017, "Xception"). Every layer but the heads is followed by rectified units. A grid has one
channel, so that a separable stem has one filter however wide it is: its channels are one filtered
image at several scales and thresholds.

A scale of widths multiplies all three numbers of channels and the shared layer's units.
"""

from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, relu

from studies.multitask.training.loading import CLASSES_A, CLASSES_B
from uphold.training.rowwise import sigmoid

TRUNK = (64, 128)
SHARED = 128
POOL = 2


class Separable(nn.Module):
    """A separable convolution of stride 2 with rectified units.

    Parameters
    ----------
    inputs, outputs : int
        Channels.
    normalised : bool
        Whether a batch normalisation stands before the rectified units, else a bias.
    """

    def __init__(self, inputs: int, outputs: int, *, normalised: bool = True) -> None:
        super().__init__()
        self.within = nn.Conv2d(inputs, inputs, 3, stride=2, padding=1, groups=inputs, bias=False)
        self.across = nn.Conv2d(inputs, outputs, 1, bias=not normalised)
        self.norm = nn.BatchNorm2d(outputs) if normalised else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """Map (n, inputs, side, side) to (n, outputs, side / 2, side / 2)."""
        return relu(self.norm(self.across(self.within(x))), inplace=True)


def widths(stem_width: int, width_scale: float) -> list[int]:
    """Return the widths of stem, trunk and shared layer, each multiplied by the scale."""
    return [max(1, round(w * width_scale)) for w in (stem_width, *TRUNK, SHARED)]


class Network(nn.Module):
    """Trunk and heads.

    Parameters
    ----------
    stem_width : int
        Channels of the first layer, at full widths.
    width_scale : float
        See `widths`.
    """

    def __init__(self, stem_width: int, width_scale: float = 1.0) -> None:
        super().__init__()
        stem, *trunk, shared = widths(stem_width, width_scale)
        self.stem = Separable(1, stem, normalised=False)
        self.trunk = nn.Sequential(Separable(stem, trunk[0]), Separable(*trunk))
        self.shared = nn.Linear(trunk[1] * POOL**2, shared)
        self.head_a = nn.Linear(shared, CLASSES_A)
        self.head_b = nn.Linear(shared, CLASSES_B)
        self.head_c = nn.Linear(shared, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Map grids (n, 1, 32, 32) to logits (n, 10), logits (n, 32) and values (n,)."""
        maps = avg_pool2d(self.trunk(self.stem(x)), POOL)
        h = relu(self.shared(maps.flatten(1)))
        return self.head_a(h), self.head_b(h), sigmoid(self.head_c(h)).squeeze(1)
