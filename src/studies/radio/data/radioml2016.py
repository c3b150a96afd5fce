"""RML2016.10A: a Python-2 pickle of 11 modulations at 20 levels of SNR.

In: ``RML2016.10a_dict.pkl``, a dict {(modulation, SNR): float32 (frames, 2, samples)}. Out:
`Source`, the classes in alphabetical order. The pickle is read and not run; see `unpickling`.
"""

from collections.abc import Iterator
from pathlib import Path

from studies.radio.data import splits, stored, unpickling
from studies.radio.data.source import Batch, Source
from studies.radio.settings.data import Data
from uphold.errors import InputError

FILE = "RML2016.10a_dict.pkl"
NOTES = [
    "Known fault of RML2016.10A: its AM-SSB frames hold noise alone, so that recognising them is "
    "recognising the absence of a signal.",
    "Known fault of RML2016.10A: its SNR label is a setting of the amplitude and not a measured "
    "SNR.",
]


def make(settings: Data) -> Source:
    """Return the frames that the settings take from the file.

    Raises
    ------
    InputError
        Where the file is missing, is not as above, or has too few frames.
    """
    ours = settings.radioml2016
    path = stored.find(settings.path, FILE)
    arrays = unpickling.read(path)
    classes = sorted({name for name, _ in arrays})
    snrs = sorted({snr for _, snr in arrays})
    _check(arrays, classes, snrs, path)
    source = Source(
        classes=classes,
        snrs=[float(snr) for snr in snrs],
        samples=next(iter(arrays.values())).shape[2],
        sizes=splits.sizes(ours),
        clean=False,
        notes=NOTES,
    )
    drawn = {
        (name, snr): splits.draw(len(array), source.sizes, ours.split_seed, name, snr)
        for (name, snr), array in arrays.items()
    }

    def batches() -> Iterator[Batch]:
        for split, label, level, start in source.cells():
            cell = classes[label], snrs[level]
            index = drawn[cell][split]
            yield Batch(split, range(start, start + len(index)), arrays[cell][index])

    return source.with_batches(batches())


def _check(arrays: unpickling.Arrays, classes: list[str], snrs: list[int], path: Path) -> None:
    missing = [f"{c} at {s} dB" for c in classes for s in snrs if (c, s) not in arrays]
    if missing or not arrays:
        raise InputError(f"{path} lacks frames: {', '.join(missing[:5]) or 'it is empty'}.")
    shapes = {array.shape[1:] for array in arrays.values()}
    if len(shapes) > 1 or next(iter(shapes))[0] != 2:
        raise InputError(f"{path}: all frames must be of one shape (2, samples), not {shapes}.")
