"""What one run learns from, batch by batch, and what it is judged by."""

from collections.abc import Iterator, Mapping

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import l1_loss, mse_loss

from studies.multitask.settings.run import MultitaskRun
from studies.multitask.training.loading import CLASSES_A, CLASSES_B, MultitaskData, Rows
from studies.multitask.training.network import Network
from uphold.randomness import generator
from uphold.training.mixup import draw, mix
from uphold.training.sampling import batches
from uphold.training.smoothing import smooth
from uphold.training.softmax import cross_entropy

VALIDATION_BATCH = 512


class Learner:
    """One run as `uphold.training.networks.fit` sees it.

    Parameters
    ----------
    model : Network
        On the device of the data.
    settings : MultitaskRun
    seed : int
    data : MultitaskData

    Attributes
    ----------
    losses : list of float
        On the validation split, an epoch each so far.
    """

    def __init__(
        self, model: Network, settings: MultitaskRun, seed: int, data: MultitaskData
    ) -> None:
        self.model, self.settings, self.seed, self.data = model, settings, seed, data
        self.losses: list[float] = []

    @property
    def steps(self) -> int:
        """How many batches an epoch has."""
        return -(-len(self.data.train) // self.settings.batch_size)

    def batches(self, epoch: int) -> Iterator[Rows]:
        """Yield the batches of one epoch, each row once as itself and with mixup once as partner.

        Whatever mixup draws, the order of the rows is the same.
        """
        rows, settings = self.data.train, self.settings
        if settings.mixup:
            rows = mixed(
                rows, *draw(generator(self.seed, "mixup", epoch), len(rows), settings.mixup_alpha)
            )
        order = generator(self.seed, "shuffle", epoch).permutation(len(rows))
        for batch in batches(order, settings.batch_size):
            yield rows[torch.from_numpy(batch).to(rows.x.device)]

    def loss(self, batch: Rows) -> Tensor:
        """Return the weighted sum of the three heads' losses, with smoothed targets if set."""
        epsilon = self.settings.smoothing_epsilon if self.settings.label_smoothing else 0.0
        return self._sum(self.model(batch.x), batch, epsilon)

    def validate(self) -> Mapping[str, float]:
        """Return losses and scores of the validation split; targets are as labelled."""
        rows = self.data.validation
        outputs = [self.model(x) for x in rows.x.split(VALIDATION_BATCH)]
        a, b, c = (torch.cat(parts) for parts in zip(*outputs, strict=True))
        loss = float(self._sum((a, b, c), rows, 0.0))
        self.losses.append(loss)
        return {
            "validation_loss": loss,
            "validation_accuracy_a": _accuracy(a, rows.a),
            "validation_accuracy_b": _accuracy(b, rows.b),
            "validation_mae_c": float(l1_loss(c, rows.c)),
        }

    def memory(self) -> Mapping[str, np.ndarray]:
        """Return nothing: the losses stand in the record of the epochs."""
        return {}

    def remember(self, memory: Mapping[str, np.ndarray], history: Mapping[str, np.ndarray]) -> None:
        """Take up the losses of the epochs so far."""
        del memory
        self.losses[:] = history["validation_loss"].tolist()  # the schedule looks at this list

    def _sum(self, outputs: tuple[Tensor, Tensor, Tensor], rows: Rows, epsilon: float) -> Tensor:
        (a, b, c), settings = outputs, self.settings
        return (
            settings.weight_a * cross_entropy(a, smooth(rows.a, epsilon, CLASSES_A)).mean()
            + settings.weight_b * cross_entropy(b, smooth(rows.b, epsilon, CLASSES_B)).mean()
            + settings.weight_c * mse_loss(c, rows.c)
        )


def mixed(rows: Rows, partner: Tensor, weight: Tensor) -> Rows:
    """Return every row mixed with its partner: its grid, its one-hot labels and its value alike."""
    device = rows.x.device
    partner, weight = partner.to(device), weight.to(device)
    parts = (rows.x, rows.a, rows.b, rows.c)
    return Rows(*(mix(part, part[partner], weight) for part in parts))


def _accuracy(logits: Tensor, targets: Tensor) -> float:
    return float((logits.argmax(1) == targets.argmax(1)).float().mean())
