"""A metric of a log: its column, what is better, the smallest difference that matters, and what
belongs to it. Importing this costs no more than pydantic.
"""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from uphold.validation import Number, Settings
from uphold.wrong_values import as_written

Split = Literal["test", "validation", "train"]


def _column(value: Any) -> Any:
    return {"column": value} if isinstance(value, str) else value


def _items(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(
            f"{as_written(value)} is no number of items: give 1 or more, or a column's name."
        )
    return value


class Counts(Settings):
    """The columns that hold the counts behind a metric."""

    tp: str
    fp: str
    fn: str
    tn: str


class Floor(Settings):
    """What a guess scores, in columns of the log: the best of ``columns`` is the floor.

    ``of`` is the metric that they are on the scale of, where it is another one: a run that is no
    better than a guess in that has learned nothing, whatever else is measured.
    """

    columns: Annotated[list[str], Field(min_length=1)]
    of: str | None = None


class Threshold(Settings):
    """The column of the decision threshold, the grid it was chosen from, and the split it was
    chosen on. The first and the last of ``grid`` are its edges.
    """

    column: str
    grid: Annotated[list[float], Field(min_length=2)] | None = None
    chosen_on: Split | None = None


class Metric(Settings):
    """One metric: a column of the log, what is better, and the smallest difference that matters.

    Attributes
    ----------
    label : str
    better : {"higher", "lower"}
    margin : float
        In the metric's own unit.
    kind : str
        What it is computed as; ``error`` is 1 - accuracy, ``score`` anything else.
    split : {"test", "validation", "train"}
    counts, precision, recall, auroc : optional
        The columns of what it was computed from, and of its companions.
    floor : Floor, optional
        What a guess scores, where a column tells.
    items : str or int, optional
        A column or a number: how many items a proportion is over.
    threshold : str or Threshold, optional
    bands : mapping of str to str
        Band to the metric of the items in it, where the metric is a mean over items and those are
        parts of it: a difference is then divided among them. Each needs its number of ``items``.
    """

    label: str
    better: Literal["higher", "lower"]
    margin: Annotated[Number, Field(gt=0, allow_inf_nan=False)]
    kind: Literal["f1", "precision", "recall", "accuracy", "auroc", "auprc", "error", "score"] = (
        "score"
    )
    split: Split = "test"
    counts: Counts | None = None
    precision: str | None = None
    recall: str | None = None
    auroc: str | None = None
    floor: Floor | None = None
    items: Annotated[str | int | None, BeforeValidator(_items)] = None
    threshold: Annotated[Threshold | None, BeforeValidator(_column)] = None
    bands: dict[str, str] = {}
