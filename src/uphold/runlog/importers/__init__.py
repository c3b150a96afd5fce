"""Runs where their tracker keeps them, read without the tracker, an account or a network.

A module each. Every one of them has

``FORMAT``
    What it reads, as a person calls it.
``is_it(path)``
    Whether a file or a folder is that, at the cost of a look: names, first bytes, a table of
    contents. It raises nothing but `OSError`, where what it looks at cannot be read.
``read(path)``
    The runs, as an `uphold.runlog.importers.imported.Imported`. It raises `InputError`.

One whose files lie beside the runs of other trackers too, and hold curves of these, has

``BESIDE_OTHERS``
    True: where another module knows a path as well, that one reads it.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from uphold.runlog.importers.imported import Imported

NAMES: tuple[str, ...] = (
    "dvc_experiments",
    "dvclive_runs",
    "hydra_runs",
    "inspect_runs",
    "lightning_csv",
    "lm_eval_runs",
    "mlflow_runs",
    "neptune_runs",
    "optuna_runs",
    "ray_tune_runs",
    "sacred_runs",
    "tensorboard_runs",
    "trackio_runs",
    "wandb_runs",
)
"""The modules, in the order in which they are asked."""


class Importer(Protocol):
    """What a module of this package has."""

    FORMAT: str

    def is_it(self, path: Path) -> bool:
        """Return whether a path is what this module reads."""

    def read(self, path: Path) -> Imported:
        """Return the runs."""


def lies_beside_others(importer: Importer) -> bool:
    """Return whether a module gives way to any other one that knows a path."""
    return bool(getattr(importer, "BESIDE_OTHERS", False))


def importers() -> Iterator[tuple[str, Importer]]:
    """Yield each module by its name."""
    for name in NAMES:
        yield name, cast(Importer, import_module(f"{__name__}.{name}"))
