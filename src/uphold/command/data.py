"""A command and the files that decide its results → prepared data, under whose digest runs are.

``program.json`` holds the command and its environment, ``files/`` copies of all files that decide.
"""

import shutil
from pathlib import Path

from uphold.command.settings import Data
from uphold.command.training import FILES, PROGRAM
from uphold.errors import InputError
from uphold.pipeline.digest import CARD
from uphold.pipeline.stages.files import json_bytes

__all__ = ["inputs", "prepare"]

LEFT_OUT = ("__pycache__", ".git")
"""Folders that decide nothing."""


def prepare(settings: Data, folder: Path) -> None:
    """Write the command, its files and ``card.json`` into `folder`.

    Raises
    ------
    InputError
        Where a file that is named is not there.
    """
    total = 0
    for file in _files(settings):
        target = folder / FILES / file.relative_to(settings.path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(file, target)
        total += 1
    program = {"command": settings.command, "environment": settings.environment}
    (folder / PROGRAM).write_bytes(json_bytes(program))
    card = {
        "source": f"what {_called(settings)} reads",
        "files": total,
        "settings": settings.model_dump(mode="json", include={"command", "files", "environment"}),
    }
    (folder / CARD).write_bytes(json_bytes(card))


def inputs(settings: Data) -> list[Path]:
    """Return the files and folders that decide."""
    return [Path(settings.path) / name for name in settings.files]


def _files(settings: Data) -> list[Path]:
    found: list[Path] = []
    for place in inputs(settings):
        if place.is_dir():
            found += [path for path in place.rglob("*") if path.is_file() and _counts(path, place)]
        elif place.is_file():
            found.append(place)
        else:
            raise InputError(
                f"There is no {place}, which data.files names: put it there, or leave it out."
            )
    return sorted(set(found))


def _counts(path: Path, place: Path) -> bool:
    return not set(path.relative_to(place).parts) & set(LEFT_OUT)


def _called(settings: Data) -> str:
    """Return what a reader calls the program: its first file among the arguments."""
    named = [text for text in settings.command if Path(text).suffix and "{" not in text]
    return named[0] if named else settings.command[0]
