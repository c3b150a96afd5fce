"""Recordings of one's own: a folder a class, or a manifest that says what each file is.

In: a folder of sound files (`uphold.sources.audio`). Out: `PreparedCalls`, one item for each window
of 3 s.

**Without a manifest** the outermost folder that a recording lies in is its label (`labels` has the
rules, those of BirdNET-Analyzer); further folders inside are no matter; every split is drawn.
**With a manifest** (`manifest`; ``manifest.csv`` or ``manifest.tsv`` in the folder, or wherever the
setting says) files may lie anywhere below the folder, and the manifest says who is in and who is
out of distribution.

Promised: nothing is skipped silently. Every file below the folder is used, or is an error, or is
the manifest, or falls under the rule of `uphold.sources.tree` and is counted in the card; where a
limit is set, the card says how much was drawn. All that is wrong with the files is named at once.
"""

from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from studies.calls.data import features, labels, limit, manifest, splits
from studies.calls.data.manifest import Row
from studies.calls.data.prepared import Item, PreparedCalls
from studies.calls.data.problems import once, refuse
from studies.calls.data.recordings import cut, read
from studies.calls.data.window import RATE, WINDOW_S
from studies.calls.settings.data import Data, Folder
from uphold.errors import InputError, nearest
from uphold.sources import tree
from uphold.sources.audio import UnusableSound

MANIFESTS = ("manifest.csv", "manifest.tsv")
OUTERMOST = (
    "put the folders of classes outermost, or write a manifest.csv with the columns path and label"
)
SILENT = (
    "is silent from beginning to end, and its label says that there is a call: copy it again, "
    "label it as noise, or remove it"
)
BY_FOLDERS = "Labels come from the names of the folders."


@dataclass(frozen=True)
class Heard:
    """What one recording has become."""

    digest: str
    duration_s: float
    starts_s: list[float]
    vectors: list[NDArray[np.float32]]
    padded: int
    left_out_s: float
    lossy: bool
    open_ended: bool


def make(settings: Data) -> PreparedCalls:
    """Return the data of a folder of recordings.

    Raises
    ------
    InputError
        Where files, manifest or labels cannot be used; it names all that it finds at once.
    """
    ours = settings.folder
    root = Path(settings.path)
    if not root.is_dir():
        raise InputError(
            f"There is no folder of recordings {root} (studies.calls.path in params.yaml)."
        )
    table = _manifest(root, ours)
    found = _listed(root, table)
    others = found.problems()
    if table:
        rows = manifest.read(table, found.sounds)
    else:
        rows = _by_folder(root, found, others, settings.positive)
    said = [labels.parse(row.label) for row in rows]
    columns = _classes(said, rows, settings)
    used = limit.chosen(root, rows, ours)
    rows = used.rows
    heard = _hear(root, rows, used.windows, others)
    said = [labels.parse(row.label) for row in rows]
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
            "recordings_without_length": sum(one.open_ended for one in heard),
            "recordings_of_lossy_formats": sum(one.lossy for one in heard),
            "files_ignored": len(found.ignored),
            "copies_within_a_split": len(heard) - len({one.digest for one in heard}),
            **({"used": used.card} if used.card else {}),
        },
        decisions=[
            *used.decisions,
            *decisions,
            f"Labels and metadata come from {table.name}." if table else BY_FOLDERS,
            *_flags(rows, drawn),
            *_found(rows, heard, found),
        ],
    )


def _listed(root: Path, table: Path | None) -> tree.Tree:
    """Return what lies in the folder, the manifest among what is ignored."""
    found = tree.read(root)
    for name in list(found.others):
        if table and table.exists() and (root / name).samefile(table):
            found.others.remove(name)
            found.ignored.append(name)
    if not found.sounds:
        refuse([*found.problems(), "there is no recording (.wav, .flac, …)"], root)
    return found


def _manifest(root: Path, settings: Folder) -> Path | None:
    if settings.manifest:
        return Path(settings.manifest)
    there = [path for path in sorted(root.iterdir()) if path.name.lower() in MANIFESTS]
    if len(there) > 1:
        raise InputError(
            f"{root} holds {' and '.join(path.name for path in there)}: keep one, or name it in "
            "the setting data.folder.manifest."
        )
    return there[0] if there else None


def _by_folder(root: Path, found: tree.Tree, others: list[str], positive: str) -> list[Row]:
    """Return a row for each recording, its label the name of its outermost folder."""
    parts = {path: path.split("/") for path in found.sounds}
    rows = [Row(path=path, label=p[0]) for path, p in parts.items() if len(p) > 1]
    names = {row.label for row in rows}
    inside = [path for path, p in parts.items() if positive in map(labels.composed, p[1:-1])]
    if inside and positive not in map(labels.composed, names):
        refuse(
            [
                *others,
                f"{inside[0]} has the folder {positive!r} inside {parts[inside[0]][0]!r}, and the "
                f"outermost folder is the label: {OUTERMOST}",
            ],
            root,
        )
    problems = _misplaced(parts, names)
    top = sorted(name for name in {*found.folders, *found.linked} if "/" not in name)
    again = [name for name in top if name not in found.folders]
    empty = [name for name in top if name in found.folders and name not in names]
    problems += once(
        [f"the folder {x} is a link to what is read already: remove one of the two" for x in again],
        f"the folder {''.join(again[:1])} is a link to what is read already, and so are",
        ": remove them",
    )
    problems += once(
        [f"the class folder {name} is empty: add recordings, or remove it" for name in empty],
        f"the class folder {''.join(empty[:1])} is empty, and so are",
        ": add recordings, or remove them",
    )
    for folder in sorted(names):
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


def _misplaced(parts: dict[str, list[str]], names: set[str]) -> list[str]:
    """Return a sentence on recordings in no class folder, and on those in folders of two."""
    problems = []
    if loose := [path for path, p in parts.items() if len(p) == 1]:
        more = f" and {len(loose) - 1:,} more lie" if len(loose) > 1 else " lies"
        problems.append(
            f"{loose[0]}{more} in no class folder: move them into one, or write a manifest.csv"
        )
    meant = {name.lower() for name in names} | labels.NEGATIVE_NAMES
    inside: dict[tuple[str, str], str] = {}
    for path, p in parts.items():
        if within := [name for name in p[1:-1] if name.lower() in meant - {p[0].lower()}]:
            inside.setdefault((p[0], within[0]), path)
    if inside:
        (outer, inner), path = next(iter(inside.items()))
        wrong = f"{path} lies in the folder {inner!r} of one class inside {outer!r} of another"
        if len(inside) == 1:
            problems.append(f"{wrong}: move the folder")
        else:
            problems.append(
                f"{wrong}, and so do recordings in {len(inside) - 1:,} more folders: {OUTERMOST}"
            )
    return problems


def _classes(said: list[labels.Label], rows: list[Row], settings: Data) -> list[str]:
    """Return the classes, or say which label names none or is probably misspelt."""
    found = labels.classes(said)
    valid = list(settings.folder.classes) or found
    unknown: dict[str, Row] = {}
    for label, row in zip(said, rows, strict=True):
        for name in sorted((label.present | label.absent) - set(valid)):
            unknown.setdefault(name, row)
    problems = _unknown(unknown, valid)
    if not settings.folder.classes:
        problems += _misspelt(said, rows, settings.positive)
    problems += [
        f"the class {name!r} (setting data.folder.classes) has no recording"
        for name in valid
        if name not in found
    ]
    refuse(problems, settings.path)
    labels.check_positive(settings.positive, found)
    return found


def _unknown(unknown: dict[str, Row], valid: list[str]) -> list[str]:
    """Return sentences on labels that name no class, by what may be meant."""
    hints: dict[str, list[Row]] = {}
    for name, row in unknown.items():
        hints.setdefault(nearest(name, valid), []).append(row)
    problems = []
    for hint, rows in hints.items():
        wrong = [f"{row.path}: the label {row.label!r} names no class" for row in rows]
        problems += once(
            [f"{one}.{hint}" for one in wrong],
            f"{wrong[0]}, and so do",
            f" labels.{hint} Move what is none elsewhere, or add it to the setting "
            "data.folder.classes",
        )
    return problems


def _misspelt(said: list[labels.Label], rows: list[Row], positive: str) -> list[str]:
    """Return sentences on labels that are probably misspellings of others, by what is meant."""
    given = Counter(name for label in said for name in label.present)
    alike: dict[str, list[str]] = {}
    for name, meant in labels.misspelt(given, positive).items():
        first = next(row for label, row in zip(said, rows, strict=True) if name in label.present)
        others = f" (and {given[name] - 1:,} more)" if given[name] > 1 else ""
        alike.setdefault(meant, []).append(
            f"{first.path}{others}: the label {name!r} is very like {meant!r}, but would be a "
            "class of its own"
        )
    problems = []
    for meant, wrong in alike.items():
        problems += once(
            [
                f"{one}. Did you mean {meant!r}? Correct it, or list every class in the setting "
                "data.folder.classes to say that both are meant"
                for one in wrong
            ],
            f"{wrong[0]}, and so would",
            f" labels. Did you mean {meant!r}? Correct them, or list every class in the setting "
            "data.folder.classes to say that all are meant",
        )
    return problems


def _hear(
    root: Path, rows: list[Row], kept: Sequence[Container[int] | None], others: list[str]
) -> list[Heard]:
    """Return every recording as feature vectors, or name all files that cannot be used."""
    heard: list[Heard] = []
    unusable: dict[str, list[str]] = {}
    for row, windows_kept in zip(rows, kept, strict=True):
        try:
            recording = read(root / row.path)
            if labels.parse(row.label).present and not recording.samples.any():
                raise UnusableSound(SILENT)
        except UnusableSound as error:
            unusable.setdefault(str(error), []).append(f"{row.path} {error}")
            continue
        if others or unusable:
            continue
        windows = cut(recording.samples, windows_kept)
        vectors = [features.embed(window) for window in windows.windows]
        heard.append(
            Heard(
                recording.digest,
                recording.duration_s,
                windows.starts_s,
                vectors,
                windows.padded,
                windows.left_out_s,
                recording.lossy,
                recording.open_ended,
            )
        )
    problems = list(others)
    for same in unusable.values():
        problems += once(same, f"{same[0]}; so it is with", " files")
    refuse(problems, root)
    return heard


def _check_copies(rows: list[Row], heard: list[Heard], drawn: list[str], root: Path) -> None:
    """Refuse a recording that is in two splits, or under two labels."""
    digests = [one.digest for one in heard]
    crossing = [
        f"{one} and {other} are the same recording on two sides of a split"
        for one, other in splits.crossings(drawn, digests, [row.path for row in rows])
    ]
    problems = once(
        [f"{pair}: keep one of them" for pair in crossing],
        f"{''.join(crossing[:1])}, and so are",
        " pairs: keep one of each",
    )
    first: dict[str, Row] = {}
    pairs: dict[tuple[str, str], list[str]] = {}
    for row, digest in zip(rows, digests, strict=True):
        other = first.setdefault(digest, row)
        if labels.parse(other.label) != labels.parse(row.label):
            pairs.setdefault((other.label, row.label), []).append(
                f"{other.path} and {row.path} are the same recording under two labels, "
                f"{other.label!r} and {row.label!r}"
            )
    right = "keep the right one (a recording with two classes has the label 'A,B')"
    for same in pairs.values():
        problems += once(
            [f"{pair}: {right}" for pair in same],
            f"{same[0]}, and so are",
            f" pairs: {right}",
        )
    refuse(problems, root)


def _flags(rows: list[Row], drawn: list[str]) -> list[str]:
    """Return sentences on what a reader of the data should know of their recorders."""
    known = sorted({row.recorder for row, split in zip(rows, drawn, strict=True) if split != "ood"})
    foreign = {row.recorder for row, split in zip(rows, drawn, strict=True) if split == "ood"}
    shared = [name for name in known if name and name in foreign]
    return [f"Recorders both in ood and in another split: {', '.join(shared)}."] if shared else []


def _found(rows: list[Row], heard: list[Heard], found: tree.Tree) -> list[str]:
    """Return sentences on the files themselves."""
    flags = []
    lossy = [row.path for row, one in zip(rows, heard, strict=True) if one.lossy]
    without = [row.path for row, one in zip(rows, heard, strict=True) if one.open_ended]
    if without:
        flags.append(
            "Read to the end of the file, because the header gives no length, as where a recorder "
            f"stopped before it closed the file: {', '.join(without)}."
        )
    if lossy:
        flags.append(
            f"{len(lossy):,} recordings are Ogg or MP3, such as {lossy[0]}: a copy of one of them "
            "in another format is not recognised as a copy."
        )
    return [*flags, *found.decisions("calls")]
