"""The radio study's classifier as one would write it by hand: the measure of its training's speed.

The arms A0 (the plain classifier) and A4 (noise head, FiLM, denoiser, dual path, mixup, shift) at
the same data, sizes, losses and epochs: ``nn.Module`` with ``nn.Conv1d``, ``nn.BatchNorm1d``,
``nn.LSTM`` and ``nn.Dropout``, a ``Dataset`` that augments its frames one by one, a shuffling
``DataLoader``, AdamW, validation after every epoch, the best epoch's weights at the end.
"""

import math
from collections.abc import Sequence
from copy import deepcopy

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.data import DataLoader, Dataset

from studies.radio.settings.run import RadioRun
from studies.radio.training.loading import Frames, RadioData

DECIBEL = 10 / math.log(10)


class RadioFrames(Dataset[tuple[Tensor, Tensor, Tensor]]):
    """Frames, labels and SNRs; training frames are turned and, in A4, rolled at random."""

    def __init__(self, frames: Frames, rotation: bool = False, shift: bool = False) -> None:
        self.iq, self.label, self.snr = frames.iq, frames.label, frames.snr
        self.rotation, self.shift = rotation, shift

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.iq)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor, Tensor]:
        """Return one frame (2, samples), its label and its SNR."""
        x = self.iq[index]
        if self.rotation:
            angle = float(np.random.uniform(0, 2 * math.pi))  # noqa: NPY002 (as by hand)
            cos, sin = math.cos(angle), math.sin(angle)
            x = torch.stack([cos * x[0] - sin * x[1], sin * x[0] + cos * x[1]])
        if self.shift:
            x = x.roll(int(np.random.randint(x.shape[1])), dims=1)  # noqa: NPY002
        return x, self.label[index], self.snr[index]


class FiLM(nn.Module):
    """Scale and shift channels by the noise estimate."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(1, 16), nn.ReLU(), nn.Linear(16, 2 * channels))
        nn.init.zeros_(self.net[2].weight)
        nn.init.zeros_(self.net[2].bias)

    def forward(self, h: Tensor, eta: Tensor) -> Tensor:
        """Return `h` of shape (rows, channels, samples), conditioned on `eta` of shape (rows,)."""
        gamma, beta = self.net(eta[:, None] / 4)[:, :, None].chunk(2, dim=1)
        return (1 + gamma) * h + beta


class Denoiser(nn.Module):
    """A U-Net that adds a correction."""

    def __init__(self, channels: int, levels: int) -> None:
        super().__init__()
        widths = [2, *(channels * 2**level for level in range(levels))]
        self.down = nn.ModuleList(
            nn.Conv1d(widths[n], widths[n + 1], 5 if n else 7, stride=2, padding=2 if n else 3)
            for n in range(levels)
        )
        self.film = FiLM(widths[-1])
        self.bottom = nn.Conv1d(widths[-1], widths[-1], 3, padding=1)
        self.up = nn.ModuleList(
            nn.ConvTranspose1d(widths[n + 1], widths[n], 4, stride=2, padding=1)
            for n in reversed(range(levels))
        )
        nn.init.zeros_(self.up[-1].weight)
        nn.init.zeros_(self.up[-1].bias)

    def forward(self, x: Tensor, eta: Tensor) -> Tensor:
        """Return cleaner frames (rows, 2, samples)."""
        h, skips = x, []
        for layer in self.down:
            h = torch.relu(layer(h))
            skips.append(h)
        h = h + torch.relu(self.bottom(self.film(h, eta)))
        for layer, skip in zip(self.up[:-1], reversed(skips[:-1]), strict=True):
            h = torch.relu(layer(h)) + skip
        return x + self.up[-1](h)


class NoiseHead(nn.Module):
    """Estimate the log odds of the noise fraction: a calibrated guess and a correction."""

    def __init__(self, data: RadioData, channels: int) -> None:
        super().__init__()
        self.register_buffer("at", data.calibration.roughness)
        self.register_buffer("values", data.calibration.fraction)
        self.net = nn.Sequential(
            nn.Conv1d(2, channels, 8, stride=4, padding=2),
            nn.ReLU(),
            nn.Conv1d(channels, channels, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.AdaptiveAvgPool1d(1),
            nn.Flatten(),
            nn.Linear(channels, 1),
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return log odds (rows,)."""
        with torch.no_grad():
            steps = x[:, :, 1:] - x[:, :, :-1]
            rough = steps.square().mean(2).sum(1) / x.square().mean(2).sum(1)
            right = torch.searchsorted(self.at, rough).clamp(1, len(self.at) - 1)
            share = (rough - self.at[right - 1]) / (self.at[right] - self.at[right - 1])
            rho = torch.lerp(self.values[right - 1], self.values[right], share.clamp(0, 1))
            guess = torch.logit(rho.clamp(1e-4, 1 - 1e-4))
        return (guess + self.net(x).squeeze(1)).clamp(-8, 5.5)


class Classifier(nn.Module):
    """Convolutions, an LSTM, attention over its steps, dense layers."""

    def __init__(self, settings: RadioRun, classes: int) -> None:
        super().__init__()
        widths, inputs = settings.widths, 4 if settings.dual_path else 2
        channels, (first, second, third) = widths.convolutions, widths.strides

        def block(wide: int, stride: int) -> nn.Module:
            kernel = widths.kernel
            padding = (kernel - 1) // 2
            return nn.Sequential(
                nn.Conv1d(wide, channels, kernel, stride=stride, padding=padding, bias=False),
                nn.BatchNorm1d(channels),
                nn.ReLU(),
            )

        self.first = block(inputs, first)
        self.second, self.third = block(channels, second), block(channels, third)
        self.skip = second * third
        self.film = FiLM(channels) if settings.film else None
        self.lstm = nn.LSTM(2 * channels, widths.recurrent, batch_first=True)
        self.score = nn.Linear(widths.recurrent, 1)
        self.head = nn.Sequential(
            nn.Dropout(settings.dropout),
            nn.Linear(widths.recurrent + 2 * channels, widths.dense),
            nn.ReLU(),
            nn.Dropout(settings.dropout),
            nn.Linear(widths.dense, classes),
        )

    def forward(self, x: Tensor, eta: Tensor | None) -> Tensor:
        """Return logits (rows, classes)."""
        early = self.first(x)
        h = self.third(self.second(early))
        if self.film is not None:
            h = self.film(h, eta)
        steps = torch.cat([h, early[:, :, :: self.skip]], dim=1)
        told, _ = self.lstm(steps.transpose(1, 2))
        pooled = (self.score(told).softmax(dim=1) * told).sum(dim=1)
        return self.head(torch.cat([pooled, steps.mean(dim=2)], dim=1))


class Model(nn.Module):
    """The classifier, in A4 with a noise head and a denoiser before it."""

    def __init__(self, settings: RadioRun, data: RadioData) -> None:
        super().__init__()
        full = settings.denoiser
        self.noise_head = NoiseHead(data, settings.noise_channels) if full else None
        self.denoiser = (
            Denoiser(settings.denoiser_channels, settings.denoiser_levels) if full else None
        )
        self.classifier = Classifier(settings, data.classes)

    def clean(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return log odds and denoised frames."""
        eta = self.noise_head(x)
        return eta, self.denoiser(x, eta.detach())

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor | None, Tensor | None]:
        """Return logits, log odds and denoised frames."""
        if self.denoiser is None:
            return self.classifier(x, None), None, None
        eta, denoised = self.clean(x)
        return self.classifier(torch.cat([x, denoised], dim=1), eta.detach()), eta, denoised


def train(settings: RadioRun, data: RadioData, seed: int) -> tuple[Model, list[float]]:
    """Train one run of the arm A0 or A4.

    Parameters
    ----------
    settings : RadioRun
        Those of A0 or A4, at any size.
    data : RadioData
        What the study's `load` gave.
    seed : int

    Returns
    -------
    model : Model
        With the weights of its best epoch.
    accuracies : list of float
        On validation data, by epoch of the classifier.
    """
    torch.manual_seed(seed)
    np.random.seed(seed)  # noqa: NPY002
    model = Model(settings, data)
    training = DataLoader(
        RadioFrames(data.train, settings.rotation, settings.shift),
        batch_size=settings.batch_size,
        shuffle=True,
    )
    validation = DataLoader(RadioFrames(data.validation), batch_size=512)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay
    )
    before = settings.auxiliary_epochs if settings.denoiser else 0
    warmup = torch.optim.lr_scheduler.LinearLR(optimizer, 0.5, total_iters=settings.warmup)
    accuracies: list[float] = []
    best = deepcopy(model.state_dict())
    for epoch in range(before + settings.epochs):
        model.train()
        for frames, label, snr in training:
            loss = _loss(model, settings, frames, label, snr, data, classifies=epoch >= before)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        if epoch >= before:
            warmup.step()
            accuracies.append(_accuracy(model, validation))
            if accuracies[-1] == max(accuracies):
                best = deepcopy(model.state_dict())
    model.load_state_dict(best)
    return model, accuracies


def _loss(
    model: Model,
    settings: RadioRun,
    frames: Tensor,
    label: Tensor,
    snr: Tensor,
    data: RadioData,
    classifies: bool,
) -> Tensor:
    targets = F.one_hot(label, data.classes).float()
    targets = targets * (1 - settings.label_smoothing) + settings.label_smoothing / data.classes
    if settings.mixup != "none" and np.random.rand() < settings.mixup_probability:  # noqa: NPY002
        share = np.random.beta(settings.mixup_alpha, settings.mixup_alpha)  # noqa: NPY002
        partner = torch.randperm(len(frames))
        frames, targets, snr = (
            share * own + (1 - share) * own[partner] for own in (frames, targets, snr)
        )
    if model.denoiser is None:
        return F.cross_entropy(model.classifier(frames, None), targets)
    noisier, less_noisy, step = _pairs(frames, snr, settings.degradation_steps, data.lowest)
    both, rows = torch.cat([noisier, frames]), len(frames)
    eta, denoised = model.clean(both)
    wanted = torch.cat([snr - step, snr])
    rho = torch.sigmoid(-wanted / DECIBEL).clamp(1e-4, 1 - 1e-4)
    noise = F.smooth_l1_loss(eta, torch.logit(rho).clamp(-8, 5.5))
    counts = (step >= 2).float()
    far = (denoised[:rows] - less_noisy).abs().mean(dim=(1, 2))
    denoising = (far * counts).sum() / counts.sum().clamp_min(1)
    off = (denoised[rows:] - frames).abs().mean(dim=(1, 2))
    identity = (off * torch.sigmoid((snr - 10) / 2)).mean()
    loss = settings.lambda_noise * noise + settings.lambda_denoise * denoising
    loss = loss + settings.lambda_id * identity
    if classifies:
        inputs = torch.cat([frames, denoised[rows:]], dim=1)
        loss = loss + F.cross_entropy(model.classifier(inputs, eta[rows:].detach()), targets)
    return loss


def _pairs(
    frames: Tensor, snr: Tensor, steps: Sequence[float], lowest: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Return frames with noise added, the received ones on the same scale, and the steps in dB."""
    largest = torch.minimum(torch.full_like(snr, steps[1]), snr - lowest)
    step = steps[0] + (largest - steps[0]) * torch.rand_like(snr)
    step = torch.where(largest >= steps[0], step, 0)
    total = frames.square().mean(2).sum(1)
    signal = total / (1 + 10 ** (-snr / 10))
    added = signal * (10 ** ((step - snr) / 10) - 10 ** (-snr / 10))
    noisier = frames + (added / 2).sqrt()[:, None, None] * torch.randn_like(frames)
    scale = (total / noisier.square().mean(2).sum(1)).sqrt()[:, None, None]
    return noisier * scale, frames * scale, step


@torch.no_grad()
def _accuracy(model: Model, loader: DataLoader[tuple[Tensor, Tensor, Tensor]]) -> float:
    model.eval()
    right = total = 0
    for frames, label, _ in loader:
        logits, _, _ = model(frames)
        right += int((logits.argmax(dim=1) == label).sum())
        total += len(label)
    return right / total
