"""Finished runs on disk.

A sweep's runs can take hours, and machines die. The journal is the store of finished runs, outside
every output of the pipeline: a stage that appends to its own output loses rows when the pipeline
cleans up. Layout, below one folder for each study::

    runs/<key>/record.json           what the run was, its facts, when, where
    runs/<key>/arrays.safetensors    predictions/<split> and history/<column>
    runs/<key>/weights.safetensors   the chosen epoch's weights, where the study keeps them
    runs/<key>/SHA256SUMS            the digests of these files, as ``sha256sum --check`` reads them
    runs/<key>.damaged/              a run that was not whole, set aside; ``.2.damaged`` the second
    runs/<key>.failed/               a run that failed, set aside to be run again
    runs/.<key>.<pid>.partial/       a run being written, or left by a process that died
    checkpoints/<key>.checkpoint     the state of a run that was begun and is not finished
    locks/<sweep>.lock               held by the process that trains a sweep

What is promised:

* A run's folder is there and whole, or it is not there: it is written under a partial name, flushed
  to disk and renamed. It is whole if its files are those that ``SHA256SUMS`` names, each with its
  digest, and the record is that of its key. Whatever else stands at a key, be it a file, is damage:
  it counts as missing; where a run is asked for or put, it is also named and set aside.
* One process trains a sweep at a time. The lock is the kernel's and goes when its holder dies.
* Nothing is deleted but by `prune`, and by it nothing but what the journal wrote. A partial folder
  is removed by the process that made it.

A team may share finished runs (see `shared_runs`): one that is not here is fetched when it is asked
for, one that is put here is sent there, unless it failed, which may be this machine's fault. What
cannot be sent is kept here, and said.
"""

import errno
import itertools
import os
import platform
import shutil
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from uphold.disk import PARTIAL, flush, make_folder, write
from uphold.errors import InputError
from uphold.pipeline import checkpoint_file, locks, run_files
from uphold.pipeline.checkpoint_file import CheckpointFile
from uphold.pipeline.run_files import Record
from uphold.pipeline.shared_runs import SharedRuns
from uphold.training.contract import Result

if TYPE_CHECKING:
    from uphold.pipeline.params import Params

DAMAGED, FAILED = ".damaged", ".failed"
ASIDE = (DAMAGED, FAILED)
"""What ends the names of runs that are set aside."""
OCCUPIED = (errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR, errno.EISDIR)
"""What a rename fails with where something else has the name already."""
FETCHED_AT_ONCE = 16
"""Shared runs: they take the time of an answer each, and little else."""


@dataclass(frozen=True)
class Journal:
    """The finished runs of one study.

    Attributes
    ----------
    folder : Path
        Where they are kept; made when the first run is put there.
    say : callable
        Takes the message that a run was damaged and set aside.
    checkpoint_every_s : float
        For how many seconds a run is trained before its state is kept.
    shared : SharedRuns, optional
        Those of the study that a team shares.
    """

    folder: Path
    say: Callable[[str], None] = print
    checkpoint_every_s: float = checkpoint_file.EVERY_S
    shared: SharedRuns | None = None

    @classmethod
    def of(cls, params: "Params", study: str) -> "Journal":
        """Return a study's journal; a path in params is relative to the `home` of their root."""
        names, root = params.names, home(params.root)
        place = names.shared_journal
        if place and "://" not in place:
            place = str(root / place)
        shared = SharedRuns(place, study) if place else None
        return cls(root / names.journal / study, shared=shared)

    def __contains__(self, key: str) -> bool:
        """Whether a finished run is here and whole, or shared; it is left as it is."""
        if _is_there(self._run(key)) and self.damage(key) is None:
            return True
        return self.shared is not None and key in self.shared

    def get(self, key: str) -> Record | None:
        """Return a finished run without its weights, or None where it is not there.

        A run that is not whole is named and set aside; one that is shared is fetched.
        """
        files = self._whole(key)
        return None if files is None else run_files.record_in(files)

    def weights(self, key: str) -> dict[str, np.ndarray] | None:
        """Return a finished run's weights, none where its study keeps none; otherwise as `get`."""
        files = self._whole(key)
        return None if files is None else run_files.weights_in(files)

    def elsewhere(self, keys: Iterable[str]) -> list[str]:
        """Return those of the keys whose runs are shared and not here."""
        away = (key for key in dict.fromkeys(keys) if not _is_there(self._run(key)))
        return [key for key in away if self.shared is not None and key in self.shared]

    def fetch(self, keys: Iterable[str]) -> int:
        """Bring shared runs that are not here, many at once; return how many were brought."""
        with ThreadPoolExecutor(FETCHED_AT_ONCE) as pool:
            found = pool.map(self._fetched, self.elsewhere(keys))
            return sum(files is not None for files in found)

    def share(self) -> int:
        """Send the finished runs that are not shared; return how many were sent.

        Raises
        ------
        InputError
            Where none is shared, or the place cannot be written.
        """
        if self.shared is None:
            raise InputError(
                "params.yaml names no shared journal: write shared_journal: with a folder that all "
                "see, or s3://bucket/folder."
            )
        sent = 0
        for key in self.keys():
            recorded = self.metadata(key)
            if key in self.shared or recorded is None or recorded["failure"] is not None:
                continue
            if (files := self._here(key)) is not None:
                self.shared.put(key, files)
                sent += 1
        return sent

    def metadata(self, key: str) -> dict[str, Any] | None:
        """Return what is recorded of a finished run, its arrays left unread; None if not there."""
        return run_files.metadata(self._run(key))

    def damage(self, key: str) -> str | None:
        """Return what is wrong with what stands at a key; None for a whole run, or nothing."""
        if not _is_there(self._run(key)):
            return None
        try:
            run_files.read(self._run(key))
        except run_files.Damage as damage:
            return str(damage)
        return None

    def damaged(self) -> dict[str, str]:
        """Return what is wrong with each run that is not whole, by its key; all are read."""
        keys = (key for key in self.keys() if not self.is_old(key))
        return {key: damage for key in keys if (damage := self.damage(key)) is not None}

    def is_old(self, key: str) -> bool:
        """Whether a run was stored before all its files were under digests: no key finds it."""
        return run_files.is_old(self._run(key))

    def checkpoint(self, key: str, device: str = "") -> CheckpointFile:
        """Return where the state of a run, trained on a device, is kept until it is put here."""
        path = self._checkpoints() / f"{key}{checkpoint_file.ENDING}"
        return CheckpointFile(path, self.checkpoint_every_s, device)

    def begun(self, key: str) -> bool:
        """Whether the state of a run is kept."""
        return self.checkpoint(key).path.exists()

    def unfinished(self) -> list[str]:
        """Return the keys of runs whose state is kept and that are not here, sorted."""
        keys = (path.stem for path in self._states())
        return sorted(key for key in keys if not _is_there(self._run(key)))

    def put(
        self,
        key: str,
        result: Result,
        *,
        settings: dict[str, Any],
        seed: int,
        seconds: float,
        device: str,
        started: datetime | None = None,
        computed: str = "",
        host: str = "",
    ) -> None:
        """Store a finished run: afterwards it is there and whole, or this has raised.

        Parameters
        ----------
        key : str
            The run key.
        result : Result
            What training gave.
        settings : dict
            The run's canonical settings, for people who look into the journal.
        seed : int
            The run's seed.
        seconds : float
            How long training took, before a kill too.
        device : str
            What it was trained on; more than one in their order, as ``"cuda, cpu"``.
        started : datetime, optional
            When the training began that gave it, possibly among others: not later than the run
            itself. Unless given, its seconds ago.
        computed : str
            The digest of what that machine makes of `uphold.training.probe`, where it is known.
        host : str
            Its name, unless it is this one.
        """
        finished = datetime.now(UTC)
        started = started or finished - timedelta(seconds=seconds)
        record = {
            "key": key,
            "settings": settings,
            "seed": seed,
            "seconds": round(seconds, 3),
            "started": started.isoformat(timespec="seconds"),
            "finished": finished.isoformat(timespec="seconds"),
            "host": host or platform.node(),
            "device": device,
            "computed": computed,
        }
        files = run_files.contents(record, result)
        self._store(key, files)
        self.checkpoint(key).remove()
        if result.failure is None:
            self._send(key, files)

    def retire(self, key: str) -> None:
        """Set a finished run aside, so that it counts as missing and is run again."""
        if _is_there(self._run(key)):
            self._set_aside(self._run(key), FAILED)

    def keys(self) -> list[str]:
        """Return the keys at which something stands, finished runs or damage, sorted."""
        names = (path.name for path in self._runs().glob("*"))
        return sorted(n for n in names if not n.startswith(".") and not n.endswith(ASIDE))

    def prunable(self, keep: Iterable[str]) -> list[Path]:
        """Return what `prune` would delete: runs not to be kept, damaged and abandoned ones.

        Checkpoints too, of runs that are not to be kept or are finished.
        """
        kept = set(keep)
        runs = [
            path
            for path in self._runs().glob("*")
            if path.name not in kept and _written(path) and not _alive(path)
        ]
        waiting = kept & set(self.unfinished())
        states = [path for path in self._states() if path.stem not in waiting]
        half = self._checkpoints().glob(f".*{checkpoint_file.ENDING}.*{PARTIAL}")
        return sorted(runs + states + [path for path in half if not _alive(path)])

    def prune(self, keep: Iterable[str]) -> list[Path]:
        """Delete all but the runs to be kept; return what was deleted."""
        gone = self.prunable(keep)
        for path in gone:
            if path.is_dir():
                _remove(path)
            else:
                path.unlink(missing_ok=True)  # its run can have ended meanwhile
        return gone

    def lock(
        self, sweep: str, *, wait: bool = True, say: Callable[[str], None] = print
    ) -> AbstractContextManager[None]:
        """Hold the lock of a sweep: see `locks.held`."""
        return locks.held(self.folder / "locks" / f"{sweep}.lock", wait=wait, say=say)

    def _runs(self) -> Path:
        return self.folder / "runs"

    def _checkpoints(self) -> Path:
        return self.folder / "checkpoints"

    def _states(self) -> list[Path]:
        files = self._checkpoints().glob(f"*{checkpoint_file.ENDING}")
        return [path for path in files if path.is_file() and not path.is_symlink()]

    def _run(self, key: str) -> Path:
        return self._runs() / key

    def _store(self, key: str, files: Mapping[str, bytes]) -> None:
        """Write the files of a run: afterwards it is there and whole, or this has raised."""
        final = self._run(key)
        partial = final.with_name(f".{key}.{os.getpid()}{PARTIAL}")
        shutil.rmtree(partial, ignore_errors=True)  # of a dead process that had this number
        make_folder(final.parent)
        os.mkdir(partial)  # noqa: PTH102 (every step on disk goes through os)
        try:
            for name, content in files.items():
                write(partial / name, content)
            flush(partial)
            self._name(partial, key)
            flush(final.parent)
        finally:
            shutil.rmtree(partial, ignore_errors=True)

    def _send(self, key: str, files: Mapping[str, bytes]) -> None:
        """Share a run that was put here."""
        if self.shared is None or self.shared.lost:
            return
        try:
            self.shared.put(key, files)
        except InputError as error:
            self.shared.lost = True
            self.say(
                f"{error} From {key} on runs are kept in {self.folder} alone: uphold journal share "
                "sends them later."
            )

    def _fetched(self, key: str) -> dict[str, bytes] | None:
        """Return the files of a shared run, and put them here; None where it is not shared."""
        if self.shared is None or key not in self.shared:
            return None
        try:
            files = self.shared.get(key)
        except run_files.Damage as damage:
            self.say(
                f"The run {key} in {self.shared.place} is damaged: {damage}. It counts as missing."
            )
            return None
        self._store(key, files)
        return files

    def _whole(self, key: str) -> dict[str, bytes] | None:
        """Return the files of a finished run that is here or shared, None where there is none."""
        files = self._here(key)
        return self._fetched(key) if files is None else files

    def _here(self, key: str) -> dict[str, bytes] | None:
        """Return the files of a finished run, None where it is not here or was set aside now."""
        folder = self._run(key)
        if not _is_there(folder):
            return None
        try:
            return run_files.read(folder)
        except run_files.Damage as damage:
            aside = self._set_aside(folder, DAMAGED)
            if aside is not None:
                self.say(
                    f"The run {key} in {self.folder} is damaged: {damage}. It is set aside as "
                    f"{aside.name} and counts as missing."
                )
            return None

    def _name(self, partial: Path, key: str) -> None:
        """Give a run that was written its name; an equal run stays, damage is set aside."""
        while True:
            try:
                os.rename(partial, self._run(key))  # noqa: PTH104
                return
            except OSError as error:
                if error.errno not in OCCUPIED:
                    raise
            # Another sweep may have finished the same run meanwhile: equal keys are equal runs.
            if self._here(key) is not None:
                return

    def _set_aside(self, folder: Path, ending: str) -> Path | None:
        """Rename a run; return its new name, None if another process was quicker."""
        for count in itertools.count(1):
            number = f".{count}" if count > 1 else ""
            aside = folder.with_name(f"{folder.name}{number}{ending}")
            if _is_there(aside):  # a file, or an empty folder, would be replaced
                continue
            try:
                folder.rename(aside)
            except FileNotFoundError:
                return None
            except OSError as error:
                if error.errno in OCCUPIED:  # another process was quicker
                    continue
                raise InputError(
                    f"{folder} is {ending.strip('.')} and cannot be set aside ({error.strerror}):"
                    " rename or remove it."
                ) from None
            # Else a loss of power might bring back neither name, once another run has the first.
            flush(aside.parent)
            return aside
        raise AssertionError("numbers do not end")


def home(root: Path) -> Path:
    """Return the repository that `root` belongs to.

    DVC runs queued and temporary experiments in copies below ``.dvc/tmp/exps``. Those share the
    journal of the repository around them, so that an experiment retrains no run that exists.
    """
    root = root.resolve()
    for parent in root.parents:
        if parent.parts[-3:] == (".dvc", "tmp", "exps"):
            return parent.parents[2]
    return root


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except OSError as error:
        # It names a file without its folder: a name, which `disk.naming` would leave as it is.
        error.filename = str(folder)
        raise


def _is_there(path: Path) -> bool:
    """Whether anything stands at a path, be it a link that leads nowhere."""
    return os.path.lexists(path)


def _written(path: Path) -> bool:
    """Whether a path is a folder that holds nothing but what the journal writes."""
    if path.is_symlink() or not path.is_dir():
        return False
    return {inside.name for inside in path.iterdir()} <= run_files.NAMES


def _alive(path: Path) -> bool:
    """Whether a path is a partial folder whose process still runs."""
    if not path.name.endswith(PARTIAL):
        return False
    try:
        os.kill(int(path.name.removesuffix(PARTIAL).rpartition(".")[2]), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
