"""Tables as they were printed, and where a number stands in them.

In: rows of text, cells divided by ``|``, the first row naming the columns. Out: tables whose cells
keep every printed digit. Promised: a row, column or table that is not there is an error that names
the nearest one.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import BeforeValidator, field_validator

from uphold import format
from uphold.archive.printed import Printed, read
from uphold.errors import InputError
from uphold.validation import Settings, known

NOT_PRINTED = "–"
"""A cell that the printed table leaves open."""

Text = Annotated[str, BeforeValidator(str)]
"""A level as it is printed: ``True`` and 512 in YAML are the texts that the table shows."""

Levels = dict[str, Text]


class Table(Settings):
    """One printed table.

    Attributes
    ----------
    section : str
        Where in the write-up it stands.
    cells : str
        The table, one line a row.
    factors : list of str
        The columns that say which configuration a row is; the rest are results.
    runs : int, optional
        Runs a row, as the write-up says.
    """

    section: str
    cells: str
    factors: list[str] = []
    runs: int | None = None

    @field_validator("cells")
    @classmethod
    def _rectangular(cls, cells: str) -> str:
        widths = [line.count("|") for line in cells.strip().splitlines()]
        for number, width in enumerate(widths, start=1):
            if width != widths[0]:
                raise ValueError(f"line {number} has {width + 1} cells, the first {widths[0] + 1}.")
        return cells

    @property
    def rows(self) -> list[dict[str, str]]:
        """The rows, each as column to text."""
        heads, *rows = ([c.strip() for c in line.split("|")] for line in self._lines)
        return [dict(zip(heads, row, strict=True)) for row in rows]

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return [cell.strip() for cell in self._lines[0].split("|")]

    @property
    def varied(self) -> list[str]:
        """The factors of which the table shows more than one level."""
        return [name for name in self.factors if len({row[name] for row in self.rows}) > 1]

    @property
    def _lines(self) -> list[str]:
        return self.cells.strip().splitlines()

    def where(self, levels: Mapping[str, str]) -> list[dict[str, str]]:
        """Return the rows that show some levels."""
        for column in levels:
            known(column, self.columns, "column", f"the table of {self.section!r}")
        return [row for row in self.rows if all(row[k] == v for k, v in levels.items())]

    def values(self, column: str, levels: Mapping[str, str] | None = None) -> list[Printed]:
        """Return what a column prints in the rows that show some levels."""
        known(column, self.columns, "column", f"the table of {self.section!r}")
        return [read(row[column]) for row in self.where(levels or {})]

    def pairs(
        self, factor: str, from_level: str, to_level: str, where: Mapping[str, str]
    ) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
        """Yield the rows that agree in every factor but one; an open cell agrees with none."""
        rest = [name for name in self.factors if name != factor]
        for before in self.where({**where, factor: from_level}):
            for after in self.where({**where, factor: to_level}):
                if all(before[n] == after[n] != NOT_PRINTED for n in rest):
                    yield before, after


Tables = Mapping[str, Table]


def named(tables: Tables, name: str) -> Table:
    """Return a table, or say which was meant."""
    known(name, tables, "table", "published")
    return tables[name]


class Cell(Settings):
    """Where one number stands: a table, the levels that single out a row, a column."""

    table: str
    row: Levels
    column: str

    def text(self, tables: Tables) -> str:
        """Return what is printed there."""
        table = named(tables, self.table)
        known(self.column, table.columns, "column", f"published table {self.table!r}")
        rows = table.where(self.row)
        if len(rows) != 1:
            found = f"{len(rows)} rows" if rows else "no row"
            raise InputError(f"published table {self.table!r}: {found} with {self.row}.")
        return rows[0][self.column]


Value = Cell | str
"""A printed value: where it stands in a table, or as the sentence itself quotes it."""


def printed_text(value: Value, tables: Tables) -> str:
    """Return a value as it is printed."""
    return value.text(tables) if isinstance(value, Cell) else value


SWITCHES = {"true": True, "yes": True, "false": False, "no": False}
"""How write-ups print that something is on or off."""


def level_text(printed: str) -> str:
    """Return a printed level as pages spell it: ``on`` for ``True``, ``1e-3`` as it is."""
    return format.level(SWITCHES.get(printed.lower(), printed))


def levels_text(levels: Mapping[str, str]) -> str:
    """Return ``"Mixup on, LR 1e-3"``."""
    return ", ".join(f"{name} {level_text(level)}" for name, level in levels.items())
