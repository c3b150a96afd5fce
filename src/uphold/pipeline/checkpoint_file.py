"""A checkpoint on disk: the state of one run in training, in one file.

In: a state, as arrays. Out: the same arrays, in whichever process trains the run next. Promised:
the file holds one whole state or is not there; one that is not as its digest says is named and not
gone on from; a state that cannot be kept does not end the training that it is of; and processes
that train the same run for two sweeps do not get in each other's way.

The file starts with the SHA-256 of the rest, in hexadecimal; the rest is safetensors.
"""

import hashlib
import json
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from time import monotonic, time
from typing import BinaryIO, NamedTuple

import numpy as np
from safetensors.numpy import load, save

from uphold.disk import PARTIAL, write

ENDING = ".checkpoint"
EVERY_S = 60.0
"""A state is kept after the first epoch that ends so many seconds after training began, or after
the state kept before. What a kill can cost is that and an epoch; runs of seconds keep none."""
DIGITS = 64  # of a SHA-256
STARTED, SECONDS, DEVICE = "checkpoint/started", "checkpoint/seconds", "checkpoint/device"
"""What is kept beside the state: when its run was begun, in seconds of the epoch 1970, for how many
seconds it had been trained, and on what, as bytes of text."""


class Before(NamedTuple):
    """When a run was begun, for how long it was trained, and on what, until its state was kept."""

    started: float
    seconds: float
    device: str = ""

    def on(self, device: str) -> str:
        """Return what the run is trained on if it goes on on a device: ``"cuda, cpu"``."""
        return ", ".join(dict.fromkeys(filter(None, (*self.device.split(", "), device))))


@dataclass
class CheckpointFile:
    """What `uphold.training.contract.Checkpoint` asks for, in a file.

    Attributes
    ----------
    path : Path
        The file; its folder is made when a state is first kept.
    every_s : float
        For how many seconds a run is trained before its state is kept again.
    device : str
        What the run is trained on, to be kept with its state.
    """

    path: Path
    every_s: float = EVERY_S
    device: str = ""
    _since: float = field(default_factory=monotonic, repr=False, compare=False)
    _before: Before | None = field(default=None, repr=False, compare=False)
    _begun: float = field(default_factory=monotonic, repr=False, compare=False)

    def read(self) -> dict[str, np.ndarray] | None:
        """Return the state kept last, None where there is none that is whole."""
        self._since = self._begun = monotonic()
        self._before = Before(time(), 0)
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            _warn(
                f"{self.path} cannot be read ({error.strerror}); its run is trained from its start."
            )
            return None
        digest, arrays = content[:DIGITS], content[DIGITS:]
        if hashlib.sha256(arrays).hexdigest().encode() != digest:
            _warn(f"{self.path} is damaged; its run is trained from its start.")
            return None
        self._before = _told(BytesIO(content))
        told = (STARTED, SECONDS, DEVICE)
        return {name: values for name, values in load(arrays).items() if name not in told}

    def before(self) -> Before | None:
        """Return what is told of the run's training until its state was kept.

        None where `read` will not go on from it, which is for `read` to say; the state itself goes
        through the digest and is not kept in memory.
        """
        with suppress(OSError), self.path.open("rb") as file:
            digest = file.read(DIGITS)
            if hashlib.file_digest(file, "sha256").hexdigest().encode() == digest:
                return _told(file)
        return None

    @property
    def seen(self) -> bool:
        """Whether the journal's folder is there: on another machine it is where it is shared."""
        return self.path.parent.parent.is_dir()

    @property
    def due(self) -> bool:
        """Whether `every_s` seconds have passed since training began or a state was kept."""
        return monotonic() - self._since >= self.every_s

    def write(self, state: Mapping[str, np.ndarray]) -> None:
        """Keep a state, in place of the one kept before."""
        before = self._before or Before(time(), 0)
        seconds = before.seconds + monotonic() - self._begun
        device = np.frombuffer(before.on(self.device).encode(), np.uint8)
        told = {STARTED: before.started, SECONDS: seconds, DEVICE: device}
        all_of_it = sorted({**state, **told}.items())
        arrays = save({name: np.asarray(values, order="C") for name, values in all_of_it})
        partial = self.path.with_name(f".{self.path.name}.{os.getpid()}{PARTIAL}")
        try:
            os.makedirs(self.path.parent, exist_ok=True)  # noqa: PTH103 (as all steps on disk)
            write(partial, hashlib.sha256(arrays).hexdigest().encode() + arrays)
            os.replace(partial, self.path)  # noqa: PTH105
        except OSError as error:
            _warn(f"{self.path} cannot be written ({error.strerror}); training goes on without it.")
            with suppress(OSError):
                partial.unlink()
        self._since = monotonic()

    def remove(self) -> None:
        """Remove the file, if there is one."""
        self.path.unlink(missing_ok=True)


def _told(file: BinaryIO) -> Before:
    """Read what is told: safetensors are the length of a header, the header, and the arrays."""
    file.seek(DIGITS)
    length = int.from_bytes(file.read(8), "little")
    header, start = json.loads(file.read(length)), DIGITS + 8 + length

    def content(name: str) -> bytes:
        begin, end = header[name]["data_offsets"] if name in header else (0, 0)
        file.seek(start + begin)
        return file.read(end - begin)

    started, seconds = (float(np.frombuffer(content(n), "<f8")[0]) for n in (STARTED, SECONDS))
    return Before(started, seconds, content(DEVICE).decode())


def _warn(text: str) -> None:
    # From worker processes, whose standard output is nobody's.
    print(text, file=sys.stderr, flush=True)
