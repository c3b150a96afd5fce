"""The prepared data of the study, whatever they come from, and the files that hold them.

``features.safetensors``
    ``x``, float32, (clips, mel bands, frames), in dB; ``label``, int64, (clips,): the class's place
    in the card's ``classes``; ``actor``, int64, (clips,); ``classes``, int64, how many there are,
    whether or not there are clips of each; ``frame_s``, float64, the seconds from one frame to the
    next. Training reads this file alone: the card may say more, or it in other words.
``items.parquet``
    One row a clip in the same order: ``file, actor, sex, emotion, intensity, statement, repetition,
    label``.
``card.json``
    What the data are and how they came about (`card.describe`).

Promised: clips stand in the order of actor, emotion, intensity, statement and repetition, whatever
order they came in; equal data give equal bytes.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studies.speech.data.clip import Clip
from studies.speech.data.spectrogram import frame_s
from studies.speech.settings.data import EMOTIONS, SENTIMENT_OF, Data


@dataclass(frozen=True)
class PreparedSpeech:
    """Spectrograms and what is known of each clip, in the order of the clips.

    Attributes
    ----------
    x : ndarray of float32, shape (clips, mel bands, frames)
    clips : list of Clip
    about : dict
        Facts for the data card (JSON values).
    decisions : list of str
        Sentences for the data card: what was decided or derived on the way.
    """

    x: NDArray[np.float32]
    clips: list[Clip]
    about: dict[str, Any] = field(default_factory=dict)
    decisions: list[str] = field(default_factory=list)


def order(clip: Clip) -> tuple[int | str, ...]:
    """Return what clips are sorted by."""
    place = EMOTIONS.index(clip.emotion), clip.intensity
    return (clip.actor, *place, clip.statement, clip.repetition)


def label(clip: Clip, settings: Data) -> str:
    """Return the class of a clip in the settings' mode."""
    return SENTIMENT_OF[clip.emotion] if settings.mode == "sentiment" else clip.emotion


def write(data: PreparedSpeech, settings: Data, card: dict[str, Any], folder: Path) -> None:
    """Write the three files, replacing those of an earlier preparation."""
    import pandas as pd
    from safetensors.numpy import save_file

    rows = [
        {"file": clip.name, "sex": clip.sex, **asdict(clip), "label": label(clip, settings)}
        for clip in data.clips
    ]
    labels = np.array([settings.classes.index(row["label"]) for row in rows], dtype=np.int64)
    actors = np.array([clip.actor for clip in data.clips], dtype=np.int64)
    folder.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, np.ndarray] = {
        "x": data.x,
        "label": labels,
        "actor": actors,
        "classes": np.array(len(settings.classes), dtype=np.int64),
        "frame_s": np.array(frame_s(settings.spectrogram), dtype=np.float64),
    }
    save_file(arrays, folder / "features.safetensors")
    pd.DataFrame(rows).to_parquet(folder / "items.parquet", index=False)
    text = json.dumps(card, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / "card.json").write_text(text + "\n", encoding="utf-8")
