"""How fast lanes train on worker processes, beside a loop tuned by hand.

Prints run-epochs a second on this machine for the default head (1024 → 512 → 1, dropout .25, batch
32), with mixup and label smoothing off and on:

tuned
    one process, rows taken by index, no DataLoader, fused Adam; with 1 and with 2 threads;
ours
    lanes on two worker processes.

Ours is compared with the better of the tuned numbers. Both do the same work: a pass over the
training rows and the loss on the validation rows. They take turns, so that a busy machine slows
all of them; medians of the turns are compared. The start of the worker processes, once a sweep, is
printed apart. ``training.py`` has the textbook loop beside one process, for every study.

Run it with ``python bench/lanes.py``; it takes about a minute on a quiet machine.
"""

import os
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import torch
from safetensors.numpy import save_file
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as cross_entropy

from studies.calls.settings.run import CallsRun
from studies.calls.study import STUDY
from uphold.training.contract import Task
from uphold.training.executors.local import Local
from uphold.training.lanes import train_in_lanes

ROWS, VALIDATION, FEATURES, HIDDEN, BATCH = 4034, 500, 1024, 512, 32
RATE, EPSILON, ALPHA = 5e-4, 0.1, 0.2
TURNS, WORKERS = 3, 2


def main() -> None:
    """Take turns and print rates and ratios."""
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} before the start")
    rng = np.random.Generator(np.random.PCG64(1))
    x = rng.standard_normal((ROWS + VALIDATION, FEATURES)).astype(np.float32)
    y = (x[:, :1] + rng.standard_normal((len(x), 1)) > 0).astype(np.float32)
    with TemporaryDirectory() as folder:
        _write(Path(folder), x, y)
        startups: list[float] = []
        for augmented in (False, True):
            contenders: dict[str, Callable[[], float]] = {
                "tuned, 1 thread": lambda a=augmented: _tuned(x, y, a, 1),
                "tuned, 2 threads": lambda a=augmented: _tuned(x, y, a, 2),
                "ours": lambda a=augmented: _ours(Path(folder), a, startups),
            }
            _compare(contenders, "mixup and smoothing" if augmented else "plain")
    print(f"\nstart of the workers, once a sweep: {median(startups):.1f} s")


def _compare(contenders: dict[str, Callable[[], float]], title: str) -> None:
    rates = defaultdict(list)
    for turn in range(TURNS + 1):
        for name, contender in contenders.items():
            rate = contender()
            if turn:  # The first turn warms up.
                rates[name].append(rate)
    print(f"\n{title}: run-epochs a second, median of {TURNS} turns (lowest to highest)")
    for name, got in rates.items():
        print(f"  {name:19} {median(got):6.2f}  ({min(got):.2f} to {max(got):.2f})")
    best = max(median(got) for name, got in rates.items() if name.startswith("tuned"))
    print(f"ours/tuned: {median(rates['ours']) / best:.2f}")


def _head() -> nn.Module:
    return nn.Sequential(
        nn.Dropout(0.25),
        nn.Linear(FEATURES, HIDDEN),
        nn.ReLU(),
        nn.Dropout(0.25),
        nn.Linear(HIDDEN, 1),
    )


def _augment(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    weight = float(np.random.default_rng().beta(ALPHA, ALPHA))
    partner = torch.randperm(len(x))
    x = weight * x + (1 - weight) * x[partner]
    y = weight * y + (1 - weight) * y[partner]
    return x, y * (1 - EPSILON) + EPSILON / 2


def _tuned(x: np.ndarray, y: np.ndarray, augmented: bool, threads: int) -> float:
    torch.set_num_threads(threads)
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    model = _head()
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, fused=True)
    start = perf_counter()
    model.train()
    for rows in torch.randperm(ROWS).split(BATCH):
        batch, target = x[rows], y[rows]
        if augmented:
            batch, target = _augment(batch, target)
        optimizer.zero_grad(set_to_none=True)
        cross_entropy(model(batch), target).backward()
        optimizer.step()
    model.eval()
    with torch.inference_mode():
        cross_entropy(model(x[ROWS:]), y[ROWS:]).item()
    return 1 / (perf_counter() - start)


def _ours(folder: Path, augmented: bool, startups: list[float]) -> float:
    run = CallsRun(epochs=3, learning_rate=RATE, mixup=augmented, label_smoothing=augmented)
    tasks = [Task(run, seed) for seed in range(2 * WORKERS)]
    start = perf_counter()
    steps = train_in_lanes(STUDY, tasks, folder, Local(WORKERS), "cpu")
    seconds = [step.seconds for step in steps]
    busy = sum(seconds) / WORKERS
    startups.append(perf_counter() - start - busy)
    return run.epochs * len(tasks) / busy


def _write(folder: Path, x: np.ndarray, y: np.ndarray) -> None:
    """Write prepared data whose two test splits hold one item each."""
    splits = ["train"] * ROWS + ["validation"] * VALIDATION + ["iid", "ood"]
    save_file(
        {"x": np.concatenate([x, x[:2]]), "y": np.concatenate([y, y[:2]]).astype(np.uint8)},
        folder / "features.safetensors",
    )
    items = {"split": splits, "call_type": [""] * len(splits), "quality": [""] * len(splits)}
    pyarrow.parquet.write_table(pa.table(items), folder / "items.parquet")


if __name__ == "__main__":
    main()
