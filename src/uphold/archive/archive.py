"""The transcriptions of ``data/published``: one folder a study, one file a write-up.

In: YAML files. Out: `Archive`, checked: an unknown key, check, table, row or column is an error
that names it. Promised: what a sentence is held against are the numbers of its own write-up, or of
another of the same study that it refers to as ``<file>/<table>``.
"""

from collections.abc import Callable
from pathlib import Path

from pydantic import Field, model_validator

from uphold.archive.designs import Additive, Apart, FillUp, NamedMetric, Null
from uphold.archive.finding import Finding
from uphold.archive.rows import (
    BestRow,
    Effect,
    FromPrecisionAndRecall,
    Gap,
    Mean,
    Shown,
    Spread,
    Within,
)
from uphold.archive.sums import Bands, Mixing
from uphold.archive.tables import Table, Tables
from uphold.archive.values import Best, Delta, Same
from uphold.validation import Settings, read_yaml, validated, yaml_text


class Check(Settings):
    """One thing that the printed numbers decide: exactly one of these forms."""

    mean: Mean | None = None
    gap: Gap | None = None
    shown: Shown | None = None
    effect: Effect | None = None
    spread: Spread | None = None
    best_row: BestRow | None = None
    within: Within | None = None
    f1: FromPrecisionAndRecall | None = None
    same: Same | None = None
    delta: Delta | None = None
    best: Best | None = None
    null_: Null | None = Field(default=None, alias="no_difference")
    names: NamedMetric | None = None
    apart: Apart | None = None
    fill_up: FillUp | None = None
    bands: Bands | None = None
    mixing: Mixing | None = None
    additive: Additive | None = None

    @property
    def _given(self) -> list[Callable[[Tables], Finding]]:
        values = (getattr(self, name) for name in type(self).model_fields)
        return [value for value in values if value is not None]

    @model_validator(mode="after")
    def _one_form(self) -> "Check":
        if len(self._given) != 1:
            raise ValueError(f"A check has one form; this has {len(self._given)}.")
        return self

    def __call__(self, tables: Tables) -> Finding:
        """Hold the sentence against the printed tables."""
        return self._given[0](tables)


class Sentence(Settings):
    """One archived sentence.

    Attributes
    ----------
    says, section : str
        The words, and where they stand.
    checks : list of Check
        What its own tables decide; none where nothing printed can.
    claims : list of str
        Our claims that test the same, by their names in the write-up.
    """

    says: str
    section: str
    checks: list[Check] = []
    claims: list[str] = []


class Archive(Settings):
    """One archived write-up.

    Attributes
    ----------
    source : str
        The name of the file it was transcribed from.
    title : str
    writeup : str, optional
        Our write-up that repeats it.
    tables : mapping of str to Table
    sentences : mapping of str to Sentence
    """

    source: str
    title: str
    writeup: str | None = None
    tables: dict[str, Table] = {}
    sentences: dict[str, Sentence]


def read_archives(folder: Path) -> dict[str, Archive]:
    """Return the transcriptions of one study, by the names of their files; none without a folder.

    Raises
    ------
    InputError
        For a file that is not as it should be.
    """
    paths = sorted(folder.glob("*.yaml"))
    return {
        path.stem: validated(Archive, read_yaml(yaml_text(path), str(path)), str(path))
        for path in paths
    }


def tables_of(archives: dict[str, Archive], name: str) -> dict[str, Table]:
    """Return the tables that one archive's sentences may name: its own, and ``<file>/<table>``."""
    others = {
        f"{file}/{table}": found
        for file, archive in archives.items()
        for table, found in archive.tables.items()
    }
    return {**others, **archives[name].tables}
