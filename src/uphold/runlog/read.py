"""A file of runs and a spec → a checked log."""

from pathlib import Path

import pandas as pd

from uphold.claims.log import Log
from uphold.claims.metric import Metric
from uphold.claims.spec import Spec, read_spec
from uphold.errors import InputError, nearest
from uphold.runlog.make_log import make_log
from uphold.runlog.tables import read_table


def read(runs: Path, spec: Path) -> tuple[Spec, Log]:
    """Return a spec and the log that it describes.

    Raises
    ------
    InputError
        Either cannot be used.
    """
    try:
        text = spec.read_text("utf-8")
    except OSError as error:
        raise InputError(f"{spec} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise InputError(f"{spec} is not text in UTF-8: a spec is YAML.") from None
    found = read_spec(text, str(spec))
    return found, read_log(runs, found)


def read_log(runs: Path, spec: Spec) -> Log:
    """Read a file of runs as a spec says; see `uphold.runlog.make_log.make_log`."""
    table = read_table(runs, spec.factors)
    for name, metric in spec.metrics.items():
        _refuse_floors(table, f"metrics.{name}.floor", metric, str(runs))
    return make_log(table, spec, str(runs))


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
