"""The RAVDESS speech set as it lies on disk: ``Actor_XX/03-01-EE-II-SS-RR-AA.wav``.

In: the folder that holds the actors' folders. Out: `PreparedSpeech`, one item a file. Promised:
nothing is skipped silently: every file is used, or is an error, or falls under this rule and is
counted in the card: names that start with a dot, and documents (``.md``, ``.txt``) beside the
actors' folders. All that is wrong with names, places and sounds is named at once. A clip that is
there twice, byte for byte the same sound under two names, is an error: one of the names is wrong,
and it could stand on both sides of a split.
"""

import hashlib
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studies.speech.data.clip import BadName, Clip, parse
from studies.speech.data.prepared import PreparedSpeech, order
from studies.speech.data.spectrogram import log_mel
from studies.speech.settings.data import Data
from uphold.errors import InputError
from uphold.sources.audio import Sound, UnusableSound, read, resampled

FOLDER = re.compile(r"Actor_(\d\d)")
DOCUMENTS = frozenset({".md", ".txt"})
SHORTEST_S, LONGEST_S = 0.5, 60.0


def make(settings: Data) -> PreparedSpeech:
    """Return the data of a folder of actors.

    Raises
    ------
    InputError
        Where the folder or its files cannot be used; it names all that it finds at once.
    """
    root = Path(settings.path)
    found, ignored, problems = _listed(root)
    clips: list[Clip] = []
    spectra: list[NDArray[np.float32]] = []
    digests: dict[bytes, str] = {}
    stereo, seconds = 0, list[float]()
    for path in found:
        name = path.relative_to(root).as_posix()
        try:
            clip = _named(path)
            sound = _heard(path)
        except (BadName, UnusableSound) as error:
            problems.append(f"{name} {error}")
            continue
        other = digests.setdefault(hashlib.sha256(sound.samples.tobytes()).digest(), name)
        if other != name:
            problems.append(f"{other} and {name} are the same sound: keep the one that is right")
        if problems:
            continue
        mel = settings.spectrogram
        clips.append(clip)
        spectra.append(log_mel(resampled(sound, mel.sample_rate), mel))
        stereo += sound.channels > 1
        seconds.append(sound.seconds)
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems):,} problems"
        raise InputError("\n".join([f"{count} in {root}:", *(f"- {p}" for p in problems)]))
    places = sorted(range(len(clips)), key=lambda i: order(clips[i]))
    return PreparedSpeech(
        x=np.stack([spectra[i] for i in places]),
        clips=[clips[i] for i in places],
        about={
            "duration_s": round(sum(seconds), 3),
            "shortest_s": round(min(seconds), 3),
            "longest_s": round(max(seconds), 3),
            "mixed_down": stereo,
            "files_ignored": len(ignored),
        },
        decisions=["Emotions, actors and statements come from the names of the files."],
    )


def _listed(root: Path) -> tuple[list[Path], list[Path], list[str]]:
    """Return the clips, what is ignored, and a sentence on everything else."""
    if not root.is_dir():
        raise InputError(f"There is no folder {root} (setting studies.speech.data.path).")
    clips, ignored, problems = [], [], []
    for place in sorted(root.iterdir()):
        if place.name.startswith(".") or (place.is_file() and place.suffix in DOCUMENTS):
            ignored.append(place)
        elif not (place.is_dir() and FOLDER.fullmatch(place.name)):
            problems.append(f"{place.name} is no folder Actor_XX: move it elsewhere")
        else:
            inside = sorted(place.iterdir())
            ignored += [path for path in inside if path.name.startswith(".")]
            clips += [path for path in inside if not path.name.startswith(".")]
    if not clips and not problems:
        problems = [f"{root} holds no clip: put the folders Actor_01, Actor_02, … there"]
        raise InputError(problems[0] + " (setting studies.speech.data.path).")
    return clips, ignored, problems


def _named(path: Path) -> Clip:
    """Return the clip that a file is by its name, unless it lies with another actor's."""
    clip = parse(path.name)
    if path.parent.name != f"Actor_{clip.actor:02d}":
        raise BadName(f"is by actor {clip.actor:02d} and lies in {path.parent.name}: move it")
    return clip


def _heard(path: Path) -> Sound:
    """Return a clip's sound, unless it is too short or too long for one, or silent."""
    sound = read(path, ("WAV",))
    if not SHORTEST_S <= sound.seconds <= LONGEST_S:
        raise UnusableSound(
            f"lasts {sound.seconds:.2f} s; clips last from {SHORTEST_S:g} to {LONGEST_S:g} s"
        )
    if not sound.samples.any():
        raise UnusableSound("is silent from beginning to end: copy it again, or remove it")
    return sound
