"""Training of the study: prepared points and runs in, a `Result` a run out.

`load` reads the data, `plan` divides runs into lanes, `train` trains a lane. A run is a pure
function of its settings, its seed and the data.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn.functional import one_hot

from uphold.randomness import generator
from uphold.scaffold.study.settings.run import BlueprintRun
from uphold.splits import PREDICTED
from uphold.training import networks, sampling
from uphold.training.contract import Result, Task
from uphold.training.division import divide
from uphold.training.dropout import Dropout
from uphold.training.initial import initialise
from uphold.training.smoothing import smooth
from uphold.training.softmax import cross_entropy

__all__ = ["load", "plan", "train"]


def load(folder: Path) -> dict[str, Tensor]:
    """Read what `prepare` wrote: ``<split>/x`` and ``<split>/label``."""
    return load_file(folder / "points.safetensors")


def plan(
    tasks: Sequence[Task[BlueprintRun]], data: dict[str, Tensor], device: str, workers: int
) -> list[list[Task[BlueprintRun]]]:
    """Divide runs into lanes: each for itself, the longest first."""
    return divide(tasks, lambda task: task.settings.epochs)


def train(lane: Sequence[Task[BlueprintRun]], data: dict[str, Tensor], device: str) -> list[Result]:
    """Train the runs of one lane."""
    return [_train(task, data, device) for task in lane]


class Learner:
    """One run: its network, its batches, its loss; see `uphold.training.networks`."""

    def __init__(
        self, settings: BlueprintRun, seed: int, data: dict[str, Tensor], device: str
    ) -> None:
        self.settings, self.seed = settings, seed
        self.data = {name: values.to(device) for name, values in data.items()}
        self.classes = int(data["train/label"].max()) + 1
        self.model = network(settings, self.classes)
        initialise(self.model, seed)
        self.model.to(device)

    def batches(self, epoch: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Return an epoch's points and targets, in an order of its own."""
        x, label = self.data["train/x"], self.data["train/label"]
        order = generator(self.seed, "order", epoch).permutation(len(x))
        for rows in sampling.batches(order, self.settings.batch_size):
            target = one_hot(label[rows], self.classes).float()
            if self.settings.label_smoothing:
                target = smooth(target, self.settings.smoothing_epsilon, self.classes)
            yield x[rows], target

    def loss(self, batch: tuple[Tensor, Tensor]) -> Tensor:
        """Return the mean cross-entropy of a batch."""
        x, target = batch
        return cross_entropy(self.model(x), target).mean()

    def validate(self) -> dict[str, float]:
        """Return loss and accuracy of the validation points."""
        label = self.data["validation/label"]
        logits = self.model(self.data["validation/x"])
        loss = cross_entropy(logits, one_hot(label, self.classes).float()).mean()
        accuracy = (logits.argmax(1) == label).float().mean()
        return {"validation_loss": float(loss), "validation_accuracy": float(accuracy)}


def network(settings: BlueprintRun, classes: int) -> nn.Sequential:
    """Return the network of a run, its weights not yet set."""
    return nn.Sequential(
        nn.Linear(2, settings.hidden_units),
        nn.ReLU(),
        Dropout(settings.dropout),
        nn.Linear(settings.hidden_units, classes),
    )


def _train(task: Task[BlueprintRun], data: dict[str, Tensor], device: str) -> Result:
    learner = Learner(task.settings, task.seed, data, device)
    rates = [task.settings.learning_rate] * task.settings.epochs
    fit = networks.fit(learner, rates, seed=task.seed, checkpoint=task.checkpoint)
    if fit.failure:
        return Result({}, fit.history, failure=fit.failure)
    predictions = {}
    with torch.inference_mode():
        for split in PREDICTED:
            (logits,) = networks.predict(learner.model, learner.data[f"{split}/x"])
            predictions[split] = logits.numpy()
    facts = {"best_epoch": fit.best_epoch, "parameters": networks.parameters(learner.model)}
    return Result(predictions, fit.history, facts, weights=networks.weights(learner.model))
