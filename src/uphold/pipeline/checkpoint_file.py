"""A checkpoint on disk: the state of one run in training, in one file.

In: a state, as arrays. Out: the same arrays, in whichever process trains the run next. Promised:
the file holds one whole state or is not there; one that is not as its digest says is named and not
gone on from; and a state that cannot be kept does not end the training that it is of.

The file starts with the SHA-256 of the rest, in hexadecimal; the rest is safetensors.
"""

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import numpy as np
from safetensors.numpy import load, save

from uphold.pipeline.disk import partial_of, publish

ENDING = ".checkpoint"
EVERY_S = 60.0
"""A state is kept after the first epoch that ends so many seconds after training began, or after
the state kept before. What a kill can cost is that and an epoch; runs of seconds keep none."""
DIGITS = hashlib.sha256().digest_size * 2


@dataclass
class CheckpointFile:
    """What `uphold.training.contract.Checkpoint` asks for, in a file.

    Attributes
    ----------
    path : Path
        The file; its folder is made when a state is first kept.
    every_s : float
        For how many seconds a run is trained before its state is kept again.
    """

    path: Path
    every_s: float = EVERY_S
    _since: float = field(default_factory=monotonic, repr=False, compare=False)

    def read(self) -> dict[str, np.ndarray] | None:
        """Return the state kept last, None where there is none that is whole."""
        self._since = monotonic()
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
        return load(arrays)

    @property
    def due(self) -> bool:
        """Whether `every_s` seconds have passed since training began or a state was kept."""
        return monotonic() - self._since >= self.every_s

    def write(self, state: Mapping[str, np.ndarray]) -> None:
        """Keep a state, in place of the one kept before."""
        arrays = save({n: np.asarray(v, order="C") for n, v in sorted(state.items())})
        try:
            publish(self.path, hashlib.sha256(arrays).hexdigest().encode() + arrays)
        except OSError as error:
            _warn(f"{self.path} cannot be written ({error.strerror}); training goes on without it.")
        self._since = monotonic()

    def remove(self) -> None:
        """Remove the file, if there is one, and what a kill left of one being written."""
        self.path.unlink(missing_ok=True)
        partial_of(self.path).unlink(missing_ok=True)


def _warn(text: str) -> None:
    # From worker processes, whose standard output is nobody's.
    print(text, file=sys.stderr, flush=True)
