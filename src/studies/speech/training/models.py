"""The two networks: a small one, and ResNet18 with one input channel.

In: spectrograms of shape (rows, 1, bands, frames), of any size. Out: logits, (rows, classes).
"""

from itertools import pairwise

import torch
from torch import Tensor, nn
from torch.nn.functional import relu

from studies.speech.settings.run import SpeechRun
from uphold.training.channels_last import channels_last
from uphold.training.dropout import Dropout


def network(settings: SpeechRun, classes: int) -> nn.Module:
    """Return the network of a run, its weights not yet set."""
    made: nn.Module
    if settings.model == "resnet18":
        made = ResNet18(settings.resnet_width, classes)
    else:
        made = SmallCNN(settings.cnn_width, classes, settings.batch_norm, settings.dropout)
    # Channels last: training takes a sixth to a quarter less time on a CPU.
    return channels_last(made)


class SmallCNN(nn.Module):
    """Three convolutions, the first two with pooling, a mean over the map, one linear layer.

    Parameters
    ----------
    width : int
        Channels of the first convolution; each further one has twice as many.
    classes : int
    batch_norm : bool
        Whether each convolution is normalised over the batch.
    dropout : float
        The rate before the linear layer.
    """

    def __init__(self, width: int, classes: int, batch_norm: bool, dropout: float) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, after in pairwise((1, width, 2 * width, 4 * width)):
            layers.append(nn.Conv2d(before, after, 3, padding=1, bias=not batch_norm))
            if batch_norm:
                layers.append(nn.BatchNorm2d(after))
            layers += [nn.ReLU(), nn.MaxPool2d(2)]
        self.trunk = nn.Sequential(*layers[:-1])
        self.dropout = Dropout(dropout)
        self.head = nn.Linear(4 * width, classes)

    def forward(self, spectra: Tensor) -> Tensor:
        """Return the logits."""
        h = self.trunk(spectra).mean(dim=(2, 3))
        return self.head(self.dropout(h))


class Block(nn.Module):
    """Two convolutions beside a shortcut.

    The second normalisation starts at zero, so that the block starts as its shortcut (Goyal et al.
    2017, "Accurate, large minibatch SGD", section 5.1).
    """

    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(after)
        self.conv2 = nn.Conv2d(after, after, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(after)
        self.shortcut = (
            nn.Identity()
            if before == after
            else nn.Sequential(
                nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after)
            )
        )

    def start(self) -> None:
        """Start as the shortcut."""
        self.norm2.weight.zero_()

    def forward(self, h: Tensor) -> Tensor:
        """Return the shortcut plus what the convolutions find."""
        found = self.norm2(self.conv2(relu(self.norm1(self.conv1(h)))))
        return relu(found + self.shortcut(h))


class ResNet18(nn.Module):
    """He et al. 2016, "Deep residual learning for image recognition", table 1, 18 layers.

    Parameters
    ----------
    width : int
        Channels of the first of four stages, 64 in the paper; each further one has twice as many.
    classes : int
    """

    def __init__(self, width: int, classes: int) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(1, width, 7, 2, padding=3, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.MaxPool2d(3, 2, padding=1),
        )
        widths = [width * 2**stage for stage in range(4)]
        blocks: list[nn.Module] = []
        for before, after in pairwise([width, *widths]):
            blocks += [Block(before, after, 1 if before == after else 2), Block(after, after, 1)]
        self.stages = nn.Sequential(*blocks)
        self.head = nn.Linear(widths[-1], classes)

    def forward(self, spectra: Tensor) -> Tensor:
        """Return the logits."""
        return self.head(torch.mean(self.stages(self.stem(spectra)), dim=(2, 3)))
