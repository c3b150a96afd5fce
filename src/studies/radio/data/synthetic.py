"""Frames made by the project itself, with an SNR that is known exactly.

In: settings and nothing else. Out: `Source`. Each frame is a modulated signal of random symbols or
a random message (`digital`, `analog`) at the times of a drifting clock (`clock`), sent through a
channel (`channel`); the clean frame is what is received before the noise.

Promised: everything follows from the seed, whatever the number of cores. Each cell of each split
has random streams of its own, so that other classes, SNRs or splits change none of its frames; more
frames leave the first ones as they are. Frames are computed in double precision and rounded to
`STEP`, which makes them equal on every processor (`uphold.rounding`).
"""

from collections.abc import Iterator
from typing import get_args

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studies.radio.data import analog, channel, clock, digital
from studies.radio.data.constellations import CONSTELLATIONS
from studies.radio.data.draws import Draws
from studies.radio.data.source import Batch, Source
from studies.radio.settings.data import Data, Modulation, Synthetic
from uphold.rounding import rounded
from uphold.splits import SPLITS
from uphold.threads import one_thread

PORTION = 2**13
"""Samples that are made at once, each of 17 symbols: few enough to stay in a processor's cache."""
STEP = 2.0**-10
"""Of both parts of a sample, where a clean frame has the mean power 1; the weakest noise, at an SNR
of 18 dB, is 90 times as large. Sums of squares of such numbers are exact, so that the power that a
frame is divided by is equal on every processor too."""


def make(settings: Data) -> Source:
    """Return the synthetic frames of all cells."""
    ours = settings.synthetic
    source = Source(
        classes=[name for name in get_args(Modulation) if name in ours.classes],
        snrs=snrs(ours),
        samples=ours.samples,
        sizes={split: getattr(ours, split) for split in SPLITS},
        clean=True,
        notes=[
            "Every frame is synthetic; nothing here was received over the air.",
            "The SNR is that of each frame as received: power of its clean samples over the "
            "expected power of the noise.",
        ],
    )
    return source.with_batches(_batches(ours, source))


def snrs(settings: Synthetic) -> list[float]:
    """Return the levels of SNR in dB, both ends included."""
    steps = (settings.snr_highest - settings.snr_lowest) / settings.snr_step
    return [settings.snr_lowest + k * settings.snr_step for k in range(int(steps + 1e-9) + 1)]


def portions(
    settings: Synthetic, split: str, name: str, snr_db: float, frames: int
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield the frames of one cell as (received, clean), some at a time.

    Both are complex128 of shape (some frames, samples); clean frames have mean power 1.
    """
    draws = Draws(settings.seed, "cell", split, name, f"{snr_db:g}")
    at_once = max(1, PORTION // settings.samples)
    for start in range(0, frames, at_once):
        with one_thread():
            sent = waveform(settings, name, min(at_once, frames - start), draws)
            clean = channel.received(sent, settings.channel, draws)
            received = clean + channel.noise(tuple(clean.shape), snr_db, draws)
        yield received, clean


def waveform(settings: Synthetic, name: str, frames: int, draws: Draws) -> Tensor:
    """Return frames of a modulation as they are sent, complex128."""
    time = clock.times(settings, frames, draws)
    if name not in CONSTELLATIONS and name not in ("OQPSK", "GMSK"):
        highest = settings.message_band[1]
        return analog.modulated(name, analog.message(time, settings.message_band, draws), highest)
    time = time / settings.samples_per_symbol
    alphabet = {"OQPSK": "QPSK", "GMSK": "BPSK"}.get(name, name)
    symbols = digital.drawn(alphabet, frames, clock.symbols(settings), draws)
    if name == "GMSK":
        return digital.gmsk(symbols.real.contiguous(), time)
    roll_off = torch.from_numpy(draws["roll-off"].uniform(*settings.roll_off, frames))
    shape = digital.offset_qpsk if name == "OQPSK" else digital.linear
    return shape(symbols, time, roll_off)


def _batches(settings: Synthetic, source: Source) -> Iterator[Batch]:
    for split, label, snr, start in source.cells():
        cell = (split, source.classes[label], source.snrs[snr], source.sizes[split])
        for iq, clean in portions(settings, *cell):
            yield Batch(split, range(start, start + len(iq)), _parts(iq), _parts(clean))
            start += len(iq)


def _parts(frames: Tensor) -> NDArray[np.float32]:
    return rounded(torch.view_as_real(frames).movedim(-1, 1).numpy(), STEP)
