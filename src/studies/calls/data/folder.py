"""Recordings of one's own: a folder a class, or a manifest that says what each file is.

In: a folder of WAV and FLAC files. Out: `PreparedCalls`, one item for each window of 3 s.

**Without a manifest** each sub-folder is a label (`labels` has the rules, those of
BirdNET-Analyzer) and holds its recordings directly; every split is drawn. **With a manifest**
(`manifest`; ``manifest.csv`` in the folder, or wherever the setting says) files may lie anywhere
below the folder, and the manifest says who is in and who is out of distribution.

Promised: nothing is skipped silently. Every file below the folder is used, or is an error, or falls
under this rule and is counted in the card: hidden files and folders (names that start with a dot),
``Thumbs.db`` and ``desktop.ini`` anywhere; the manifest; and documents (``.md``, ``.txt``, ``.csv``
or without a suffix) at the top of the folder. All that is wrong with the files is named at once.
"""

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studies.calls.data import features, labels, manifest, splits
from studies.calls.data.manifest import Row
from studies.calls.data.prepared import Item, PreparedCalls
from studies.calls.data.problems import refuse
from studies.calls.data.recordings import SUFFIXES, cut, read
from studies.calls.data.window import RATE, WINDOW_S
from studies.calls.settings.data import Data, Folder
from uphold.errors import InputError, nearest
from uphold.sources.audio import UnusableSound

SYSTEM_FILES = frozenset({"Thumbs.db", "desktop.ini"})
DOCUMENT_SUFFIXES = frozenset({".md", ".txt", ".csv", ""})


@dataclass(frozen=True)
class Heard:
    """What one recording has become."""

    digest: str
    duration_s: float
    starts_s: list[float]
    vectors: list[NDArray[np.float32]]
    padded: int
    left_out_s: float


def make(settings: Data) -> PreparedCalls:
    """Return the data of a folder of recordings.

    Raises
    ------
    InputError
        Where files, manifest or labels cannot be used; it names all that it finds at once.
    """
    ours = settings.folder
    root = Path(settings.path)
    recordings, ignored, others = _listed(root, ours)
    table = _manifest(root, ours)
    rows = manifest.read(table, recordings) if table else _by_folder(root, recordings, others)
    said = [labels.parse(row.label) for row in rows]
    columns = _classes(said, rows, settings)
    heard = _hear(root, rows, others)
    drawn, decisions = splits.complete(
        [row.split for row in rows],
        [(row.label, row.call_type, row.quality) for row in rows],
        [one.digest for one in heard],
        validation_share=ours.validation_share,
        test_share=ours.test_share,
        seed=ours.split_seed,
    )
    _check_copies(rows, heard, drawn, root)
    y = labels.multi_hot(said, columns)
    windows = [len(one.vectors) for one in heard]
    items = [
        Item(
            item=f"{row.path}@{start:g}",
            source=row.path,
            start_s=start,
            label=row.label,
            call_type=row.call_type,
            quality=row.quality,
            recorder=row.recorder,
            split=split,
            kind=row.kind,
        )
        for row, one, split in zip(rows, heard, drawn, strict=True)
        for start in one.starts_s
    ]
    return PreparedCalls(
        x=np.stack([vector for one in heard for vector in one.vectors]),
        y=np.repeat(y, windows, axis=0),
        items=items,
        classes=columns,
        about={
            "sample_rate_hz": RATE,
            "window_s": WINDOW_S,
            "duration_s": round(sum(one.duration_s for one in heard), 3),
            "features": features.DEFINITION,
            "recordings": len(rows),
            "windows": len(items),
            "recordings_of_several_windows": sum(n > 1 for n in windows),
            "windows_padded": sum(one.padded for one in heard),
            "left_out_s": round(sum(one.left_out_s for one in heard), 3),
            "files_ignored": len(ignored),
            "copies_within_a_split": len(heard) - len({one.digest for one in heard}),
        },
        decisions=[*decisions, *_flags(rows, drawn, ignored, table)],
    )


def _listed(root: Path, settings: Folder) -> tuple[set[str], list[str], list[str]]:
    """Return the recordings and the ignored files, as paths, and a sentence on each other file."""
    if not root.is_dir():
        raise InputError(f"There is no folder of recordings {root} (setting data.path).")
    recordings, ignored, others = set(), [], []
    table = _manifest(root, settings)
    for place, folders, files in os.walk(root, onerror=_stop):
        hidden = sorted(name for name in folders if name.startswith("."))
        ignored += [(Path(place) / name).relative_to(root).as_posix() + "/" for name in hidden]
        folders[:] = sorted(set(folders) - set(hidden))
        for name in sorted(files):
            path = Path(place) / name
            relative = path.relative_to(root).as_posix()
            suffix = path.suffix.lower()
            if suffix in SUFFIXES and not name.startswith("."):
                recordings.add(relative)
            elif (
                name.startswith(".")
                or name in SYSTEM_FILES
                or (table and table.exists() and path.samefile(table))
                or (Path(place) == root and suffix in DOCUMENT_SUFFIXES)
            ):
                ignored.append(relative)
            else:
                others.append(
                    f"{relative} is neither .wav nor .flac: convert it, or move it elsewhere"
                )
    if not recordings:
        refuse([*others, "there is no .wav or .flac file"], root)
    return recordings, ignored, others


def _stop(error: OSError) -> None:
    raise InputError(f"The folder {error.filename} cannot be read: {error.strerror}.") from error


def _manifest(root: Path, settings: Folder) -> Path | None:
    if settings.manifest:
        return Path(settings.manifest)
    return root / "manifest.csv" if (root / "manifest.csv").exists() else None


def _by_folder(root: Path, recordings: set[str], others: list[str]) -> list[Row]:
    """Return a row for each recording, its label the name of its folder."""
    rows, problems = [], []
    for path in sorted(recordings):
        parts = path.split("/")
        if len(parts) != 2:
            problems.append(
                f"{path} does not lie directly in a class folder: move it, or write a manifest.csv"
            )
        else:
            rows.append(Row(path=path, label=parts[0]))
    found = {row.label for row in rows}
    for folder in sorted(p.name for p in root.iterdir() if p.is_dir()):
        if folder.startswith("."):
            continue
        if not any(path.startswith(folder + "/") for path in recordings):
            problems.append(f"the class folder {folder} is empty: add recordings, or remove it")
    for folder in sorted(found):
        try:
            labels.parse(folder)
        except ValueError as error:
            problems.append(f"the folder {folder}: {error}; rename it")
        if folder != folder.strip():
            problems.append(
                f"the folder {folder!r} has blanks around its name: rename it to {folder.strip()!r}"
            )
    if problems:
        refuse([*others, *problems], root)
    return rows


def _classes(said: list[labels.Label], rows: list[Row], settings: Data) -> list[str]:
    """Return the classes, or say which label names none or is probably misspelt."""
    found = labels.classes(said)
    valid = list(settings.folder.classes) or found
    problems: dict[str, str] = {}
    for label, row in zip(said, rows, strict=True):
        for name in sorted((label.present | label.absent) - set(valid)):
            text = f"{row.path}: the label {row.label!r} names no class.{nearest(name, valid)}"
            problems.setdefault(name, text)
    if not settings.folder.classes:
        problems |= _misspelt(said, rows, settings.positive)
    problems |= {
        name: f"the class {name!r} (setting data.folder.classes) has no recording"
        for name in valid
        if name not in found
    }
    refuse(list(problems.values()), settings.path)
    labels.check_positive(settings.positive, found)
    return found


def _misspelt(said: list[labels.Label], rows: list[Row], positive: str) -> dict[str, str]:
    """Return a sentence for each label that is probably a misspelling of another."""
    given = Counter(name for label in said for name in label.present)
    problems = {}
    for name, meant in labels.misspelt(given, positive).items():
        first = next(row for label, row in zip(said, rows, strict=True) if name in label.present)
        others = f" (and {given[name] - 1:,} more)" if given[name] > 1 else ""
        problems[name] = (
            f"{first.path}{others}: the label {name!r} is very like {meant!r}, but would be a "
            f"class of its own. Did you mean {meant!r}? Correct it, or list every class in the "
            "setting data.folder.classes to say that both are meant"
        )
    return problems


def _hear(root: Path, rows: list[Row], others: list[str]) -> list[Heard]:
    """Return every recording as feature vectors, or name all files that cannot be used."""
    heard, problems = [], list(others)
    for row in rows:
        try:
            recording = read(root / row.path)
        except UnusableSound as error:
            problems.append(f"{row.path} {error}")
            continue
        if problems:
            continue
        windows = cut(recording.samples)
        vectors = [features.embed(window) for window in windows.windows]
        heard.append(
            Heard(
                recording.digest,
                recording.duration_s,
                windows.starts_s,
                vectors,
                windows.padded,
                windows.left_out_s,
            )
        )
    refuse(problems, root)
    return heard


def _check_copies(rows: list[Row], heard: list[Heard], drawn: list[str], root: Path) -> None:
    """Refuse a recording that is in two splits, or under two labels."""
    digests = [one.digest for one in heard]
    problems = [
        f"{one} and {other} are the same recording on two sides of a split: keep one of them"
        for one, other in splits.crossings(drawn, digests, [row.path for row in rows])
    ]
    first: dict[str, Row] = {}
    for row, digest in zip(rows, digests, strict=True):
        other = first.setdefault(digest, row)
        if labels.parse(other.label) != labels.parse(row.label):
            problems.append(
                f"{other.path} and {row.path} are the same recording under two labels, "
                f"{other.label!r} and {row.label!r}: keep the right one (a recording with two "
                "classes has the label 'A,B')"
            )
    refuse(problems, root)


def _flags(rows: list[Row], drawn: list[str], ignored: list[str], table: Path | None) -> list[str]:
    """Return sentences on what a reader of the data should know."""
    known = sorted({row.recorder for row, split in zip(rows, drawn, strict=True) if split != "ood"})
    foreign = {row.recorder for row, split in zip(rows, drawn, strict=True) if split == "ood"}
    shared = [name for name in known if name and name in foreign]
    flags = [
        f"Labels and metadata come from {table.name}."
        if table
        else "Labels come from the names of the folders."
    ]
    if shared:
        flags.append(f"Recorders both in ood and in another split: {', '.join(shared)}.")
    if ignored:
        flags.append(f"Files ignored by rule: {', '.join(ignored)}.")
    return flags
