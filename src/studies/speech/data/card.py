"""The data card: what the prepared data are, counted, and how they came about."""

from collections import Counter
from typing import Any

from studies.speech.data.prepared import PreparedSpeech, label
from studies.speech.data.spectrogram import RANGE_DB, frame_s, frames
from studies.speech.settings.data import EMOTIONS, Data


def describe(data: PreparedSpeech, settings: Data) -> dict[str, Any]:
    """Return the data card, JSON values only.

    ``emotions`` holds what the write-ups' table shows of each emotion: its class, its clips, how
    many actors there are of it. ``counts`` nests actor → emotion → number of clips.
    """
    clips, mel = data.clips, settings.spectrogram
    actors = sorted({clip.actor for clip in clips})
    labels = Counter(label(clip, settings) for clip in clips)
    return {
        "source": settings.source,
        "mode": settings.mode,
        "classes": list(settings.classes),
        "clips": len(clips),
        "actors": actors,
        "labels": {name: labels[name] for name in settings.classes},
        "emotions": {
            emotion: {
                "class": label(here[0], settings),
                "clips": len(here),
                "actors": len({clip.actor for clip in here}),
            }
            for emotion in EMOTIONS
            if (here := [clip for clip in clips if clip.emotion == emotion])
        },
        **data.about,
        "features": {
            "definition": "log-mel spectrogram, dB over full scale",
            "bands": mel.n_mels,
            "frames": frames(mel),
            "frame_s": frame_s(mel),
            "range_db": RANGE_DB,
            "fitted": "nothing",
        },
        "counts": {
            f"{actor:02d}": dict(Counter(c.emotion for c in clips if c.actor == actor))
            for actor in actors
        },
        "decisions": data.decisions,
        "settings": settings.in_force(),
    }
