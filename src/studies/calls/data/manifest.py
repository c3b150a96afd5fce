"""The manifest: a CSV file with one row a recording, which says what the recording is.

==========  ======================================================================================
column      meaning
==========  ======================================================================================
path        the file, relative to the folder of recordings, with ``/`` between folders; required
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
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from studies.calls.data import labels
from studies.calls.data.prepared import QUALITIES
from studies.calls.data.problems import refuse
from studies.calls.settings.data import SPLITS
from uphold.errors import InputError, nearest

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


def read(path: Path, recordings: set[str]) -> list[Row]:
    """Read a manifest and match it with the recordings that there are.

    Parameters
    ----------
    path : Path
        The CSV file, UTF-8.
    recordings : set of str
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
        recordings without a row.
    """
    rows, problems = [], []
    seen: dict[str, int] = {}
    for number, cells in _rows(path):
        name = str(PurePosixPath(cells["path"]))
        earlier = seen.setdefault(name, number)
        try:
            row = _row(cells)
        except ValueError as error:
            problems.append(f"row {number}: {error}")
            continue
        if earlier != number:
            problems.append(f"row {number}: {name} is already in row {earlier}; keep one")
        elif name not in recordings:
            problems.append(
                f"row {number}: there is no recording {name}; mend the path, or remove the row"
            )
        else:
            rows.append(row)
    problems += [
        f"{recording} has no row; add one, or move the file elsewhere"
        for recording in sorted(recordings - seen.keys())
    ]
    refuse(problems, path)
    return sorted(rows, key=lambda row: row.path)


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Return each row as the number of its line and its cells by column."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = [name.strip() for name in next(reader, [])]
            _check_header(path, header)
            found = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader]
    except OSError as error:
        raise InputError(f"The manifest {path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"The manifest {path} is not UTF-8 text: save it as CSV UTF-8.") from error
    except csv.Error as error:
        raise InputError(
            f"The manifest {path} is not CSV: line {reader.line_num}: {error}."
        ) from error
    found = [(number, cells) for number, cells in found if any(cells)]
    refuse(
        [
            f"row {number}: {len(cells)} cells for {len(header)} columns; quote cells with commas"
            for number, cells in found
            if len(cells) != len(header)
        ],
        path,
    )
    return [(number, dict(zip(header, cells, strict=True))) for number, cells in found]


def _check_header(path: Path, header: list[str]) -> None:
    unknown = [name for name in header if name not in COLUMNS]
    problems = [f"the column {name!r} is not known.{nearest(name, COLUMNS)}" for name in unknown]
    problems += [f"the column {c!r} is there twice" for c in COLUMNS if header.count(c) > 1]
    if "path" not in header:
        problems.append("the column 'path' is missing; cells are separated by commas")
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
