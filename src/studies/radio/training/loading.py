"""Prepared frames as training sees them.

Comes in: the folder that `prepare` wrote, with ``frames.safetensors``; its card is for readers.
Goes out: `RadioData`.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from safetensors.torch import load_file
from torch import Tensor

from studies.radio.training.noise import Calibration
from uphold.errors import InputError
from uphold.splits import SPLITS


@dataclass(frozen=True)
class Frames:
    """The frames of one split.

    Attributes
    ----------
    iq : Tensor of shape (rows, 2, samples), float32
    label : Tensor of shape (rows,), int64
    snr : Tensor of shape (rows,), float32
        In dB.
    clean : Tensor of the shape of `iq`, or None
        The same frames before the noise, where they are known and needed.
    """

    iq: Tensor
    label: Tensor
    snr: Tensor
    clean: Tensor | None = None

    def to(self, device: str) -> "Frames":
        """Return the frames on a device."""
        clean = None if self.clean is None else self.clean.to(device)
        return Frames(self.iq.to(device), self.label.to(device), self.snr.to(device), clean)


@dataclass(frozen=True)
class RadioData:
    """The prepared data.

    Attributes
    ----------
    train, validation, test : Frames
        What runs learn from; what chooses the epoch; what is predicted and nothing else.
    classes : int
    lowest : float
        The lowest SNR of the training frames, in dB.
    calibration : Calibration
        From roughness to noise fraction, fitted to the training frames.
    digest : str
        Of the training frames and their labels.
    """

    train: Frames
    validation: Frames
    test: Frames
    classes: int
    lowest: float
    calibration: Calibration
    digest: str

    @property
    def samples(self) -> int:
        """The length of a frame."""
        return self.train.iq.shape[2]


def load(folder: Path) -> RadioData:
    """Read what `prepare` wrote.

    Raises
    ------
    InputError
        If the file is missing or a split has no frames.
    """
    if not (file := folder / "frames.safetensors").is_file():
        raise InputError(f"{file} is missing: run `uphold prepare radio` first.")
    tensors = load_file(file)
    # Cloned into memory of torch's own: other memory need not lie on whole cache lines, on which
    # the last bits of a matrix product can depend.
    splits = {
        split: Frames(
            iq=tensors[f"{split}/iq"].clone(),
            label=tensors[f"{split}/label"].clone(),
            snr=tensors[f"{split}/snr"].clone(),
            clean=None if split == "train" else tensors.get(f"{split}/clean"),
        )
        for split in SPLITS
    }
    for split, frames in splits.items():
        if not len(frames.iq):
            raise InputError(f"{folder}: the split {split!r} has no frames.")
    train = splits["train"]
    return RadioData(
        **splits,
        classes=int(tensors["classes"]),
        lowest=float(train.snr.min()),
        calibration=Calibration.fit(train.iq, train.snr),
        digest=_digest(train),
    )


def _digest(frames: Frames) -> str:
    digest = hashlib.sha256()
    for tensor in (frames.iq, frames.label, frames.snr):
        digest.update(tensor.numpy().tobytes())
    return digest.hexdigest()[:16]
