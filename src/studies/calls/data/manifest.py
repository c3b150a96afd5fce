"""The manifest: a table with one row a recording, which says what the recording is.

It is text as spreadsheets save it: cells between commas, semicolons or tabs; UTF-8 or UTF-16;
columns in any order and in upper or lower case.

==========  ======================================================================================
column      meaning
==========  ======================================================================================
path        the file, relative to the folder of recordings, with ``/`` or ``\\`` between folders;
            required. Upper and lower case are one where only one recording can be meant
label       by the rules of `labels`; empty is a negative. Without this column: the name of the
            folder that the file lies in
call_type   what kind of call, any text
quality     high, medium or low
recorder    device or place, any text
split       train, validation, iid or ood; empty: drawn (`splits.complete`)
kind        what a negative contains, any text
==========  ======================================================================================

Cells may be empty, but for the path. Every recording has one row, every row a recording.
"""

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from studies.calls.data import labels
from studies.calls.data.prepared import QUALITIES
from studies.calls.data.problems import refuse
from studies.calls.settings.data import SPLITS
from uphold.encoding import codec
from uphold.errors import InputError, nearest

MOST = 5
"""Problems of one kind that are told one by one."""
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
COLUMNS = ("path", "label", "call_type", "quality", "recorder", "split", "kind")


@dataclass(frozen=True)
class Row:
    """What is known of one recording. ``path`` is relative to the folder of recordings."""

    path: str
    label: str
    call_type: str = ""
    quality: str = ""
    recorder: str = ""
    split: str = ""
    kind: str = ""


def read(path: Path, recordings: Iterable[str]) -> list[Row]:
    """Read a manifest and match it with the recordings that there are.

    Parameters
    ----------
    path : Path
        The manifest.
    recordings : iterable of str
        Paths of the recordings, relative to their folder, with ``/``.

    Returns
    -------
    list of Row
        Sorted by path.

    Raises
    ------
    InputError
        With every problem of the file: unknown columns, rows of the wrong length, labels,
        qualities and splits that do not exist, duplicate rows, rows without a recording and
        recordings without a row; where one cause has many of them, the first few and their number.
    """
    there = set(recordings)
    alike = _alike(there)
    rows: list[Row] = []
    bad: list[str] = []
    unknown: dict[int, str] = {}
    seen: dict[str, int] = {}
    table = _rows(path)
    names = [_path(cells["path"], alike, there) for _, cells in table]
    _refuse_front(path, names, there)
    for (number, cells), name in zip(table, names, strict=True):
        earlier = seen.setdefault(name, number)
        try:
            row = _row(cells | {"path": name})
        except ValueError as error:
            bad.append(f"row {number}: {error}")
            continue
        if earlier != number:
            bad.append(f"row {number}: {name} is already in row {earlier}; keep one")
        elif name not in there:
            unknown[number] = name
        else:
            rows.append(row)
    lacking = sorted(there - seen.keys())
    refuse(
        [
            *_first(bad, "rows have such problems"),
            *_first(
                [
                    f"row {number}: there is no recording {name}; mend the path, or remove the row"
                    for number, name in unknown.items()
                ],
                "rows name no recording",
            ),
            *_first(
                [f"{name} has no row; add one, or move the file elsewhere" for name in lacking],
                "recordings have no row",
            ),
        ],
        path,
        len(bad) + len(unknown) + len(lacking),
    )
    return sorted(rows, key=lambda row: row.path)


def _first(problems: list[str], what: str) -> list[str]:
    """Return the problems, or the first few and how many there are."""
    if len(problems) <= MOST:
        return problems
    return [*problems[: MOST - 1], f"… {len(problems):,} {what} in all"]


def _path(cell: str, alike: dict[str, str], recordings: set[str]) -> str:
    """Return the recording that a cell names, or what it names with ``/``."""
    if not cell or cell in recordings:
        return cell
    name = str(PurePosixPath(cell.replace("\\", "/")))
    return alike.get(_plain(name), name)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _alike(recordings: set[str]) -> dict[str, str]:
    """Return the recordings by their names in any case, but for names that several have."""
    times = Counter(map(_plain, recordings))
    return {_plain(name): name for name in recordings if times[_plain(name)] == 1}


def _refuse_front(path: Path, names: list[str], recordings: set[str]) -> None:
    """Refuse paths that are all relative to another folder, and say which."""
    parts = [PurePosixPath(name).parts for name in names]
    for k in range(1, min(map(len, parts), default=0)):
        if len({one[:k] for one in parts}) > 1:
            return
        if all("/".join(one[k:]) in recordings for one in parts):
            front = names[0].removesuffix("/".join(parts[0][k:]))
            raise InputError(
                f"The manifest {path} gives paths such as {names[0]}, which are not relative to "
                f"the folder of recordings: take {front} off all of them."
            )


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Return each row as the number of its line and its cells by column."""
    text = _text(path)
    skipped = 0
    if text.lower().startswith("sep="):  # what Excel writes to tell itself
        _, _, text = text.partition("\n")
        skipped = 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        _check_header(path, header)
        found = [(reader.line_num + skipped, [c.strip() for c in cells]) for cells in reader]
    except csv.Error as error:
        raise InputError(
            f"The manifest {path} is not CSV: line {reader.line_num + skipped}: {error}."
        ) from error
    found = [(number, cells) for number, cells in found if any(cells)]
    refuse(
        _first(
            [
                f"row {number}: {len(cells)} cells for {len(header)} columns; quote cells with "
                f"{SEPARATORS[reader.dialect.delimiter]}"
                for number, cells in found
                if len(cells) != len(header)
            ],
            "rows have another number of cells",
        ),
        path,
    )
    return [(number, dict(zip(header, cells, strict=True))) for number, cells in found]


def _text(path: Path) -> str:
    """Return what a file of UTF-8 or UTF-16 says."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"The manifest {path} cannot be read: {error.strerror}.") from error
    try:
        text = content.decode(codec(content))
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise InputError(
            f"The manifest {path} is neither UTF-8 nor UTF-16 text: save it as CSV UTF-8."
        )
    return text


def _separator(text: str) -> str:
    """Return what separates the cells of the first line: what tells the most known columns."""
    header = text.partition("\n")[0].strip().lower()

    def known(separator: str) -> int:
        return sum(name.strip(' "') in COLUMNS for name in header.split(separator))

    return max(SEPARATORS, key=known)


def _check_header(path: Path, header: list[str]) -> None:
    unknown = [name for name in header if name not in COLUMNS]
    problems = [f"the column {name!r} is not known.{nearest(name, COLUMNS)}" for name in unknown]
    problems += [f"the column {c!r} is there twice" for c in COLUMNS if header.count(c) > 1]
    if "path" not in header:
        problems.append(
            "the column 'path' is missing; cells are separated by commas, semicolons or tabs"
        )
    refuse(problems, path)


def _row(cells: dict[str, str]) -> Row:
    path = PurePosixPath(cells["path"])
    if not cells["path"]:
        raise ValueError("the path is empty")
    if path.is_absolute() or ".." in path.parts:
        raise ValueError(f"{path} leads out of the folder of recordings; give it relative to that")
    if "label" not in cells and len(path.parts) == 1:
        raise ValueError(f"{path} lies in no class folder; add a column 'label'")
    cells = {"label": path.parent.name, **cells, "path": str(path)}
    labels.parse(cells["label"])
    for column, valid in (("quality", QUALITIES), ("split", SPLITS)):
        value = cells.get(column)
        if value and value not in valid:
            raise ValueError(f"{column} {value!r} is not known.{nearest(value, valid)}")
    return Row(**cells)
