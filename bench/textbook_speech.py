"""The speech study's ResNet18 as one would write it by hand: the measure of its speed.

Arms of the ladder with cross-entropy, with and without class weights, SpecAugment and label
smoothing, at the same clips, sizes and epochs: ``nn.Module`` with ``nn.Conv2d`` and
``nn.BatchNorm2d``, a ``Dataset`` that augments its spectrograms one by one, a shuffling
``DataLoader``, mixup of batches, autograd, Adam, loss and macro-F1 of the validation clips after
every epoch, the best epoch's weights at the end. The study also scores as many training clips
after every epoch; that is left out here.
"""

import math
from copy import deepcopy

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset

from studies.speech.settings.run import SpeechRun
from studies.speech.training.folds import fold
from studies.speech.training.loading import SpeechData
from uphold.evaluation.f1 import confusion, macro_f1
from uphold.training.softmax import class_weights

BANDS, FRAME_S = 128, 512 / 22_050
"""Of the spectrograms in whose bands and frames the settings count masks."""


class Clips(Dataset[tuple[Tensor, Tensor]]):
    """Normalised spectrograms and labels; training clips are masked at random with SpecAugment."""

    def __init__(self, data: SpeechData, rows: NDArray[np.int64], masks: tuple[int, int]) -> None:
        self.x = [_normalised(x) for x in torch.from_numpy(data.x[rows])]
        self.label = torch.from_numpy(data.label[rows])
        self.bands, self.frames = masks

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.x)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor]:
        """Return one spectrogram (1, bands, frames) and its label."""
        x = self.x[index]
        if self.bands or self.frames:
            x, level = x.clone(), x.mean()
            for _ in range(2):
                start, end = _stretch(x.shape[0], self.bands)
                x[start:end] = level
                start, end = _stretch(x.shape[1], self.frames)
                x[:, start:end] = level
            x = _normalised(x)
        return x[None], self.label[index]


class Block(nn.Module):
    """Two convolutions beside a shortcut."""

    def __init__(self, before: int, after: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(before, after, 3, stride, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(after)
        self.conv2 = nn.Conv2d(after, after, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(after)
        nn.init.zeros_(self.norm2.weight)
        self.shortcut = nn.Sequential()
        if before != after:
            self.shortcut = nn.Sequential(
                nn.Conv2d(before, after, 1, stride, bias=False), nn.BatchNorm2d(after)
            )

    def forward(self, x: Tensor) -> Tensor:
        """Return the shortcut plus what the convolutions find."""
        h = torch.relu(self.norm1(self.conv1(x)))
        return torch.relu(self.norm2(self.conv2(h)) + self.shortcut(x))


class ResNet18(nn.Sequential):
    """Spectrograms (rows, 1, bands, frames) to logits (rows, classes)."""

    def __init__(self, width: int, classes: int) -> None:
        super().__init__(
            nn.Conv2d(1, width, 7, stride=2, padding=3, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.MaxPool2d(3, stride=2, padding=1),
            Block(width, width, 1),
            Block(width, width, 1),
            Block(width, 2 * width, 2),
            Block(2 * width, 2 * width, 1),
            Block(2 * width, 4 * width, 2),
            Block(4 * width, 4 * width, 1),
            Block(4 * width, 8 * width, 2),
            Block(8 * width, 8 * width, 1),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(8 * width, classes),
        )


def train(settings: SpeechRun, data: SpeechData, seed: int) -> tuple[ResNet18, list[float]]:
    """Train one run.

    Parameters
    ----------
    settings : SpeechRun
        Of a ResNet18 with cross-entropy and without a balanced sampler, its schedule a cosine after
        a warm-up; at any size.
    data : SpeechData
        What the study's `load` gave.
    seed : int

    Returns
    -------
    model : ResNet18
        With the weights of its best epoch.
    scores : list of float
        Macro-F1 on validation clips, by epoch.
    """
    torch.manual_seed(seed)
    np.random.seed(seed)  # noqa: NPY002 (as by hand)
    ours = fold(settings, seed, data.actor)
    training = DataLoader(
        Clips(data, ours.train, _masks(settings, data)),
        batch_size=settings.trained_batch,
        shuffle=True,
    )
    validation = DataLoader(Clips(data, ours.validation, (0, 0)), batch_size=512)
    model = ResNet18(settings.resnet_width, data.classes)
    optimizer = torch.optim.Adam(
        model.parameters(), lr=settings.trained_rate, weight_decay=settings.weight_decay
    )
    warmup, epochs = settings.warmup_epochs, settings.trained_epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer,
        lambda epoch: (
            (epoch + 1) / warmup
            if epoch < warmup
            else (1 + math.cos(math.pi * (epoch - warmup) / max(1, epochs - warmup))) / 2
        ),
    )
    weights = (
        class_weights(data.label[ours.train], data.classes, settings.heaviest)
        if settings.class_weights
        else None
    )
    criterion = nn.CrossEntropyLoss(weight=weights, label_smoothing=settings.label_smoothing)
    scores: list[float] = []
    best = deepcopy(model.state_dict())
    for _ in range(epochs):
        model.train()
        for x, label in training:
            if settings.mixup:
                share = np.random.beta(settings.mixup_alpha, settings.mixup_alpha)  # noqa: NPY002
                partner = torch.randperm(len(x))
                logits = model(share * x + (1 - share) * x[partner])
                own, other = criterion(logits, label), criterion(logits, label[partner])
                loss = share * own + (1 - share) * other
            else:
                loss = criterion(model(x), label)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        schedule.step()
        scores.append(_validation(model, validation, data.classes))
        if scores[-1] == max(scores):
            best = deepcopy(model.state_dict())
    model.load_state_dict(best)
    return model, scores


def _masks(settings: SpeechRun, data: SpeechData) -> tuple[int, int]:
    """Return the widest band and the longest stretch that are blanked."""
    if not settings.specaugment:
        return 0, 0
    bands = settings.specaugment_bands * data.x.shape[1] / BANDS
    frames = settings.specaugment_frames * FRAME_S / data.frame_s
    return round(bands), round(frames)


def _stretch(length: int, widest: int) -> tuple[int, int]:
    width = np.random.randint(min(widest, length) + 1)  # noqa: NPY002
    start = np.random.randint(length - width + 1)  # noqa: NPY002
    return start, start + width


def _normalised(x: Tensor) -> Tensor:
    return (x - x.mean()) / (x.std() + 1e-6)


@torch.no_grad()
def _validation(model: ResNet18, loader: DataLoader[tuple[Tensor, Tensor]], classes: int) -> float:
    """Return the macro-F1; the loss is what one would log beside it."""
    model.eval()
    found = [(model(x), label) for x, label in loader]
    logits, labels = (torch.cat(part) for part in zip(*found, strict=True))
    F.cross_entropy(logits, labels).item()
    return macro_f1(confusion(labels.numpy(), logits.argmax(1).numpy(), classes))
