"""Field recordings made from a physical sketch: animals, weather, insects, recorders, places.

In: settings and nothing else. Out: `PreparedCalls`. Promised: everything follows from the seed;
each recording has a random stream of its own, so that more recordings in one split change none of
the others, in this split or another; recorders of the split ``ood`` are in no other split.

A positive recording holds one call (`voices.CALLS`) at a stated SNR over everything else in it:

=======  =============  ===========================
quality  SNR in dB      share of the positive clips
=======  =============  ===========================
high      11 to 19      35 %
medium     3 to 11      40 %
low       −5 to  3      25 %
=======  =============  ===========================

The SNR is `Event.snr_db`: the recorded call against the rest of the recording, mean powers over the
samples in which the animal sounds, both within 80–2,500 Hz. The call is scaled so that it is met
exactly. A third of the positive recordings have rain, wind, insects or knocks in the rest.

A negative recording holds one of the kinds of `KINDS`, as loud as calls are, or only the place's
background.
"""

from bisect import bisect
from dataclasses import asdict, dataclass
from itertools import accumulate

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from studies.calls.data import features
from studies.calls.data.events import Event, Samples
from studies.calls.data.labels import check_positive
from studies.calls.data.negatives import DISTRACTORS, neighbour
from studies.calls.data.prepared import Item, PreparedCalls
from studies.calls.data.recorders import Recorder, recorder
from studies.calls.data.voices import CALLS, LISTENED_FOR
from studies.calls.data.window import RATE, WINDOW_S
from studies.calls.settings.data import SPLITS, Data, Synthetic
from uphold.randomness import generator

SNR_DB = {"high": (11.0, 19.0), "medium": (3.0, 11.0), "low": (-5.0, 3.0)}
QUALITY_SHARES = {"high": 0.35, "medium": 0.4, "low": 0.25}
KINDS = {
    "background": 0.15,
    "rain": 0.15,
    "wind": 0.15,
    "insects": 0.15,
    "clicks": 0.15,
    "neighbour": 0.25,
}
DISTRACTED_SHARE = 0.35
DISTRACTOR_SNR_DB = (-4.0, 8.0)
NEGATIVE_SNR_DB = (-4.0, 16.0)
CALL, NOISE = "call", "noise"


@dataclass(frozen=True)
class Clip:
    """One recording, in two parts that add up to what the recorder stored.

    Attributes
    ----------
    recorder : str
    event : Event or None
        The call or the negative sound, dry; None where there is only background.
    heard : ndarray, shape (48000,)
        The event as recorded (zeros without one).
    rest : ndarray, shape (48000,)
        Everything else as recorded.
    call_type, quality, kind : str
        Type and quality of a call, kind of a negative; else empty.
    snr_db : float
        Of the event; NaN without one.
    """

    recorder: str
    event: Event | None
    heard: Samples
    rest: Samples
    call_type: str = ""
    quality: str = ""
    kind: str = ""
    snr_db: float = float("nan")

    @property
    def sound(self) -> Samples:
        """The recording."""
        return self.heard + self.rest


def make(settings: Data) -> PreparedCalls:
    """Return the synthetic data set."""
    check_positive(settings.positive, [CALL])
    ours = settings.synthetic
    items, vectors = [], []
    for split in SPLITS:
        there = recorders(ours, split)
        for index in range(getattr(ours, split)):
            one = clip(ours, split, index, there)
            vectors.append(features.embed(one.sound))
            items.append(
                Item(
                    item=f"{split}-{index:05d}",
                    source="synthetic",
                    start_s=0.0,
                    label=CALL if one.call_type else NOISE,
                    call_type=one.call_type,
                    quality=one.quality,
                    recorder=one.recorder,
                    split=split,
                    snr_db=one.snr_db,
                    kind=one.kind,
                )
            )
    return PreparedCalls(
        x=np.stack(vectors),
        y=np.array([[item.label == CALL] for item in items], dtype=np.uint8),
        items=items,
        classes=[CALL],
        about={
            "sample_rate_hz": RATE,
            "window_s": WINDOW_S,
            "duration_s": WINDOW_S * len(items),
            "features": features.DEFINITION,
            "snr_db": {q: {"from": low, "to": high} for q, (low, high) in SNR_DB.items()},
            "recorders": {
                r.name: {k: round(v, 4) for k, v in asdict(r).items() if k != "name"}
                for split in ("train", "ood")
                for r in recorders(ours, split)
            },
        },
        decisions=["Every recording is synthetic; nothing here was recorded in the field."],
    )


def recorders(settings: Synthetic, split: str) -> list[Recorder]:
    """Return the recorders of a split: foreign ones for ``ood``, the familiar ones for the rest."""
    if split == "ood":
        names = [f"foreign-{k + 1}" for k in range(settings.ood_recorders)]
    else:
        names = [f"familiar-{k + 1}" for k in range(settings.recorders)]
    return [recorder(settings.seed, name, foreign=split == "ood") for name in names]


def clip(settings: Synthetic, split: str, index: int, there: list[Recorder]) -> Clip:
    """Return one recording of a split, made on one of the recorders `there`."""
    rng = generator(settings.seed, "clip", split, index)
    by = there[rng.integers(len(there))]
    # The shares of positives in the first n recordings are right for every n.
    share = settings.positive_share
    if int((index + 1) * share + 1e-9) > int(index * share + 1e-9):
        return _positive(rng, by)
    return _negative(rng, by)


def _positive(rng: Generator, by: Recorder) -> Clip:
    rest = by.background(rng)
    if rng.random() < DISTRACTED_SHARE:
        distractor = DISTRACTORS[_draw(rng, dict.fromkeys(DISTRACTORS, 1 / len(DISTRACTORS)))](rng)
        rest = rest + _at(rng.uniform(*DISTRACTOR_SNR_DB), distractor, rest, by)
    call_type = _draw(rng, dict.fromkeys(CALLS, 1 / len(CALLS)))
    quality = _draw(rng, QUALITY_SHARES)
    call = CALLS[call_type](rng, LISTENED_FOR)
    snr_db = rng.uniform(*SNR_DB[quality])
    heard = _at(snr_db, call, rest, by)
    return Clip(by.name, call, heard, rest, call_type, quality, snr_db=snr_db)


def _negative(rng: Generator, by: Recorder) -> Clip:
    rest = by.background(rng)
    kind = _draw(rng, KINDS)
    if kind == "background":
        return Clip(by.name, None, np.zeros(len(rest)), rest, kind=kind)
    event = neighbour(rng, by.neighbour_hz) if kind == "neighbour" else DISTRACTORS[kind](rng)
    snr_db = rng.uniform(*NEGATIVE_SNR_DB)
    heard = _at(snr_db, event, rest, by)
    return Clip(by.name, event, heard, rest, kind=kind, snr_db=snr_db)


def _at(snr_db: float, event: Event, rest: Samples, by: Recorder) -> NDArray[np.float64]:
    """Return the event as recorded, scaled to that SNR over the rest."""
    heard = by.hear(event.sound)
    return heard * 10 ** ((snr_db - event.snr_db(heard, rest)) / 20)


def _draw(rng: Generator, shares: dict[str, float]) -> str:
    # As rng.choice draws, which checks the shares each time.
    return list(shares)[
        bisect(list(accumulate(shares.values())), rng.random() * sum(shares.values()))
    ]
