"""How fast the studies train, beside the loop that one would write by hand.

    python bench/training.py [STUDY ...] [--epochs 10] [--turns 3]

In the root of a repository whose data are prepared (``uphold prepare STUDY``), at the scale of
params.yaml. Prints a table of run-epochs a second:

textbook
    ``bench/textbook_<study>.py``: ``nn.Module``, ``DataLoader(batch_size, shuffle=True)``,
    autograd, ``torch.optim``, one run after another;
ours
    the study's own ``plan`` and ``train``, on a lane of as many runs as go side by side on a CPU.

Both train the same model on the same data with the same batch size, augmentation and number of
steps, and validate after every epoch, in one process, on one thread, with the arithmetic that
params.yaml sets. They take turns, so that a busy machine slows both. What is timed is the
difference between a training of ``1 + epochs`` epochs and one of a single epoch: the making of the
network and of the training set, epochs of the noise head alone, and the last predictions, which
the study makes and the textbook does not, count for neither.

Rates are by CPU seconds of the process (``time.process_time``), which other processes disturb less
than the clock on the wall; the ratio by the wall stands beside. They are medians of the turns; of
the ratio the lowest and the highest turn are printed too.
"""

import argparse
import importlib
import os
import platform
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from uphold import processor
from uphold.errors import InputError

SEEDS = range(1, 17)
"""More than go side by side in any study."""


@dataclass(frozen=True)
class Arm:
    """A configuration of a sweep, by what is to be found in its settings or levels."""

    name: str
    sweep: str
    chosen: dict[str, Any]


AUGMENTED = ("mixup", "label_smoothing")
DEFAULT_HEAD = {"hidden_units": 512, "learning_rate": 5e-4, "focal_loss": False}
ARMS = {
    "calls": [
        Arm("plain", "calls-augmentation", DEFAULT_HEAD | dict.fromkeys(AUGMENTED, False)),
        Arm(
            "mixup + smoothing", "calls-augmentation", DEFAULT_HEAD | dict.fromkeys(AUGMENTED, True)
        ),
    ],
    "radio": [Arm(name, "radio-ablation", {"arm": name}) for name in ("A0", "A4")],
    "speech": [
        Arm(name, "speech-ladder", {"arm": name})
        for name in ("plain (30)", "weights + SpecAugment (30)")
    ],
    "multitask": [
        Arm("baseline", "multitask-ensemble", {"arm": "baseline"}),
        Arm("all four upgrades", "multitask-ensemble", {"arm": "all"}),
    ],
}


@dataclass(frozen=True)
class Rate:
    """Run-epochs a CPU second and a second by the wall."""

    cpu: float
    wall: float


Training = Callable[[int], int]
"""Trains for so many epochs; returns the run-epochs there were."""


def main() -> None:
    """Print the table, row by row."""
    parser = argparse.ArgumentParser(description=str(__doc__).partition("\n")[0])
    parser.add_argument("studies", nargs="*", metavar="STUDY", help=", ".join(ARMS))
    parser.add_argument("--epochs", type=int, default=10, help="that are timed")
    parser.add_argument("--turns", type=int, default=3)
    asked = parser.parse_args()
    if unknown := set(asked.studies) - set(ARMS):
        parser.error(f"no study of: {', '.join(sorted(unknown))}; there are {', '.join(ARMS)}")
    arithmetic = processor.setting(Path())
    processor.pin(arithmetic)  # before torch is imported, by what is imported below
    try:
        _table(asked.studies or list(ARMS), asked.epochs, asked.turns, arithmetic)
    except InputError as error:
        sys.exit(f"error: {error}")


def _table(studies: list[str], epochs: int, turns: int, arithmetic: str) -> None:
    import torch

    print(
        f"{_processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the start; "
        f"torch {torch.__version__}, arithmetic {arithmetic}\n"
        f"run-epochs a CPU second, medians of {turns} turns of {epochs} epochs; "
        "textbook one run at a time\n"
    )
    heads = "study", "arm", "side by side", "textbook", "ours", "ratio (range)", "by the wall"
    print(_ROW.format(*heads))
    for study in studies:
        for arm in ARMS[study]:
            side_by_side, by_hand, ours = _contenders(study, arm)
            for training in (by_hand, ours):
                training(1)  # warms up
            pairs = [(_rate(by_hand, epochs), _rate(ours, epochs)) for _ in range(turns)]
            ratios = [one.cpu / other.cpu for other, one in pairs]
            wall = median(one.wall / other.wall for other, one in pairs)
            print(
                _ROW.format(
                    study,
                    arm.name,
                    side_by_side,
                    f"{median(other.cpu for other, _ in pairs):.2f}",
                    f"{median(one.cpu for _, one in pairs):.2f}",
                    f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})",
                    f"{wall:.2f}",
                ),
                flush=True,
            )


_ROW = "{:10} {:27} {:>12} {:>9} {:>7} {:>22} {:>12}"


def _contenders(study: str, arm: Arm) -> tuple[int, Training, Training]:
    """Return how many runs go side by side, the textbook training and ours."""
    from uphold.cli.train import job_of
    from uphold.pipeline.params import load
    from uphold.threads import one_thread
    from uphold.training import arithmetic
    from uphold.training.contract import Task

    job = job_of(load(Path()), arm.sweep)
    settings = next(
        run.settings
        for run in job.runs
        if arm.chosen.items() <= (run.settings.model_dump() | dict(run.levels)).items()
    )
    by_hand, training = importlib.import_module(f"textbook_{study}"), job.study.module("training")
    data = arithmetic.load(training, job.data)

    sizes: set[Any] = set()

    def tasks(epochs: int) -> list[Any]:
        # To the end: no run stops early.
        short = {"epochs": epochs, "epochs_scale": 1.0, "patience": epochs}
        there = {name for name, value in settings if value is not None}
        fields = {name: value for name, value in short.items() if name in there}
        return [Task(settings.model_copy(update=fields), seed) for seed in SEEDS]

    def lane(epochs: int) -> list[Any]:
        return max(training.plan(tasks(epochs), data, "cpu", 1), key=len)

    def textbook(epochs: int) -> int:
        task = lane(epochs)[0]
        with one_thread():
            model, scores = by_hand.train(task.settings, data, task.seed)
        sizes.add(sum(p.numel() for p in model.parameters()))
        return len(scores)

    def ours(epochs: int) -> int:
        results = arithmetic.train(training, lane(epochs), data, "cpu")
        if failures := [result.failure for result in results if result.failure]:
            raise InputError(f"{study}, {arm.name}: {failures[0]}")
        sizes.update(result.facts["parameters"] for result in results)
        if len(sizes) > 1:
            raise InputError(f"{study}, {arm.name}: models of {sorted(sizes)} parameters")
        return sum(len(result.history["epoch"]) for result in results)

    return len(lane(1)), textbook, ours


def _rate(training: Training, epochs: int) -> Rate:
    """Time the epochs after the first."""
    done, cpu, wall = [], [], []
    for number in (1, 1 + epochs):
        start = process_time(), perf_counter()
        done.append(training(number))
        cpu.append(process_time() - start[0])
        wall.append(perf_counter() - start[1])
    run_epochs = done[1] - done[0]
    if run_epochs % epochs:
        raise InputError("a run ended before its last epoch, so that nothing is compared")
    return Rate(run_epochs / (cpu[1] - cpu[0]), run_epochs / (wall[1] - wall[0]))


def _processor() -> str:
    """Return the kind of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or platform.machine())


if __name__ == "__main__":
    main()
