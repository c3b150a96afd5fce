"""The RAVDESS speech set as it lies on disk: ``Actor_XX/03-01-EE-II-SS-RR-AA.wav``.

In: the folder that holds the actors' folders, or folders with them, as archives unpack. Out:
`PreparedSpeech`, one item a clip. Promised: nothing is skipped silently: every file is used, or is
an error, or falls under the rule of `uphold.sources.tree` and is counted in the card. A file that
is there twice under one name, byte for byte, as in the tree that Kaggle unpacks to, is read once,
which the card says. All that is wrong with names, places and sounds is named at once. A clip that
is the same sound under two names is an error: one of the names is wrong, and it could stand on both
sides of a split.
"""

import hashlib
import re
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

from studies.speech.data.clip import BadName, Clip, parse
from studies.speech.data.prepared import PreparedSpeech, order
from studies.speech.data.spectrogram import log_mel
from studies.speech.settings.data import Data
from uphold.errors import InputError
from uphold.sources import limits, tree
from uphold.sources.audio import Sound, UnusableSound, read, resampled

FOLDER = re.compile(r"Actor_(\d\d)", re.IGNORECASE)
MOST = 20
"""Problems with names that are told, of one kind and one folder as one."""
SETTING = "data.ravdess.at_most"
SHORTEST_S, LONGEST_S = 0.5, 60.0


def make(settings: Data) -> PreparedSpeech:
    """Return the data of a folder of actors.

    Raises
    ------
    InputError
        Where the folder or its files cannot be used; it names all that it finds at once.
    """
    root = Path(settings.path)
    if not root.is_dir():
        raise InputError(f"There is no folder {root} (setting studies.speech.path).")
    lying = tree.read(root)
    files, twice, problems = _once(lying.sounds, root)
    named, wrong = _named(files)
    problems += [*lying.problems(), *_misplaced(lying.folders, files), *wrong]
    problems += [] if wrong else _empty(lying)  # clips that lie elsewhere are told by themselves
    if not named and not problems:
        raise InputError(
            f"{root} holds no clip: put the folders Actor_01, Actor_02, … there (setting "
            "studies.speech.path)."
        )
    used = _used(list(named.values()), settings)
    clips: list[Clip] = []
    spectra: list[NDArray[np.float32]] = []
    digests: dict[bytes, str] = {}
    stereo, seconds, open_ended = 0, list[float](), list[str]()
    for name in [list(named)[k] for k in used]:
        try:
            sound = _heard(root / name)
            samples = resampled(sound, settings.spectrogram.sample_rate)
        except UnusableSound as error:
            problems.append(f"{name} {error}")
            continue
        other = digests.setdefault(hashlib.sha256(sound.samples.tobytes()).digest(), name)
        if other != name:
            problems.append(f"{other} and {name} are the same sound: keep the one that is right")
        if problems:
            continue
        clips.append(named[name])
        spectra.append(log_mel(samples, settings.spectrogram))
        stereo += sound.channels > 1
        open_ended += [name] * sound.open_ended
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
            "files_ignored": len(lying.ignored),
            "files_read_once": len(twice),
            "used": limits.card("clip", len(clips), len(named), settings.ravdess.at_most),
        },
        decisions=[
            "Emotions, actors and statements come from the names of the files.",
            *_limited(len(clips), len(named), settings),
            *_decisions(lying, twice, open_ended),
        ],
    )


def _used(clips: list[Clip], settings: Data) -> list[int]:
    """Return the places of the clips that are used."""
    ours = settings.ravdess
    strata = [(clip.actor, clip.emotion) for clip in clips]
    return limits.drawn(strata, ours.at_most, ours.split_seed, SETTING).tolist()


def _limited(used: int, of: int, settings: Data) -> list[str]:
    ours = settings.ravdess
    if used == of:
        return []
    return [
        f"{used:,} of {of:,} clips are used ({SETTING} is {ours.at_most:,}), drawn by actor and "
        f"emotion, seed {ours.split_seed}; the others were not heard."
    ]


def _once(files: list[str], root: Path) -> tuple[list[str], list[tuple[str, str]], list[str]]:
    """Return each file once, those that are there again, and a sentence on what differs.

    Of equal files the one that lies highest is kept.
    """
    first: dict[str, str] = {}
    twice, problems = [], []
    for file in sorted(files, key=lambda file: (file.count("/"), file)):
        kept = first.setdefault(PurePosixPath(file).name.lower(), file)
        if kept == file:
            continue
        if _digest(root / kept) == _digest(root / file):
            twice.append((kept, file))
        else:
            problems.append(f"{kept} and {file} have one name and differ: keep the right one")
    return sorted(first.values()), twice, problems


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _named(files: list[str]) -> tuple[dict[str, Clip], list[str]]:
    """Return the clip that each file is by its name, and sentences on those that are none."""
    named: dict[str, Clip] = {}
    wrong: dict[tuple[str, str], list[str]] = {}
    for file in files:
        path = PurePosixPath(file)
        try:
            clip = parse(path.name)
            if not (found := FOLDER.fullmatch(path.parent.name)):
                raise BadName(f"lies in no folder Actor_XX: move it into Actor_{clip.actor:02d}")
            if int(found[1]) != clip.actor:
                raise BadName(
                    f"is by actor {clip.actor:02d} and lies in {path.parent.name}: move it"
                )
            named[file] = clip
        except BadName as error:
            wrong.setdefault((str(path.parent), str(error)), []).append(file)
    problems = []
    for (folder, why), alike in wrong.items():
        where = "beside it" if folder == "." else f"in {folder}"
        more = f"; so it is with {len(alike) - 1:,} more files {where}" if alike[1:] else ""
        problems.append(f"{alike[0]} {why}{more}")
    if len(problems) > MOST:
        count = sum(map(len, wrong.values()))
        problems = [*problems[:MOST], f"… {count:,} such files in all"]
    return named, problems


def _misplaced(folders: list[str], files: list[str]) -> list[str]:
    """Return a sentence on outermost folders that are no actor's and hold neither one nor files."""
    told: list[str] = []
    for folder in folders:
        # Of a file that lies wrong its own sentence tells.
        below = tuple(f"{outer}/" for outer in told)
        if folder.startswith(below) or any(file.startswith(f"{folder}/") for file in files):
            continue
        inside = [other for other in folders if other.startswith(f"{folder}/")]
        parts = [PurePosixPath(path).name for path in (folder, *inside)]
        outer = PurePosixPath(folder).parent.parts
        if not any(FOLDER.fullmatch(part) for part in (*parts, *outer)):
            told.append(folder)
    return [f"{folder} is no folder Actor_XX: move it elsewhere" for folder in told]


def _empty(lying: tree.Tree) -> list[str]:
    """Return a sentence on each actor's folder in which nothing lies."""
    inside = [*lying.sounds, *lying.others, *lying.dangling, *lying.folders]
    return [
        f"{folder} is empty: copy the actor's clips there, or remove the folder"
        for folder in lying.folders
        if FOLDER.fullmatch(PurePosixPath(folder).name)
        and not any(path.startswith(f"{folder}/") for path in inside)
    ]


def _decisions(lying: tree.Tree, twice: list[tuple[str, str]], open_ended: list[str]) -> list[str]:
    """Return sentences on the files themselves."""
    said = []
    if twice:
        said.append(
            f"{len(twice):,} files are there again, byte for byte under the same name, such as "
            f"{twice[0][0]} and {twice[0][1]}: each is read once."
        )
    if open_ended:
        said.append(
            "Read to the end of the file, because the header gives no length: "
            f"{', '.join(open_ended)}."
        )
    return [*said, *lying.decisions("speech")]


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
