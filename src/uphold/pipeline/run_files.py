"""The files of one finished run: what they hold, and whether they are whole.

In: a run's record and result. Out: the contents of its files, and back; see `journal` for where
they lie. Promised: a run is whole if its files are those that ``SHA256SUMS`` names, each with its
digest, and the record is that of its key; nothing else is taken for a run.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load, save

from uphold.training.contract import Result

RECORD, ARRAYS, WEIGHTS = "record.json", "arrays.safetensors", "weights.safetensors"
SUMS = "SHA256SUMS"
NAMES = frozenset({RECORD, ARRAYS, WEIGHTS, SUMS})
"""All files that a run may have."""
OF_RECORD = ("settings", "seed", "seconds", "started", "finished", "host", "device")
"""What a record tells beside its key and the result's facts and failure."""


@dataclass(frozen=True)
class Record:
    """A finished run as the journal tells it: its result, and when and where it was made."""

    result: Result
    settings: dict[str, Any]
    seed: int
    seconds: float
    started: str
    finished: str
    host: str
    device: str
    computed: str = ""


def contents(record: Mapping[str, Any], result: Result) -> dict[str, bytes]:
    """Return the contents of a run's files by their names.

    Parameters
    ----------
    record : mapping
        What the run was, when it was trained and on what; its result's facts are added.
    result : Result
    """
    whole = {**record, "facts": dict(result.facts), "failure": result.failure}
    files = {
        RECORD: json.dumps(whole, indent=1, sort_keys=True).encode(),
        ARRAYS: save(_flat(result)),
    }
    if result.weights:
        files[WEIGHTS] = save(_contiguous(result.weights))
    files[SUMS] = b"".join(line_of(name, content) for name, content in sorted(files.items()))
    return files


def record_in(files: Mapping[str, bytes]) -> Record:
    """Return the run that files tell of, its weights left unread."""
    return _made_of(json.loads(files[RECORD]), load(files[ARRAYS]))


def weights_in(files: Mapping[str, bytes]) -> dict[str, np.ndarray]:
    """Return the weights that files hold, none where the run's study keeps none."""
    return load(files[WEIGHTS]) if WEIGHTS in files else {}


def metadata(folder: Path) -> dict[str, Any] | None:
    """Return the record in a run's folder, the other files left unread; None if not whole."""
    try:
        sums, record = (folder / SUMS).read_bytes(), (folder / RECORD).read_bytes()
    except OSError:
        return None
    if line_of(RECORD, record) not in sums.splitlines(keepends=True):
        return None
    try:
        return _recorded(record, folder.name)
    except Damage:
        return None


def is_old(folder: Path) -> bool:
    """Whether a run was stored before all its files were under digests."""
    try:
        record = json.loads((folder / RECORD).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    fields = record if isinstance(record, dict) else {}
    return not (folder / SUMS).exists() and "arrays_sha256" in fields


class Damage(Exception):
    """A run's folder is not whole; the message names the file."""


def read(folder: Path) -> dict[str, bytes]:
    """Return the files of a run's folder, all of them checked; raise `Damage`."""
    if not folder.is_dir():
        raise Damage("it is no folder")
    try:
        names = sorted(path.name for path in folder.iterdir())
        files = {name: (folder / name).read_bytes() for name in names}
    except OSError as error:
        raise Damage(f"{Path(error.filename or folder).name}: {error.strerror}") from None
    return checked(files, folder.name)


def checked(files: Mapping[str, bytes], key: str) -> dict[str, bytes]:
    """Return files that are a whole run of a key; raise `Damage` where they are not."""
    for name in (RECORD, ARRAYS, SUMS):
        if name not in files:
            raise Damage(f"{name} is missing")
    lines = files[SUMS].splitlines(keepends=True)
    named = {line.rstrip().rpartition(b"  ")[2].decode(errors="replace") for line in lines}
    others = {name: content for name, content in files.items() if name != SUMS}
    for name, content in others.items():
        if line_of(name, content) not in lines:
            does = f"is not as {SUMS} says" if name in named else f"is not named in {SUMS}"
            raise Damage(f"{name} {does}")
    if foreign := sorted(files.keys() - NAMES):  # it would be written, wherever that leads
        raise Damage(f"{foreign[0]!r} is no file of a run")
    if len(lines) != len(others) or len(set(lines)) != len(lines):
        raise Damage(f"{SUMS} names a file that is missing, or is damaged")
    _recorded(files[RECORD], key)
    return dict(files)


def line_of(name: str, content: bytes) -> bytes:
    """Return a file's line in ``SHA256SUMS``."""
    return f"{hashlib.sha256(content).hexdigest()}  {name}\n".encode()


def _recorded(content: bytes, key: str) -> dict[str, Any]:
    """Return what a record tells, if it is that of a key; raise `Damage`."""
    try:
        found = json.loads(content)
    except ValueError:
        raise Damage(f"{RECORD} is not JSON") from None
    if not isinstance(found, dict) or found.get("key") != key:
        raise Damage(f"{RECORD} is that of another run")
    if missing := {*OF_RECORD, "facts", "failure"} - found.keys():
        raise Damage(f"{RECORD} does not tell {', '.join(sorted(missing))}")
    return found


def _flat(result: Result) -> dict[str, np.ndarray]:
    parts = {"predictions": result.predictions, "history": result.history}
    return {
        f"{part}/{name}": array
        for part, arrays in parts.items()
        for name, array in _contiguous(arrays).items()
    }


def _contiguous(arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    # Not ascontiguousarray, which makes a list of a single number.
    return {name: np.asarray(array, order="C") for name, array in sorted(arrays.items())}


def _made_of(record: dict[str, Any], arrays: dict[str, np.ndarray]) -> Record:
    parts: dict[str, dict[str, np.ndarray]] = {"predictions": {}, "history": {}}
    for name, array in arrays.items():
        part, _, column = name.partition("/")
        parts[part][column] = array
    result = Result(parts["predictions"], parts["history"], record["facts"], record["failure"])
    told = {name: record[name] for name in OF_RECORD}
    # Runs of before it was recorded do not tell it.
    return Record(result, **told, computed=record.get("computed", ""))
