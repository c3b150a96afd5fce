"""One run while it is trained: its training set, its draws, its record, its result."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf, isfinite, isnan

import numpy as np
import torch
from torch import Tensor

from studies.calls.settings.run import CallsRun
from studies.calls.training.loading import CallsData
from studies.calls.training.training_set import training_set
from uphold.randomness import generator
from uphold.training import mixup
from uphold.training.contract import Checkpoint, Result, Task
from uphold.training.schedules import rates
from uphold.training.stopping import EarlyStopping


@dataclass
class RunState:
    """One run of a lane.

    Attributes
    ----------
    settings, seed
        The task.
    x, y : Tensor of shape (rows, features) and (rows, classes)
        What it learns from, on the device.
    facts : dict
        What there is to say of the training set.
    rates : list of float
        The learning rate of every epoch.
    stopping : EarlyStopping
        Without a limit of patience in a run that does not stop early.
    checkpoint : Checkpoint or None
        Where its state is kept between epochs.
    losses : list of (float, float)
        Training and validation loss of every epoch so far.
    best : list of Tensor
        The parameters after the epoch of the lowest validation loss, in a run that stops early.
    result : Result or None
        None until the run is finished.
    """

    settings: CallsRun
    seed: int
    x: Tensor
    y: Tensor
    facts: dict[str, int | str]
    rates: list[float]
    stopping: EarlyStopping
    checkpoint: Checkpoint | None = None
    losses: list[tuple[float, float]] = field(default_factory=list)
    best: list[Tensor] = field(default_factory=list)
    result: Result | None = None

    @classmethod
    def start(cls, task: Task[CallsRun], data: CallsData, device: str) -> "RunState":
        """Make the training set and a clean record."""
        settings, seed = task.settings, task.seed
        rows = training_set(settings, seed, data)
        return cls(
            settings=settings,
            seed=seed,
            x=rows.x.to(device),
            y=rows.y.to(device),
            facts=rows.facts(),
            rates=rates(settings.schedule, settings.learning_rate, settings.epochs),
            stopping=(
                EarlyStopping(settings.patience, settings.min_delta)
                if settings.early_stopping
                else EarlyStopping(inf)
            ),
            checkpoint=task.checkpoint,
        )

    @property
    def epoch(self) -> int:
        """The epoch that comes next, counted from 1."""
        return len(self.losses) + 1

    def order(self) -> Tensor:
        """Return the order of the training rows in this epoch."""
        rng = generator(self.seed, "shuffle", self.epoch)
        return torch.from_numpy(rng.permutation(len(self.x)))

    def partners(self) -> tuple[Tensor, Tensor]:
        """Return the mixup partner and the weight of every training row in this epoch."""
        rng = generator(self.seed, "mixup", self.epoch)
        return mixup.draw(rng, len(self.x), self.settings.mixup_alpha)

    def record(self, train_loss: float, validation_loss: float) -> bool:
        """Take the losses of one more epoch; return whether its weights are to be kept as best."""
        self.losses.append((train_loss, validation_loss))
        return self.stopping.update(validation_loss) and self.settings.early_stopping

    def kept(self) -> dict[str, np.ndarray]:
        """Return the record as a checkpoint keeps it."""
        best = {f"best/{k}": tensor.cpu().numpy() for k, tensor in enumerate(self.best)}
        return {"losses": np.array(self.losses), **best}

    def resume(self, kept: Mapping[str, np.ndarray]) -> None:
        """Take up a record that was kept."""
        for train_loss, validation_loss in kept["losses"].tolist():
            self.record(train_loss, validation_loss)
        names = sorted(name for name in kept if name.startswith("best/"))
        self.best = [torch.tensor(kept[name], device=self.x.device) for name in names]

    @property
    def failure(self) -> str | None:
        """Why the run has failed, None as long as its losses are finite."""
        for loss in self.losses[-1] if self.losses else ():
            if not isfinite(loss):
                return f"loss is {'NaN' if isnan(loss) else 'infinite'} in epoch {len(self.losses)}"
        return None

    @property
    def done(self) -> bool:
        """Whether this was the run's last epoch."""
        last = len(self.losses) == self.settings.epochs
        return last or self.stopping.exhausted or self.failure is not None

    def finish(
        self, predictions: dict[str, np.ndarray], parameters: int, weights: dict[str, np.ndarray]
    ) -> None:
        """Make the result; predictions and weights are left out if the run has failed."""
        epochs = len(self.losses)
        train, validation = np.array(self.losses).T
        history = {
            "epoch": np.arange(1, epochs + 1),
            "train_loss": train,
            "validation_loss": validation,
            "learning_rate": np.array(self.rates[:epochs]),
        }
        facts = {**self.facts, "epochs_run": epochs, "parameters": parameters}
        if self.failure is None:
            facts["best_epoch"] = self.stopping.best_epoch
            self.result = Result(predictions, history, facts, weights=weights)
        else:
            self.result = Result({}, history, facts, self.failure)
