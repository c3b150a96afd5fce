"""What one run learns from, epoch by epoch, and what it is judged by."""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import l1_loss, log_softmax

from studies.multitask.settings.run import MultitaskRun
from studies.multitask.training.loading import CLASSES_A, CLASSES_B, MultitaskData, Rows
from studies.multitask.training.network import Network
from uphold.randomness import generator
from uphold.training.mixup import draw, mix
from uphold.training.smoothing import smooth


class Learner:
    """One run as `uphold.training.stack.fit_together` sees it.

    Parameters
    ----------
    model : Network
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

    def epoch(self, number: int) -> tuple[Tensor, ...]:
        """Return grids and weighted targets (see `losses`) in the order of an epoch.

        Every row is there once as itself and with mixup once as partner. Whatever mixup draws, the
        order of the rows is the same.
        """
        rows, settings = self.data.train, self.settings
        order = torch.from_numpy(generator(self.seed, "shuffle", number).permutation(len(rows)))
        if settings.mixup:
            rng = generator(self.seed, "mixup", number)
            rows = mixed(rows, *draw(rng, len(rows), settings.mixup_alpha))
        rows = rows[order.to(rows.x.device)]
        epsilon = settings.smoothing_epsilon if settings.label_smoothing else 0.0
        return rows.x, *self._weighted(rows, epsilon)

    def judged(self, number: int) -> Mapping[str, Tensor]:
        """Return the grids of the validation split."""
        del number
        return {"validation": self.data.validation.x}

    def scores(self, number: int, outputs: Mapping[str, Sequence[Tensor]]) -> Mapping[str, float]:
        """Return losses and scores of the validation split; targets are as labelled."""
        del number
        rows = self.data.validation.to("cpu")
        a, b, c = found = outputs["validation"]
        targets = self._weighted(rows, 0.0)
        loss = float(losses([o[None] for o in found], [t[None] for t in targets]))
        self.losses.append(loss)
        return {
            "validation_loss": loss,
            "validation_accuracy_a": _accuracy(a, rows.a),
            "validation_accuracy_b": _accuracy(b, rows.b),
            "validation_mae_c": float(l1_loss(c[:, 0], rows.c)),
        }

    def memory(self) -> Mapping[str, np.ndarray]:
        """Return nothing: the losses stand in the record of the epochs."""
        return {}

    def remember(self, memory: Mapping[str, np.ndarray], history: Mapping[str, np.ndarray]) -> None:
        """Take up the losses of the epochs so far."""
        del memory
        self.losses[:] = history["validation_loss"].tolist()  # the schedule looks at this list

    def _weighted(self, rows: Rows, epsilon: float) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        settings = self.settings
        return (
            settings.weight_a * smooth(rows.a, epsilon, CLASSES_A),
            settings.weight_b * smooth(rows.b, epsilon, CLASSES_B),
            rows.c,
            torch.full_like(rows.c, settings.weight_c),
        )


def losses(outputs: Sequence[Tensor], targets: Sequence[Tensor]) -> Tensor:
    """Return the weighted sum of the three heads' mean losses, of every run.

    Parameters
    ----------
    outputs : sequence of Tensor
        Logits of A and B and values of C, each of shape (runs, rows, features).
    targets : sequence of Tensor
        Distributions over the classes of A and B, (runs, rows, classes), each multiplied by what
        its head counts; values of C, (runs, rows), and what they count.

    Returns
    -------
    Tensor of shape (runs,)
    """
    (a, b, c), (of_a, of_b, of_c, weight) = outputs, targets
    of_rows = weight * (c[..., 0] - of_c).square()
    for logits, target in ((a, of_a), (b, of_b)):
        of_rows = of_rows - (target * log_softmax(logits, dim=-1)).sum(dim=-1)
    return of_rows.mean(dim=1)


def mixed(rows: Rows, partner: Tensor, weight: Tensor) -> Rows:
    """Return every row mixed with its partner: its grid, its one-hot labels and its value alike."""
    device = rows.x.device
    partner, weight = partner.to(device), weight.to(device)
    parts = (rows.x, rows.a, rows.b, rows.c)
    return Rows(*(mix(part, part[partner], weight) for part in parts))


def _accuracy(logits: Tensor, targets: Tensor) -> float:
    return float((logits.argmax(1) == targets.argmax(1)).float().mean())
