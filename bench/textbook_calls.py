"""The call study's classifier head as one would write it by hand: the measure of its speed.

The default head (features → 512 → classes) with binary cross-entropy, mixup and label smoothing
off or on, at the same training set, sizes and epochs: ``nn.Sequential`` with ``nn.Dropout``, a
shuffling ``DataLoader``, autograd, Adam, the validation loss after every epoch, early stopping with
the best epoch's weights. Mixup pairs the rows of a batch, each with a weight of its own.
"""

from copy import deepcopy

import torch
from torch import Tensor, nn
from torch.distributions import Beta
from torch.nn import functional as F
from torch.utils.data import DataLoader, TensorDataset

from studies.calls.settings.run import CallsRun
from studies.calls.training.loading import CallsData
from studies.calls.training.training_set import training_set


class Head(nn.Sequential):
    """[dropout → dense → relu] → dropout → dense; gives logits (rows, classes)."""

    def __init__(self, features: int, hidden: int, classes: int, dropout: float) -> None:
        super().__init__(
            nn.Dropout(dropout),
            nn.Linear(features, hidden),
            nn.ReLU(),
            nn.Dropout(dropout),
            nn.Linear(hidden, classes),
        )


def train(settings: CallsRun, data: CallsData, seed: int) -> tuple[Head, list[float]]:
    """Train one run.

    Parameters
    ----------
    settings : CallsRun
        With a hidden layer, cross-entropy and a constant rate, at any size.
    data : CallsData
        What the study's `load` gave.
    seed : int

    Returns
    -------
    model : Head
        With the weights of its best epoch, or of its last one without early stopping.
    losses : list of float
        On validation data, by epoch.
    """
    torch.manual_seed(seed)
    rows = training_set(settings, seed, data)
    training = DataLoader(
        TensorDataset(rows.x, rows.y), batch_size=settings.batch_size, shuffle=True
    )
    validation = DataLoader(TensorDataset(data.validation.x, data.validation.y), batch_size=512)
    model = Head(rows.x.shape[1], settings.width, rows.y.shape[1], settings.dropout)
    optimizer = (
        torch.optim.AdamW(
            model.parameters(), lr=settings.learning_rate, weight_decay=settings.weight_decay
        )
        if settings.optimizer == "adamw"
        else torch.optim.Adam(model.parameters(), lr=settings.learning_rate)
    )
    losses: list[float] = []
    lowest, waited, best = float("inf"), 0, None
    for _ in range(settings.epochs):
        model.train()
        for x, y in training:
            x, y = _augmented(settings, x, y)
            loss = F.binary_cross_entropy_with_logits(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        losses.append(_validation_loss(model, validation))
        if not settings.early_stopping:
            continue
        if losses[-1] < lowest - settings.min_delta:
            lowest, waited, best = losses[-1], 0, deepcopy(model.state_dict())
        else:
            waited += 1
            if waited == settings.patience:
                break
    if best is not None:
        model.load_state_dict(best)
    return model, losses


def _augmented(settings: CallsRun, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    if settings.mixup:
        share = Beta(settings.mixup_alpha, settings.mixup_alpha).sample((len(x), 1))
        partner = torch.randperm(len(x))
        x, y = share * x + (1 - share) * x[partner], share * y + (1 - share) * y[partner]
    if settings.label_smoothing:
        y = y * (1 - settings.smoothing_epsilon) + settings.smoothing_epsilon / 2
    return x, y


@torch.no_grad()
def _validation_loss(model: Head, loader: DataLoader[tuple[Tensor, ...]]) -> float:
    model.eval()
    total = rows = 0
    for x, y in loader:
        total += float(F.binary_cross_entropy_with_logits(model(x), y)) * len(x)
        rows += len(x)
    return total / rows
