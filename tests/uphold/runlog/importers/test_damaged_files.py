"""A tracker's file with a bit changed or its end lost is read, or is one error that names it."""

import random
import shutil
from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.runlog.importers import importers
from uphold.runlog.importers.imported import Imported
from uphold.runlog.sources import knowing, read_runs

KEPT = Path(__file__).parent / "kept"
NAMES = (
    "dvc_experiments",
    "dvclive_runs",
    "hydra_runs",
    "inspect_runs",
    "lm_eval_runs",
    "mlflow_runs",
    "optuna_runs",
    "ray_tune_runs",
    "sacred_runs",
)
PLACES = [
    (n, place) for n in NAMES for place in sorted((KEPT / n).iterdir()) if place.suffix != ".md"
]
TIMES = 12


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return a file with one bit changed, or with less of it."""
    at = chance.randrange(len(data))
    if chance.random() < 0.5:
        return data[:at]
    return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]


@pytest.mark.parametrize(("name", "place"), PLACES, ids=lambda part: getattr(part, "name", part))
def test_damage_is_read_or_named(tmp_path, name, place):
    importer = dict(importers())[name]
    chance = random.Random(place.name)
    copy = tmp_path / place.name
    (shutil.copytree if place.is_dir() else shutil.copy)(place, copy)
    files = sorted(p for p in (copy.rglob("*") if copy.is_dir() else [copy]) if p.is_file())
    files = [file for file in files if file.stat().st_size]
    for _ in range(TIMES):
        file = chance.choice(files)
        whole = file.read_bytes()
        file.write_bytes(damaged(whole, chance))
        try:
            assert isinstance(
                (importer.read if importer in knowing(copy) else read_runs)(copy), Imported
            )
        except InputError as error:
            assert place.name in str(error) and str(error).endswith(".")
        file.write_bytes(whole)


@pytest.mark.parametrize("name", NAMES)
def test_what_may_not_be_read_is_known_for_nothing(name, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied", "secret")

    for way in ("open", "iterdir", "is_dir", "is_file", "exists", "stat"):
        with monkeypatch.context() as only:
            only.setattr(Path, way, refuse)
            assert dict(importers())[name] not in knowing(tmp_path)


@pytest.mark.parametrize(
    "place", [place for _, place in PLACES], ids=[place.name for _, place in PLACES]
)
def test_a_file_that_may_not_be_read_is_named(place, monkeypatch):
    (importer,) = knowing(place)

    def refuse(_):
        raise PermissionError(13, "Permission denied", "secret")

    monkeypatch.setattr(importer, "read", refuse)
    with pytest.raises(InputError, match="secret cannot be read: Permission denied"):
        read_runs(place)
