"""The multitask study's network as one would write it by hand: the measure of its speed.

Any combination of the four upgrades at the same data, sizes, losses and epochs: ``nn.Module`` with
``nn.Conv2d`` and ``nn.BatchNorm2d``, a shuffling ``DataLoader``, autograd, Adam, torch's own
schedules, validation after every epoch. Mixup pairs the rows of a batch, each with a weight of its
own. The weights of the last epoch are kept, as in all of the study's arms.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.distributions import Beta
from torch.nn import functional as F
from torch.optim.lr_scheduler import CosineAnnealingLR, ReduceLROnPlateau
from torch.utils.data import DataLoader, TensorDataset

from studies.multitask.settings.run import MultitaskRun
from studies.multitask.training.loading import CLASSES_A, CLASSES_B, MultitaskData, Rows


class Separable(nn.Sequential):
    """A separable convolution of stride 2, normalised or with a bias, and rectified units."""

    def __init__(self, inputs: int, outputs: int, normalised: bool) -> None:
        super().__init__(
            nn.Conv2d(inputs, inputs, 3, stride=2, padding=1, groups=inputs, bias=False),
            nn.Conv2d(inputs, outputs, 1, bias=not normalised),
            *([nn.BatchNorm2d(outputs)] if normalised else []),
            nn.ReLU(),
        )


class Network(nn.Module):
    """Three separable convolutions, pooling, a shared layer, three heads."""

    def __init__(self, settings: MultitaskRun) -> None:
        super().__init__()
        stem, first, second, shared = (
            max(1, round(width * settings.width_scale))
            for width in (settings.stem_width, 64, 128, 128)
        )
        self.trunk = nn.Sequential(
            Separable(1, stem, normalised=False),
            Separable(stem, first, normalised=True),
            Separable(first, second, normalised=True),
            nn.AvgPool2d(2),
            nn.Flatten(),
            nn.Linear(4 * second, shared),
            nn.ReLU(),
        )
        self.head_a = nn.Linear(shared, CLASSES_A)
        self.head_b = nn.Linear(shared, CLASSES_B)
        self.head_c = nn.Linear(shared, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Map grids (n, 1, 32, 32) to logits (n, 10), logits (n, 32) and values (n,)."""
        h = self.trunk(x)
        return self.head_a(h), self.head_b(h), torch.sigmoid(self.head_c(h)).squeeze(1)


def train(settings: MultitaskRun, data: MultitaskData, seed: int) -> tuple[Network, list[float]]:
    """Train one run.

    Parameters
    ----------
    settings : MultitaskRun
        Without early stopping, at any size.
    data : MultitaskData
        What the study's `load` gave.
    seed : int

    Returns
    -------
    model : Network
        With the weights of its last epoch.
    losses : list of float
        On validation data, by epoch.
    """
    torch.manual_seed(seed)
    training = DataLoader(_dataset(data.train), batch_size=settings.batch_size, shuffle=True)
    validation = DataLoader(_dataset(data.validation), batch_size=512)
    model = Network(settings)
    optimizer = torch.optim.Adam(model.parameters(), lr=settings.learning_rate)
    cosine = CosineAnnealingLR(
        optimizer,
        T_max=settings.epochs * len(training),
        eta_min=settings.rate_floor * settings.learning_rate,
    )
    plateau = ReduceLROnPlateau(
        optimizer,
        factor=settings.plateau_factor,
        patience=settings.plateau_patience - 1,  # torch cuts an epoch after its patience
        threshold=settings.plateau_min_delta,
        threshold_mode="abs",
    )
    losses: list[float] = []
    for _ in range(settings.epochs):
        model.train()
        for batch in training:
            x, *targets = _augmented(settings, batch)
            loss = _loss(settings, model(x), targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if settings.schedule == "cosine":
                cosine.step()
        losses.append(_validation(settings, model, validation))
        if settings.schedule == "plateau":
            plateau.step(losses[-1])
    return model, losses


def _dataset(rows: Rows) -> TensorDataset:
    return TensorDataset(rows.x, rows.a, rows.b, rows.c)


def _augmented(settings: MultitaskRun, batch: Sequence[Tensor]) -> list[Tensor]:
    x, a, b, c = batch
    if settings.mixup:
        share = Beta(settings.mixup_alpha, settings.mixup_alpha).sample((len(x),))
        partner = torch.randperm(len(x))
        x, a, b, c = (_mixed(own, own[partner], share) for own in (x, a, b, c))
    if settings.label_smoothing:
        epsilon = settings.smoothing_epsilon
        a = a * (1 - epsilon) + epsilon / CLASSES_A
        b = b * (1 - epsilon) + epsilon / CLASSES_B
    return [x, a, b, c]


def _mixed(own: Tensor, partner: Tensor, share: Tensor) -> Tensor:
    share = share.view(-1, *[1] * (own.dim() - 1))
    return share * own + (1 - share) * partner


def _loss(settings: MultitaskRun, outputs: Sequence[Tensor], targets: Sequence[Tensor]) -> Tensor:
    (a, b, c), (of_a, of_b, of_c) = outputs, targets
    return (
        settings.weight_a * F.cross_entropy(a, of_a)
        + settings.weight_b * F.cross_entropy(b, of_b)
        + settings.weight_c * F.mse_loss(c, of_c)
    )


@torch.no_grad()
def _validation(
    settings: MultitaskRun, model: Network, loader: DataLoader[tuple[Tensor, ...]]
) -> float:
    """Return the loss; accuracies and the absolute error are what one would log beside it."""
    model.eval()
    total = right_a = right_b = error = rows = 0
    for x, *targets in loader:
        outputs = model(x)
        total += float(_loss(settings, outputs, targets)) * len(x)
        right_a += int((outputs[0].argmax(1) == targets[0].argmax(1)).sum())
        right_b += int((outputs[1].argmax(1) == targets[1].argmax(1)).sum())
        error += float((outputs[2] - targets[2]).abs().sum())
        rows += len(x)
    return total / rows
