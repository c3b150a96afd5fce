"""Prepared data on another machine: files that are put into a store once, and come to a node once.

In: a folder, and what puts arrays into a store and gets them out. Out: a folder of the same content
on a node: the one of the same path where that is shared, or else one below the system's place for
temporary files, named by the digest of what it holds. Promised: what is found is looked at before
it is used; a folder is there whole or not at all.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

_FOUND: dict[str, Path] = {}
"""Where data are on this node, by their digest, as this process has found them."""


def put(folder: Path, put: Callable[[np.ndarray], Any]) -> tuple[str, dict[str, Any]]:
    """Put the files of a folder into a store.

    Returns
    -------
    digest : str
        That of their names and contents.
    files : dict
        What `put` gave for each, by their names in the folder.
    """
    files = {name: put(np.fromfile(folder / name, np.uint8)) for name in _names(folder)}
    return digest_of(folder), files


def found(path: Path, digest: str, fetch: Callable[[Path], Path]) -> Path:
    """Return a folder whose content has a digest, which is fetched where none is here.

    Parameters
    ----------
    path : Path
        Where it may be, on storage that is shared.
    digest : str
    fetch : callable
        Makes it, at a path or, where something else stands there, at another one.
    """
    if digest not in _FOUND:
        kept = Path(tempfile.gettempdir()) / f"uphold-{os.getuid()}-{digest}"
        here = [place for place in (path, kept) if digest_of(place) == digest]
        _FOUND[digest] = here[0] if here else fetch(kept)
    return _FOUND[digest]


def fetched(
    digest: str, files: Mapping[str, Any], get: Callable[[Any], np.ndarray], place: Path
) -> Path:
    """Write files that a store holds into a folder, and return it."""
    partial = Path(tempfile.mkdtemp(prefix=f"{place.name}.", dir=place.parent))
    for name, reference in files.items():
        (partial / name).parent.mkdir(parents=True, exist_ok=True)
        get(reference).tofile(partial / name)
    try:
        partial.rename(place)
    except OSError:
        if digest_of(place) != digest:
            return partial
        shutil.rmtree(partial)  # another worker of this node was quicker
    return place


def digest_of(folder: Path) -> str:
    """Return a digest of the names and contents of a folder's files."""
    whole = hashlib.sha256()
    for name in _names(folder):
        with (folder / name).open("rb") as file:
            of_file = hashlib.file_digest(file, "sha256").hexdigest()
        whole.update(f"{of_file}  {name}\n".encode())
    return whole.hexdigest()[:16]


def _names(folder: Path) -> list[str]:
    """Return the files of a folder by their names in it, sorted; none where there is no folder."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
