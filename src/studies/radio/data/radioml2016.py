"""RML2016.10A and 10B: pickles of 11 or 10 modulations at 20 levels of SNR.

In: ``RML2016.10a_dict.pkl`` or ``RML2016.10b.dat``, a dict {(modulation, SNR): float32 (frames, 2,
samples)}. Out: `Source`, the classes in alphabetical order. Which of the two it is, its classes
say. The pickle is read and not run; see `unpickling`.
"""

from collections.abc import Iterator
from pathlib import Path

from studies.radio.data import splits, stored, unpickling
from studies.radio.data.source import Batch, Source
from studies.radio.settings.data import Data
from uphold.errors import InputError

FILE = "RML2016.10a_dict.pkl"
FILES = (FILE, "RML2016.10b.dat")
NOISE = "AM-SSB"
"""The class that 10A has and 10B has not."""
CLASSES_B = frozenset(
    {"8PSK", "AM-DSB", "BPSK", "CPFSK", "GFSK", "PAM4", "QAM16", "QAM64", "QPSK", "WBFM"}
)
NOTES_A = [
    "Known fault of RML2016.10A: its AM-SSB frames hold noise alone, so that recognising them is "
    "recognising the absence of a signal.",
    "Known fault of RML2016.10A: its SNR label is a setting of the amplitude and not a measured "
    "SNR.",
]
NOTES_B = [
    "RML2016.10B has 10 classes, those of RML2016.10A without AM-SSB: an accuracy on one is none "
    "on the other.",
    "The SNR is the publisher's label; what it was measured as is not known.",
]
SETTING = "data.radioml2016.at_most"


def make(settings: Data) -> Source:
    """Return the frames that the settings take from the file.

    Raises
    ------
    InputError
        Where the file is missing, is not as above, or has too few frames.
    """
    ours = settings.radioml2016
    path = stored.find(settings.path, *FILES)
    arrays = unpickling.read(path)
    classes = sorted({name for name, _ in arrays})
    snrs = sorted({snr for _, snr in arrays})
    _check(arrays, classes, snrs, path)
    share = splits.share(ours, len(classes), len(snrs), SETTING)
    snrs = [snrs[level] for level in share.levels]
    source = Source(
        classes=classes,
        snrs=[float(snr) for snr in snrs],
        samples=next(iter(arrays.values())).shape[2],
        sizes=share.sizes,
        clean=False,
        notes=_notes(classes) + share.notes,
        stored=sum(map(len, arrays.values())),
    )
    drawn = {
        (name, snr): splits.draw(len(array), source.sizes, ours.split_seed, name, snr)
        for (name, snr), array in arrays.items()
        if snr in snrs
    }

    def batches() -> Iterator[Batch]:
        for split, label, level, start in source.cells():
            cell = classes[label], snrs[level]
            index = drawn[cell][split]
            yield Batch(split, range(start, start + len(index)), arrays[cell][index])

    return source.with_batches(batches())


def _notes(classes: list[str]) -> list[str]:
    if NOISE in classes:
        return NOTES_A
    return NOTES_B if set(classes) == CLASSES_B else NOTES_B[1:]


def _check(arrays: unpickling.Arrays, classes: list[str], snrs: list[int], path: Path) -> None:
    missing = [f"{c} at {s} dB" for c in classes for s in snrs if (c, s) not in arrays]
    if missing or not arrays:
        raise InputError(f"{path} lacks frames: {', '.join(missing[:5]) or 'it is empty'}.")
    shapes = {array.shape[1:] for array in arrays.values()}
    if len(shapes) > 1 or next(iter(shapes))[0] != 2:
        raise InputError(f"{path}: all frames must be of one shape (2, samples), not {shapes}.")
