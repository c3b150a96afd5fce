"""What a source of frames gives, whatever it is: cells of equal size, in batches.

A cell is one class at one SNR. Within a split the frames stand cell by cell: by class, then by SNR,
so that a position says what a frame is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from uphold.splits import SPLITS


@dataclass(frozen=True)
class Batch:
    """Some frames of one split.

    Attributes
    ----------
    split : str
    at : sequence of int
        Their positions in the split.
    iq : ndarray of float32, shape (frames, 2, samples)
        In-phase and quadrature.
    clean : ndarray of float32, shape (frames, 2, samples), or None
        The same without noise, where that is known.
    """

    split: str
    at: Sequence[int] | NDArray[np.int64]
    iq: NDArray[np.float32]
    clean: NDArray[np.float32] | None = None


@dataclass(frozen=True)
class Source:
    """A set of frames.

    Attributes
    ----------
    classes : list of str
    snrs : list of float
        In dB, rising.
    samples : int
        Length of a frame.
    sizes : dict of str to int
        Frames in a cell, by split.
    clean : bool
        Whether clean frames are known.
    notes : list of str
        What a reader of results must know of the data, known faults above all.
    stored : int
        Frames that the file has; 0 where there is none.
    batches : iterable of Batch
        All frames, each once; it can be gone through once.
    """

    classes: list[str]
    snrs: list[float]
    samples: int
    sizes: dict[str, int]
    clean: bool
    notes: list[str] = field(default_factory=list)
    stored: int = 0
    batches: Iterable[Batch] = ()

    def with_batches(self, batches: Iterable[Batch]) -> "Source":
        """Return the same source with its frames."""
        return replace(self, batches=batches)

    def frames(self, split: str) -> int:
        """Return the number of frames in a split."""
        return len(self.classes) * len(self.snrs) * self.sizes[split]

    def start(self, split: str, label: int, snr: int) -> int:
        """Return the position of a cell's first frame in its split.

        Parameters
        ----------
        split : str
        label, snr : int
            Which class, which level.
        """
        return (label * len(self.snrs) + snr) * self.sizes[split]

    def cells(self) -> Iterator[tuple[str, int, int, int]]:
        """Yield (split, class, level of SNR, position of the first frame) of every cell."""
        for split in SPLITS:
            for label in range(len(self.classes)):
                for snr in range(len(self.snrs)):
                    yield split, label, snr, self.start(split, label, snr)

    def labels(self, split: str) -> NDArray[np.int64]:
        """Return the class of every frame of a split."""
        each = len(self.snrs) * self.sizes[split]
        return np.repeat(np.arange(len(self.classes), dtype=np.int64), each)

    def levels(self, split: str) -> NDArray[np.float32]:
        """Return the SNR in dB of every frame of a split."""
        once = np.repeat(np.array(self.snrs, dtype=np.float32), self.sizes[split])
        return np.tile(once, len(self.classes))
