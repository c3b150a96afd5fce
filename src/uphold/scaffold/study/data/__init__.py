"""The data of the study: settings in, points with labels and splits out.

``points.safetensors`` holds for each split ``<split>/x``, float32, (points, 2), and
``<split>/label``, int64, (points,); ``card.json`` says what they are. Equal settings give equal
bytes.
"""

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from uphold.randomness import generator
from uphold.scaffold.study.settings.data import Data

__all__ = ["inputs", "prepare"]


def prepare(settings: Data, folder: Path) -> None:
    """Write ``points.safetensors`` and ``card.json`` into `folder`."""
    sizes = {"train": settings.train, "validation": settings.validation, "test": settings.test}
    arrays: dict[str, np.ndarray] = {}
    for split, size in sizes.items():
        x, label = spirals(settings, split, size)
        arrays |= {f"{split}/x": x, f"{split}/label": label}
    save_file(arrays, folder / "points.safetensors")
    card = {
        "source": "synthetic",
        "classes": [f"spiral {number + 1}" for number in range(settings.classes)],
        "splits": {split: {"items": size} for split, size in sizes.items()},
        "settings": settings.model_dump(mode="json", exclude={"path"}),
    }
    (folder / "card.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")


def inputs(settings: Data) -> list[Path]:
    """Return the files and folders that the data come from: none, they are synthetic."""
    return []


def spirals(settings: Data, split: str, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return points, float32 of shape (size, 2), and their labels, int64 of shape (size,)."""
    rng = generator(settings.seed, "points", split)
    label = rng.permutation(np.arange(size) % settings.classes)
    along = np.sqrt(rng.random(size))
    angle = 2 * np.pi * (label / settings.classes + along)
    points = along[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    points += settings.noise * rng.standard_normal(points.shape)
    return points.astype(np.float32), label.astype(np.int64)
