"""Runs that stand in TensorBoard's event files, with the settings that its hparams plugin keeps.

A file ``events.out.tfevents.…`` holds a record of TFRecord's framing for each ``Event``
(https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto and
``summary.proto`` there); settings and how a session ended are in summaries of
https://github.com/tensorflow/tensorboard/blob/master/tensorboard/plugins/hparams/plugin_data.proto

Which folders are one run is told as TensorBoard and its writers do it: folders below one with
settings belong to it; ``add_hparams`` of torch puts settings into a folder below the run's;
``add_scalars`` a curve into one that is called for its tag; Keras parts ``train`` and
``validation``.

torch and Lightning write that a session has ended well as soon as they write its settings, so an
end is believed only where something was logged before it and nothing after.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from uphold.errors import InputError
from uphold.format import count
from uphold.runlog.importers.each import each
from uphold.runlog.importers.folders import below, holding, holds
from uphold.runlog.importers.framing import content, tfrecords
from uphold.runlog.importers.imported import RESULT, SETTING, Imported, gathered, settings
from uphold.runlog.importers.protobuf import (
    Malformed,
    double,
    fields,
    integer,
    nested,
    single,
    text,
)
from uphold.runlog.importers.settings_files import read_settings

FORMAT = "TensorBoard's event files"
BESIDE_OTHERS = True
TOLD_BETTER = frozenset({"metrics.csv", "result.json", "progress.csv"})
"""Files beside event files in which Lightning and Ray keep the same run, and more of it."""

PARTS = frozenset({"train", "training", "validation", "val", "valid", "eval", "test"})
SUCCESS, RUNNING = 1, 3
STATES = {1: "finished", 2: "failed", 3: "running"}
LIGHTNINGS = "hparams.yaml"
PLACEHOLDER = "hp_metric"
"""Lightning logs it as -1 where nobody said which metric a run is judged by."""

WALL_TIME, SUMMARY = 1, 5
TAG, SIMPLE, TENSOR, METADATA = 1, 2, 8, 9
EXPERIMENT, START, END = 2, 3, 4
FLOAT, DOUBLE = 1, 2


def is_event_file(name: str) -> bool:
    """Return whether a file is one of events, by its name."""
    return ".tfevents." in name and not name.endswith((".profile-empty", "/"))


def is_it(path: Path) -> bool:
    """Return whether a path is an event file, or a folder with some in it or below it."""
    if is_event_file(path.name) and path.is_file():
        return True
    return holds(path, _has_events)


def _has_events(files: list[str]) -> bool:
    return any(map(is_event_file, files)) and not TOLD_BETTER & set(files)


@dataclass
class _Events:
    """What the event files of one folder hold; of each tag the last value, not yet decoded."""

    scalars: dict[bytes, tuple[int, bytes]] = field(default_factory=dict)
    tensors: set[bytes] = field(default_factory=set)
    last: float = 0.0
    settings: dict[str, Any] | None = None
    group: str | None = None
    end: int | None = None
    ended: float = 0.0
    later: set[bytes] = field(default_factory=set)
    judged_by: set[bytes] = field(default_factory=set)


def read(path: Path) -> Imported:
    """Return the runs in a folder.

    Parameters
    ----------
    path : Path
        A folder of runs, a run's folder or an event file.

    Raises
    ------
    InputError
        An event file is damaged, or no run is there.
    """
    notes: list[str] = []
    places = holding(path, _has_events)
    if path.is_file():
        path, places = path.parent, iter([(path.parent, [path.name])])
    found = dict(each(_events, places, notes))
    runs = _runs(found, path, notes)
    rows = [_row(folder, [(above, found[p]) for above, p in runs[folder]], path) for folder in runs]
    _tidy(rows)
    return gathered(rows, path, FORMAT, notes)


def _runs(
    found: Mapping[Path, _Events], root: Path, notes: list[str]
) -> dict[Path, list[tuple[str, Path]]]:
    """Return by run's folder the folders of which it is made, and what stands before their tags."""
    sessions: dict[Path, list[Path]] = {}
    for folder, events in found.items():
        if events.settings is not None:
            sessions.setdefault(folder.parent, []).append(folder)
    placed: dict[Path, tuple[Path, str]] = {}
    empty = 0
    for folder, events in found.items():  # those above come first
        above = folder.parent
        run = placed[above][0] if above in placed else above
        if events.settings is not None:
            joined = above in placed and found[above].settings is None
            placed[folder] = (run if joined else folder, "")
        elif held := next((p for p in folder.parents if _has_settings(found, p)), None):
            placed[folder] = (placed[held][0], f"{folder.relative_to(held).as_posix()}/")
        elif len(sessions.get(folder, ())) > 1:
            if events.scalars:
                notes.append(
                    f"{folder} has results beside the runs below it: they were left out, for they"
                    " are no one run's."
                )
        elif above in placed and (curve := _curve(folder, events)):
            placed[folder] = (run, curve)
        elif folder.name in PARTS and folder != root:
            placed[folder] = (run, f"{folder.name}/")
        elif events.scalars or folder in sessions:
            placed[folder] = (folder, "")
        else:
            empty += 1
    if empty:
        one = "One folder" if empty == 1 else f"{count(empty)} folders"
        notes.append(f"{one} of event files without a result: left out.")
    runs: dict[Path, list[tuple[str, Path]]] = {}
    for folder, (run, before) in placed.items():
        runs.setdefault(run, []).append((before, folder))
    return runs


def _has_settings(found: Mapping[Path, _Events], folder: Path) -> bool:
    return folder in found and found[folder].settings is not None


def _curve(folder: Path, events: _Events) -> str:
    """Return what stands for the tag of a folder that `add_scalars` made, else nothing."""
    if len(events.scalars) != 1:
        return ""
    start = next(map(_word, events.scalars)).replace("/", "_") + "_"
    return f"{folder.name.removeprefix(start)}/" if folder.name.startswith(start) else ""


def _events(place: tuple[Path, list[str]], notes: list[str]) -> tuple[Path, _Events]:
    """Return what stands in the event files of a folder."""
    folder, names = place
    found = _Events()
    for name in filter(is_event_file, names):
        _read(folder / name, found, notes)
    return folder, found


def _read(path: Path, events: _Events, notes: list[str]) -> None:
    with content(path) as data:
        for i, record in enumerate(tfrecords(data, path)):
            if record is None:
                notes.append(f"The last record of {path} is cut: it was left out.")
                return
            try:
                _event(record, events)
            except ValueError as error:
                raise InputError(
                    f"{path}: its record {i + 1} is no event ({error}). Move its run away to read"
                    " the others."
                ) from None


def _event(record: bytes, events: _Events) -> None:
    time = 0.0
    for number, given in fields(record):
        if number == WALL_TIME:
            time = double(given)
        elif number == SUMMARY:
            for n, value in fields(nested(given)):
                if n == 1:
                    _value(nested(value), time, events)


def _value(value: bytes, time: float, events: _Events) -> None:
    tag, kind, number, metadata = b"", 0, b"", b""
    for n, given in fields(value):
        if n == TAG:
            tag = nested(given)
        elif n in (SIMPLE, TENSOR):
            kind, number = n, nested(given)
        elif n == METADATA:
            metadata = nested(given)
    if metadata:
        plugin, inner = _plugin(metadata)
        if plugin == "hparams":
            _session(inner, time, events)
            return
        if plugin == "scalars":  # said of the first value of a tag only
            events.tensors.add(tag)
    if kind == SIMPLE or (kind == TENSOR and tag in events.tensors):
        events.scalars[tag] = kind, number
        events.last = time
        if events.end is not None:
            events.later.add(tag)


def _plugin(metadata: bytes) -> tuple[str, bytes]:
    name, inner = "", b""
    for n, data in fields(metadata):
        if n == 1:
            for m, given in fields(nested(data)):
                if m == 1:
                    name = text(given)
                elif m == 2:
                    inner = nested(given)
    return name, inner


def _session(data: bytes, time: float, events: _Events) -> None:
    for number, given in fields(data):
        if number == START:
            events.settings = {}
            for n, entry in fields(nested(given)):
                if n == 1:
                    key, value = _setting(nested(entry))
                    events.settings[key] = value
                elif n == 4:
                    events.group = text(entry)
        elif number == END:
            status = [integer(v) for n, v in fields(nested(given)) if n == 1]
            events.end, events.ended = status[-1] if status else 0, time
            events.later = set()
        elif number == EXPERIMENT:
            infos = [nested(v) for n, v in fields(nested(given)) if n == 5]
            names = [nested(v) for info in infos for n, v in fields(info) if n == 1]
            events.judged_by |= {nested(v) for name in names for n, v in fields(name) if n == 2}


def _setting(entry: bytes) -> tuple[str, Any]:
    """Return one setting; its value is a ``google.protobuf.Value``."""
    key = ""
    value: Any = None
    for number, given in fields(entry):
        if number == 1:
            key = text(given)
        elif number == 2:
            for n, v in fields(nested(given)):
                if n == 2:
                    value = double(v)
                elif n == 3:
                    value = text(v)
                elif n == 4:
                    value = bool(integer(v))
    return key.replace("/", "."), value


def _row(folder: Path, parts: list[tuple[str, _Events]], root: Path) -> dict[str, Any]:
    row: dict[str, Any] = {"run": below(folder, root)}
    session = next((events for _, events in parts if events.settings is not None), None)
    if session is not None:
        row |= {"group": session.group, "state": _state(session, [e for _, e in parts])}
        row |= settings(session.settings or {})
    elif (folder / LIGHTNINGS).is_file():
        row |= settings(read_settings(folder / LIGHTNINGS))
    if row.get("group") is None and folder.parent not in (root, root.parent):
        row["group"] = below(folder.parent, root)
    for before, events in parts:
        for tag, (kind, data) in events.scalars.items():
            row[f"{RESULT}{before}{_word(tag)}"] = _number(kind, data, folder)
    return row


def _state(session: _Events, parts: Sequence[_Events]) -> str | None:
    if session.end is None:
        return STATES[RUNNING]
    results = {tag for events in parts for tag in events.scalars} - {PLACEHOLDER.encode()}
    believed = (
        results
        and not session.later - session.judged_by
        and not any(events.last > session.ended for events in parts if events is not session)
    )
    return STATES.get(session.end) if believed or session.end != SUCCESS else None


def _number(kind: int, data: bytes, folder: Path) -> float:
    """Return a scalar: one of four bytes as the shortest decimal that stands for it."""
    try:
        if kind == SIMPLE:
            return float(str(np.float32(single(data))))
        dtype = [integer(v) for n, v in fields(data) if n == 1]
        numbers = [nested(v) for n, v in fields(data) if n in (4, 5, 6)]
        if len(numbers) == 1 and dtype == [FLOAT]:
            return float(str(np.float32(single(numbers[0]))))
        if len(numbers) == 1 and dtype == [DOUBLE]:
            return double(numbers[0])
        raise Malformed("a scalar that is not one number of four or eight bytes")
    except ValueError as error:
        raise InputError(
            f"{folder} has an event file with {error}. Move its run away to read the others."
        ) from None


def _word(tag: bytes) -> str:
    return tag.decode("utf-8", "replace")


def _tidy(rows: list[dict[str, Any]]) -> None:
    """Make whole numbers of settings that are whole in all runs: the plugin knows no such type.

    Lightning's placeholder goes where no run has anything else.
    """
    columns: dict[str, list[Any]] = {}
    for row in rows:
        for name, value in row.items():
            columns.setdefault(name, []).append(value)
    for name, values in columns.items():
        if name.startswith(SETTING) and all(
            isinstance(v, float) and v.is_integer() for v in values
        ):
            for row in rows:
                if name in row:
                    row[name] = int(row[name])
        elif name == f"{RESULT}{PLACEHOLDER}" and set(values) == {-1.0}:
            for row in rows:
                row.pop(name, None)
