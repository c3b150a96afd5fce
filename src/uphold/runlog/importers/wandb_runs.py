"""W&B's runs on disk, offline or synced, read from their logs.

A run folder holds ``run-<id>.wandb``: seven bytes of a header, then records in LevelDB's framing,
each a ``Record`` of
https://github.com/wandb/wandb/blob/main/wandb/proto/wandb_internal.proto
Settings are those of its run and config records, results those of the summary and, where it does
not name one, the last one in the history: W&B's own answer, which is the best value where a metric
was defined so. A value is JSON; a run ends by an exit record.
"""

import json
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from uphold.errors import InputError
from uphold.runlog.importers.each import each
from uphold.runlog.importers.framing import content, leveldb
from uphold.runlog.importers.imported import (
    RESULT,
    TAG,
    Damaged,
    Imported,
    Row,
    gathered,
    or_damaged,
    settings,
)
from uphold.runlog.importers.json_text import json_of
from uphold.runlog.importers.protobuf import (
    Malformed,
    double,
    fields,
    integer,
    nested,
    text,
    varint,
)
from uphold.runlog.importers.settings_files import read_settings

FORMAT = "W&B's runs"
HEADER = b":W&B\xe1\xbe\x00"
"""What a log begins with: its mark, a magic number, version 0."""

RUN_FOLDER = re.compile(r"(offline-)?run-\d{8}_\d{6}-.+")
LOG = ".wandb"
PLACES = ("wandb", ".wandb")
INTERNAL = frozenset({"_step", "_runtime", "_timestamp", "_wandb"})
SPECIAL = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}
AT_MOST_INSIDE = 20
INTERRUPTED = 255
"""The exit code that W&B gives to a run that was stopped from the keyboard."""

HISTORY, SUMMARY, CONFIG, RUN, EXIT = 2, 3, 5, 17, 18
KEY, NESTED_KEY, JSON = 1, 2, 16
NONE, BOOLEAN, WHOLE, NUMBER, TEXT, OTHER_JSON = 3, 4, 5, 6, 7, 8
UPDATE, REMOVE = 1, 2


def is_it(path: Path) -> bool:
    """Return whether a path is a log, a run's folder, a folder of those, or one with `wandb/`."""
    return next(_logs(path), None) is not None


def read(path: Path) -> Imported:
    """Return the runs.

    Parameters
    ----------
    path : Path
        A project's folder with ``wandb/`` in it, that folder, a run's folder in it, or its log.

    Raises
    ------
    InputError
        Two runs have one id, or none can be read: logs that are damaged are left out and named.
    """
    try:
        logs = sorted(_logs(path))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from None
    rows: list[Row] = []
    notes: list[str] = []
    places: dict[str, Path] = {}
    for log, row in zip(logs, each(partial(or_damaged, _run), logs, notes), strict=True):
        if row is None:
            continue
        if isinstance(row, Damaged):
            rows.append(row)
            continue
        other = places.setdefault(row["run"], log)
        if other is not log:
            raise InputError(
                f"{log.parent} and {other.parent} are two runs with the id {row['run']!r}, as a"
                " run has that was resumed: move the one that is not meant out of the folder."
            )
        rows.append(row)
    return gathered(rows, path, FORMAT, notes)


def _logs(path: Path) -> Iterator[Path]:
    """Yield the logs, or the folder of a run that has none."""
    if path.is_file():
        if path.suffix == LOG or _begins(path):
            yield path
        return
    names = _names(path)
    own = [path / name for name in names if name.endswith(LOG) and name != LOG]
    if own or RUN_FOLDER.fullmatch(path.resolve().name):
        yield from own or [path]
        return
    found = [name for name in names if RUN_FOLDER.fullmatch(name)]
    for name in found:
        folder = path / name
        if folder.is_dir():
            logs = [folder / n for n in _names(folder) if n.endswith(LOG) and n != LOG]
            yield from logs or [folder]
    if not found:
        for name in PLACES:
            if name in names and any(map(RUN_FOLDER.fullmatch, _names(path / name))):
                yield from _logs(path / name)


def _names(folder: Path) -> list[str]:
    return [inner.name for inner in folder.iterdir()]


def _begins(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(HEADER)) == HEADER


def _run(log: Path, notes: list[str]) -> dict[str, Any] | None:
    """Return a run's row, None where its log ends before it begins."""
    if log.suffix != LOG:
        raise InputError(
            f"{log} is the folder of a W&B run without its log, run-….wandb: copy the log there,"
            " or move the folder away."
        )
    found = _Found()
    cut = False
    with content(log) as data:
        if data[: len(HEADER)] != HEADER[: len(data)]:
            raise InputError(
                f"{log} is no log of W&B that is known: it begins with {data[:7]!r} and not with"
                f" {HEADER!r}. Move its run away."
            )
        for i, record in enumerate(leveldb(data, len(HEADER), log)):
            if record is None:
                cut = True
                break
            try:
                found.add(record)
            except ValueError as error:
                raise InputError(
                    f"{log}: its record {i + 1} is none of a run ({error}). Move its run away."
                ) from None
    if found.run is None:
        notes.append(f"{log} ends before its run begins: it was left out.")
        return None
    row = _row(found, log)
    state = "its run has no end there and counts as running" if found.exit is None else "it is read"
    if cut:
        notes.append(f"The last record of {log} is cut: {state}.")
    return row


class _Found:
    """What is in a log, of each key the last value only, not yet made a value of Python."""

    def __init__(self) -> None:
        self.run: dict[str, Any] | None = None
        self.exit: int | None = None
        self.config: dict[bytes, bytes] = {}
        self.summary: dict[bytes, bytes] = {}
        self.history: dict[bytes, bytes] = {}

    def add(self, record: bytes) -> None:
        """Take a record in."""
        for number, value in fields(record):
            if number == HISTORY:
                _update(self.history, nested(value))
            elif number == SUMMARY:
                _update(self.summary, nested(value))
            elif number == CONFIG:
                _update(self.config, nested(value))
            elif number == RUN:
                self._begin(nested(value))
            elif number == EXIT:
                codes = [integer(v) for n, v in fields(nested(value)) if n == 1]
                self.exit = codes[-1] if codes else 0

    def _begin(self, record: bytes) -> None:
        names = {1: "run", 3: "project", 6: "group", 7: "job_type", 8: "name", 12: "sweep"}
        names |= {9: "notes"}
        run: dict[str, Any] = self.run if self.run is not None else {}
        tags = []
        for number, value in fields(record):
            if number in names:
                run[names[number]] = text(value)
            elif number == 10:
                tags.append(text(value))
            elif number == 4:
                _update(self.config, nested(value))
            elif number == 5:
                _update(self.summary, nested(value))
        self.run = run | ({"tags": tags} if tags else {})


def _update(found: dict[bytes, bytes], record: bytes) -> None:
    """Take in a record of history, summary or config: items to update, keys to remove."""
    for number, value in fields(record):
        if number == UPDATE:
            key, given = _split(nested(value))
            found[key] = given
        elif number == REMOVE:
            found.pop(_split(nested(value))[0], None)


def _split(item: bytes) -> tuple[bytes, bytes]:
    """Return an item's key and its value, neither decoded: the key is its first fields, 1 or 2."""
    at, end = 0, len(item)
    while at + 1 < end and item[at] in (10, 18):
        length = item[at + 1]
        at += 2
        if length > 127:
            length, at = varint(item, at - 1)
        at += length
    return item[:at], item[at:]


@lru_cache(10_000)
def _name(key: bytes) -> str:
    """Return a key's words joined by dots, nothing where it is one of W&B's own."""
    words = [text(v) for n, v in fields(key) if n in (KEY, NESTED_KEY)]
    if not words:
        raise Malformed("a value without a key")
    return "" if words[0] in INTERNAL else ".".join(words)


def _values(found: Mapping[bytes, bytes], source: str) -> dict[str, Any]:
    """Return values by key, without W&B's own."""
    kept = {name: given for key, given in found.items() if (name := _name(key))}
    texts = [given[3:] for given in kept.values() if _is_short_json(given)]
    if len(texts) == len(kept):
        try:
            values = json.loads(b"[" + b",".join(texts) + b"]")
            if len(values) == len(kept) and not any(map(_is_odd, texts)):
                return dict(zip(kept, values, strict=True))
        except (ValueError, RecursionError):
            pass  # one by one it is said which
    return {name: _value(given, f"{source}, the value of {name}") for name, given in kept.items()}


def _is_short_json(value: bytes) -> bool:
    return value[:2] == b"\x82\x01" and len(value) > 2 and value[2] == len(value) - 3


def _is_odd(text: bytes) -> bool:
    """Return whether `json_of` looks at a text more closely: half a letter, or much nesting."""
    return b"\\u" in text or text.count(b"[") + text.count(b"{") > AT_MOST_INSIDE


def _value(item: bytes, source: str) -> Any:
    value: Any = None
    for number, given in fields(item):
        if number in (JSON, OTHER_JSON):
            value = json_of(text(given), source)
        elif number == BOOLEAN:
            value = bool(integer(given))
        elif number == WHOLE:
            folded = integer(given) & (1 << 64) - 1
            value = folded >> 1 ^ -(folded & 1)
        elif number == NUMBER:
            value = double(given)
        elif number == TEXT:
            value = text(given)
    return value


def _row(found: _Found, log: Path) -> dict[str, Any]:
    run = found.run or {}
    try:
        config = _values(found.config, str(log))
        results = _values(found.history, str(log)) | _values(found.summary, str(log))
    except ValueError as error:
        raise InputError(
            f"{log} holds a value that cannot be read ({error}). Move its run away."
        ) from None
    files = log.parent / "files"
    if not config:
        config = _config_file(files / "config.yaml")
    if not results:
        results = _summary_file(files / "wandb-summary.json")
    name = run.get("run") or log.stem.removeprefix("run-")
    group = run.get("group") or run.get("sweep")
    state = {None: "running", 0: "finished", INTERRUPTED: "killed"}.get(found.exit, "failed")
    row = {"run": name, "name": run.get("name") or None, "group": group, "state": state}
    row |= settings(config)
    noted = {key: run[key] for key in ("project", "job_type", "sweep", "notes") if run.get(key)}
    if "tags" in run:
        noted["tags"] = ", ".join(run["tags"])
    return row | _results(results) | settings(noted, TAG)


def _results(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return numbers as results, texts as tags; pictures, tables and histograms are neither.

    Those have a ``_type``, beside which W&B 0.31 keeps each of their values under its own key.
    """
    plain = dict(_plain(values))
    typed = tuple(name.removesuffix("_type") for name in plain if name.endswith("._type"))
    row: dict[str, Any] = {}
    for name, value in plain.items():
        given = SPECIAL.get(value, value) if isinstance(value, str) else value
        if typed and name.startswith(typed):
            continue
        if isinstance(given, int | float):
            row[f"{RESULT}{name}"] = given
        elif isinstance(given, str):
            row[f"{TAG}{name}"] = given
    return row


def _plain(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _plain(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def _config_file(path: Path) -> dict[str, Any]:
    """Return the settings of ``config.yaml``, each of which stands below ``value``."""
    if not path.is_file():
        return {}
    return {
        str(key): given["value"]
        for key, given in read_settings(path).items()
        if isinstance(given, Mapping) and "value" in given and key not in INTERNAL
    }


def _summary_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        found = json_of(path.read_text("utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read ({error}): move its run away.") from None
    if not isinstance(found, dict):
        raise InputError(f"{path} holds no results by name: copy it again, or move its run away.")
    return {key: value for key, value in found.items() if key not in INTERNAL}
