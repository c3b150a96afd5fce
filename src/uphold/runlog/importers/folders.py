"""A folder → the folders in it that hold certain files.

Promised: an order that does not depend on the disk, links are not followed, and a first look into
a folder of something else stays short.
"""

import os
import re
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

ASIDE = re.compile(r"\.|(offline-)?run-\d{8}_\d{6}-")
"""How the names of folders begin that are not looked into; ``run-1`` is anyone's."""

_DIGITS = re.compile(r"([0-9]+)")
JOB = ".hydra/"
"""A folder with it is a job of Hydra's; what others log in and below it, such as Lightning, is the
job's."""
LOOKS = 2000
"""How many folders are looked into before a folder is held to be something else."""


def holding(
    path: Path,
    test: Callable[[list[str]], bool],
    looks: int | None = None,
    but: Callable[[list[str]], bool] = lambda names: False,
) -> Iterator[tuple[Path, list[str]]]:
    """Yield the folders at and below a path whose names pass a test, those above first.

    Parameters
    ----------
    path : Path
    test : callable
        Is given what is in a folder: the names of files, in order, then of folders, with a slash
        after each.
    looks : int, optional
        How many folders to look into; all without it.
    but : callable, optional
        A test of folders that are left out, with all below them.

    Notes
    -----
    What cannot be read is passed over. Not looked into are hidden folders and the runs of W&B,
    which keep copies of other trackers' files.
    """
    waiting = deque([str(path)])
    while waiting and (looks is None or looks > 0):
        folder = waiting.popleft()
        files, folders, hidden = [], [], []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    name = entry.name
                    if not entry.is_dir(follow_symlinks=False):
                        files.append(name)
                    elif not ASIDE.match(name):
                        folders.append(name)
                    else:
                        hidden.append(name)
        except OSError:
            continue
        files.sort()
        # A look only asks whether there is one, and need not put thousands of folders into order.
        folders.sort(key=_natural if looks is None else None)
        names = files + [f"{name}/" for name in folders + hidden]
        if but(names):
            continue
        if test(names):
            yield Path(folder), names
        waiting += [f"{folder}{os.sep}{name}" for name in folders]
        looks = None if looks is None else looks - 1


def holds(
    path: Path,
    test: Callable[[list[str]], bool],
    but: Callable[[list[str]], bool] = lambda names: False,
) -> bool:
    """Return whether a folder or one below it passes a test, as `holding` has it, by a look."""
    return any(True for _ in holding(path, test, LOOKS, but))


def called(path: Path, name: re.Pattern[str], looks: int | None = None) -> Iterator[Path]:
    """Yield the file that a path is, or the files of a name in the folders at and below it.

    ``looks`` are those of `holding`.
    """
    if path.is_file():
        yield path
        return
    for folder, names in holding(path, lambda names: any(map(name.fullmatch, names)), looks):
        yield from (folder / one for one in names if name.fullmatch(one))


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a key that puts ``version_2`` before ``version_10``."""
    return [(int(part) if part.isdecimal() else -1, part) for part in _DIGITS.split(name)]


def below(folder: Path, root: Path) -> str:
    """Return a folder's path from another as it is shown, the root by its own name."""
    if folder == root:
        return root.resolve().name
    path, start = folder.as_posix(), f"{root.as_posix()}/"
    return path.removeprefix(start) if path.startswith(start) else str(folder.relative_to(root))
