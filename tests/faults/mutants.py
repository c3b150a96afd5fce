"""Ways of writing that lose or damage what is written: the campaign has to find each of them.

Each takes the place of how the project writes, for all modules that write by it.
"""

import os
from collections.abc import Callable
from pathlib import Path
from types import FunctionType

from uphold import disk


def _in_place(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _not_renamed(path: Path, content: bytes) -> None:
    partial = beside(path, content)  # noqa: F821 (of the module that it is put into)
    try:
        with path.open("wb") as file:
            file.write(partial.read_bytes())
            file.flush()
            os.fsync(file.fileno())
    finally:
        partial.unlink(missing_ok=True)


def _not_flushed(path: Path, content: bytes) -> None:
    file = _created(path)  # noqa: F821
    try:
        os.write(file, content)
    finally:
        os.close(file)


def _folder_not_flushed(folder: Path) -> None:
    pass


def _put(mutant: FunctionType, name: str) -> Callable[[], None]:
    def put() -> None:
        # Its code and not its name: other modules have imported the function itself.
        getattr(disk, name).__code__ = mutant.__code__

    return put


MUTANTS: dict[str, Callable[[], None]] = {
    "no temporary name": _put(_in_place, "publish"),
    "no rename": _put(_not_renamed, "publish"),
    "no fsync of a file": _put(_not_flushed, "write"),
    "no fsync of a folder": _put(_folder_not_flushed, "flush"),
}
