"""Runs and a spec → a checked log.

In: a file or a folder of runs, and a spec. Out: the spec, the log, and what the runs were read as.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from uphold.claims.log import Log
from uphold.claims.metric import Metric
from uphold.claims.spec import Spec, read_spec
from uphold.errors import InputError, nearest
from uphold.format import counted
from uphold.runlog.importers.imported import Imported
from uphold.runlog.make_log import make_log
from uphold.runlog.score_cells import no_number, with_scores
from uphold.runlog.sources import read_runs
from uphold.validation import yaml_text


@dataclass(frozen=True)
class Read:
    """A log as a spec describes it.

    Attributes
    ----------
    spec : Spec
    log : Log
    source : Imported
        The runs as they were read, before the spec chose among them.
    """

    spec: Spec
    log: Log
    source: Imported

    def said(self) -> str:
        """Say what the runs were read as, and how many of its rows are in the log."""
        runs, rows = len(self.log.scores.table), len(self.source.table)
        of = f" of {counted(rows, 'row')}" if runs != rows else ""
        return f"{counted(runs, 'run')}{of}, read as {self.source.format}"


def read(runs: Path, spec: Path) -> Read:
    """Return a spec and the log that it describes.

    Raises
    ------
    InputError
        Either cannot be used.
    """
    try:
        text = yaml_text(spec)
    except FileNotFoundError as error:
        raise InputError(f"{spec} cannot be read: {error.strerror}.") from None
    found = read_spec(text, str(spec))
    source = read_runs(runs, [*found.factors, *found.rows])
    log = log_of(source.table, found, str(runs))
    if len(log.scores.table) == 1:
        raise InputError(
            f"{runs}: the log is of one run, and nothing can be compared with it. A claim takes two"
            " configurations at least, and runs of each that differ in the replicate."
        )
    return Read(found, log, source)


def read_log(runs: Path, spec: Spec) -> Log:
    """Read runs as a spec says; see `uphold.runlog.make_log.make_log`."""
    return log_of(read_runs(runs, [*spec.factors, *spec.rows]).table, spec, str(runs))


def log_of(table: pd.DataFrame, spec: Spec, source: str) -> Log:
    """Return the log of a table that was read, as a spec says."""
    for name, metric in spec.metrics.items():
        _refuse_floors(table, f"metrics.{name}.floor", metric, source)
    scores = table[[name for name in spec.metrics if name in table]]
    for name, column in scores.items():
        wrong = no_number(column)
        if wrong and wrong.unclear and not spec.rows:
            raise InputError(
                f"{source}, row {wrong.row + 1}: the column {name!r} holds"
                f" {column.iloc[wrong.row]!r:.80}, {wrong.why}"
            )
    read, _ = with_scores(scores, spec.metrics, levels=())
    return make_log(table.assign(**{str(n): read[n] for n in read}), spec, source)


def _refuse_floors(table: pd.DataFrame, place: str, metric: Metric, source: str) -> None:
    """Refuse floors that the table does not have, or not as numbers: the audit alone reads them."""
    if metric.floor is None:
        return
    for column in (*metric.floor.columns, *filter(None, [metric.floor.of])):
        if column not in table:
            near = nearest(column, table.columns)
            raise InputError(f"{source} has no column {column!r} ({place}).{near}")
        if not pd.api.types.is_numeric_dtype(table[column]):
            raise InputError(f"{source}: the column {column!r} ({place}) is not of numbers alone.")
