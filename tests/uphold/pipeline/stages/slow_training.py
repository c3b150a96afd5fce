"""A sweep whose runs take long enough to be killed; as a program it trains it in a folder."""

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import sleep

import torch
from torch import Tensor, nn
from torch.nn.functional import mse_loss

from uphold.pipeline.design import Design, lay_out
from uphold.pipeline.journal import Journal
from uphold.pipeline.stages.train import Job, train
from uphold.pipeline.study import find
from uphold.training.contract import Result
from uphold.training.initial import initialise
from uphold.training.networks import fit, weights

EPOCHS, PAUSE_S = 30, 0.02
DESIGN = Design(factors={"hidden_units": [8]}, seeds=[1, 2, 3])


def job(folder: Path, design: Design = DESIGN) -> Job:
    """Return a small sweep with its data, and an empty journal that keeps every epoch's state."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "data" / "features").write_bytes(b"prepared")
    (folder / "data" / "card.json").write_text("{}")
    study = find("calls")
    return Job(
        name="toy",
        title="Toy",
        study=study,
        design=design,
        runs=lay_out(design, study.run, {}, {}, "toy"),
        data=folder / "data",
        journal=Journal(folder / "journal", checkpoint_every_s=0),
        out=folder / "out",
    )


class Line:
    """Learns y = 2 x + 1, slowly."""

    def __init__(self, seed: int, pause: Callable[[], None]) -> None:
        self.model, self.pause = nn.Linear(1, 1), pause
        initialise(self.model, seed)
        self.x = torch.linspace(-1, 1, 16)[:, None]

    def batches(self, epoch: int) -> Iterator[Tensor]:
        self.pause()
        yield self.x

    def loss(self, batch: Tensor) -> Tensor:
        return mse_loss(self.model(batch), 2 * batch + 1)

    def validate(self) -> dict[str, float]:
        return {"validation_loss": float(self.loss(self.x))}


@dataclass
class Trainer:
    """Trains one run after the other; `epochs` are those that each was trained for just now."""

    epochs: list[int] = field(default_factory=list)

    def __call__(self, study: object, tasks: Sequence, data: Path) -> Iterator[tuple]:
        for task in tasks:
            self.epochs.append(0)
            learner = Line(task.seed, self._pause)
            found = fit(learner, [0.1] * EPOCHS, seed=task.seed, checkpoint=task.checkpoint)
            predictions = {"test": learner.model(learner.x).detach().numpy()}
            yield task, Result(predictions, found.history, weights=weights(learner.model)), 1.0

    def _pause(self) -> None:
        self.epochs[-1] += 1
        sleep(PAUSE_S)


if __name__ == "__main__":
    train(job(Path(sys.argv[1])), Trainer(), device="cpu")
