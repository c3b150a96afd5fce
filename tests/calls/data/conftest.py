"""Folders of short recordings for tests."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from studies.calls.settings import Data, Folder


def write_sound(path: Path, seed: int, *, seconds: float = 0.2, rate: int = 8000) -> None:
    """Write noise that no other seed gives."""
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng(seed).uniform(-0.5, 0.5, round(seconds * rate))
    soundfile.write(path, noise, rate)


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """Return a folder with two classes and a folder of negatives, ten files each."""
    root = tmp_path / "recordings"
    for seed, (label, k) in enumerate((a, b) for a in ("frog", "toad", "noise") for b in range(10)):
        write_sound(root / label / f"{k}.wav", seed)
    return root


@pytest.fixture
def settings() -> Callable[..., Data]:
    """Return the settings for a folder of recordings whose positive class is the frog."""

    def of(root: Path, positive: str = "frog", **folder) -> Data:
        return Data(source="folder", path=str(root), positive=positive, folder=Folder(**folder))

    return of
