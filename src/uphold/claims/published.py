"""A printed table to compare the runs with, row by row."""

from collections.abc import Mapping
from typing import Any

from pydantic import model_validator

from uphold.claims.levels import Where
from uphold.validation import Settings


class PublishedValue(Settings):
    """One printed cell of a table: a mean over runs, and its SD where it was printed."""

    mean: float
    sd: float | None = None


class Published(Settings):
    """One printed row of a table: which configuration, from how many runs, and its values.

    In the file the metrics stand beside ``where`` and ``n``.
    """

    where: Where
    n: int | None = None
    values: dict[str, PublishedValue]

    @model_validator(mode="before")
    @classmethod
    def _gather(cls, row: Any) -> Any:
        if not isinstance(row, Mapping) or isinstance(row.get("values"), Mapping):
            return row
        values = {k: v for k, v in row.items() if k not in ("where", "n")}
        for key, value in values.items():
            if not isinstance(value, Mapping):
                raise ValueError(f"{key!r} is neither 'where', 'n' nor a metric with its mean.")
        return {k: row[k] for k in ("where", "n") if k in row} | {"values": values}
