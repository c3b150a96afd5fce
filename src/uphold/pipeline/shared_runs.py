"""Finished runs that a team shares, on a disk that all see or in an object store.

Each run is one object, ``<study>/<key>.zip``: the files of its folder in a journal, uncompressed,
their digests among them. A disk gets it under another name first, an object store takes it whole;
where one does not, its digests tell. An object that is there stays, since equal keys are equal
runs, unless it was found damaged. Nothing is ever deleted.

A disk is written as all files of this project are (see `uphold.disk`), any other store by `fsspec`,
which finds account and address where that store's own tools do.
"""

import io
import os
import uuid
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from uphold.disk import PARTIAL, flush, make_folder, naming, write
from uphold.errors import InputError
from uphold.pipeline import run_files
from uphold.pipeline.run_files import Damage

ENDING = ".zip"


class SharedRuns:
    """The runs of one study in a shared place.

    Parameters
    ----------
    place : str
        A folder that is there, or an address that `fsspec` knows, as ``s3://bucket/folder``.
    study : str
        The study.

    Attributes
    ----------
    lost : bool
        Whether writing failed, so that it is not tried for each run anew.
    """

    def __init__(self, place: str, study: str) -> None:
        self.place = place
        self.lost = False
        self._study = study
        self._damaged: set[str] = set()

    def __contains__(self, key: str) -> bool:
        """Whether a run is there, as far as is known: it was not found damaged."""
        return key in self.keys and key not in self._damaged

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of all runs that were there when this was first asked.

        Raises
        ------
        InputError
            Where the place cannot be read.
        """
        with self._told("read"):
            names = self._store.names()
        return frozenset(n.removesuffix(ENDING) for n in names if n.endswith(ENDING))

    def get(self, key: str) -> dict[str, bytes]:
        """Return the files of a run that is there, all of them checked.

        Raises
        ------
        Damage
            Where it is not whole.
        InputError
            Where the place cannot be read.
        """
        with self._told("read"):
            content = self._store.read(key + ENDING)
        try:
            return run_files.checked(_unpacked(content), key)
        except Damage:
            self._damaged.add(key)
            raise

    def put(self, key: str, files: Mapping[str, bytes]) -> None:
        """Share a run; one that is there stays, unless `get` found it damaged.

        Raises
        ------
        InputError
            Where the place cannot be written.
        """
        with self._told("written"):
            if key in self._damaged or not self._store.has(key + ENDING):
                self._store.write(key + ENDING, _packed(files))
        self._damaged.discard(key)

    @cached_property
    def _store(self) -> "Store":
        kind = _Objects if "://" in self.place else _Disk
        return kind(self.place, self._study)

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # each kind of store raises errors of its own
            reason = " ".join(str(error).split()).rstrip(".") or type(error).__name__
            raise InputError(
                f"The shared journal {self.place} cannot be {what}: {reason}. To go on without it, "
                "take shared_journal out of params.yaml."
            ) from error


class Store(Protocol):
    """Objects of one folder, by their names."""

    def names(self) -> Iterable[str]:
        """Return the names of all that is there."""

    def has(self, name: str) -> bool:
        """Whether an object is there."""

    def read(self, name: str) -> bytes:
        """Return what an object holds."""

    def write(self, name: str, content: bytes) -> None:
        """Make an object; afterwards it is there and whole, or this has raised."""


class _Disk:
    """A folder of a disk. It is never made: a disk that is not mounted must not be taken for it."""

    def __init__(self, place: str, study: str) -> None:
        if not Path(place).is_dir():
            raise FileNotFoundError("it is no folder (is the disk mounted, and was it made once?)")
        self._folder = Path(place) / study

    def names(self) -> Iterable[str]:
        return os.listdir(self._folder) if self._folder.exists() else []  # noqa: PTH208

    def has(self, name: str) -> bool:
        return (self._folder / name).exists()

    def read(self, name: str) -> bytes:
        return (self._folder / name).read_bytes()

    def write(self, name: str, content: bytes) -> None:
        make_folder(self._folder)
        # Machines that write the same run each write a file of their own.
        partial = self._folder / f".{name}.{uuid.uuid4().hex}{PARTIAL}"
        try:
            write(partial, content)
            with naming(partial):
                os.replace(partial, self._folder / name)  # noqa: PTH105
        finally:
            partial.unlink(missing_ok=True)
        flush(self._folder)


class _Objects:
    """A folder of a store that `fsspec` knows."""

    def __init__(self, place: str, study: str) -> None:
        import fsspec

        self._files: Any
        self._files, root = fsspec.core.url_to_fs(place, use_listings_cache=False)
        if not root.strip("/"):
            raise ValueError("it names no folder")
        self._folder = f"{root.rstrip('/')}/{study}"

    def names(self) -> Iterable[str]:
        try:
            found = self._files.ls(self._folder, detail=False)
        except FileNotFoundError:  # a store has no empty folders
            return []
        return [path.rpartition("/")[2] for path in found]

    def has(self, name: str) -> bool:
        return bool(self._files.exists(f"{self._folder}/{name}"))

    def read(self, name: str) -> bytes:
        return bytes(self._files.cat_file(f"{self._folder}/{name}"))

    def write(self, name: str, content: bytes) -> None:
        self._files.pipe_file(f"{self._folder}/{name}", content)


def _packed(files: Mapping[str, bytes]) -> bytes:
    """Return files as one archive, the same bytes for the same files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name), content)
    return packed.getvalue()


def _unpacked(content: bytes) -> dict[str, bytes]:
    """Return the files of an archive; raise `Damage`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > len(content):
                raise Damage("it is compressed, or of more than it holds")
            return {member.filename: archive.read(member) for member in members}
    except Damage:
        raise
    except Exception:  # zipfile raises a dozen kinds of error on damage
        raise Damage("it is no whole zip archive") from None
