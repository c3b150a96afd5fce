"""A log of runs: its scores, and what is known of their columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from uphold.claims.items import Items
from uphold.claims.metric import Metric
from uphold.claims.published import Published
from uphold.format import name
from uphold.statistics.scores import Scores

if TYPE_CHECKING:
    import numpy as np

    from uphold.claims.numeric import Scale

TRAINING_SET = "training_set"


class Units(NamedTuple):
    """The units of which data have a last one, such as folds or speakers.

    Attributes
    ----------
    most : int
        How many there are.
    group : str
        What more data would have more of, such as ``"actor"``; nothing where that is not known.
    """

    most: int
    group: str = ""


@dataclass(frozen=True)
class Log:
    """Runs and what is known of their columns.

    Attributes
    ----------
    scores : Scores
    metrics : mapping of str to Metric
        By column, the primary one first or not: the order is the spec's.
    training : tuple of str
        Columns that describe a run's training set, such as its digest.
    published : tuple of Published
        A printed table to compare with.
    data_factors : frozenset of str, optional
        The factors that act through the training set alone, where they are known.
    looks : tuple of int
        The numbers of units at which claims may be judged, where they were declared.
    order : mapping, optional
        Unit to its place in the order in which units are run, where that is known.
    unnamed : tuple of str
        Columns that may be settings of runs, and that nothing above names.
    absent : mapping of str to str
        A metric that no run can have, to what the data lack.
    items : Items, optional
        What each test item adds to the scores, where that is known.
    members : str
        The factor that says how many runs predict together in a row, where some are ensembles.
    numeric : mapping of str to {"log", "linear"}
        Settings that are numbers along which scores change, such as those that a search drew, and
        the scale of each.
    units : Units, optional
        How many units there can be; None where more can always be had, as of seeds.
    """

    scores: Scores
    metrics: Mapping[str, Metric]
    training: tuple[str, ...] = ()
    published: tuple[Published, ...] = ()
    data_factors: frozenset[str] | None = None
    looks: tuple[int, ...] = ()
    order: Mapping[Any, int] = field(default_factory=dict)
    unnamed: tuple[str, ...] = ()
    absent: Mapping[str, str] = field(default_factory=dict)
    items: Items | None = None
    members: str = ""
    numeric: Mapping[str, Scale] = field(default_factory=dict)
    units: Units | None = None

    def only(self, rows: np.ndarray) -> Log:
        """Return the log of these rows, shape (runs,) of bool."""
        items = self.items and self.items.only(rows)
        return replace(self, scores=self.scores.only(rows), items=items)

    def together(self) -> np.ndarray:
        """Return how many runs predict together in each row, shape (runs,): 1 in a run's own."""
        import numpy as np

        many = len(self.scores.table)
        if not self.members:
            return np.ones(many, dtype=int)
        return np.asarray(self.scores.column(self.members), dtype=int)

    def scored(self) -> np.ndarray:
        """Return which runs have any score, shape (runs,) of bool."""
        import numpy as np

        scored = [~np.isnan(self.scores.values(name)) for name in self.metrics]
        return np.asarray(np.any(scored, axis=0))

    def label(self, column: str) -> str:
        """Return what pages call a column: a metric by its label."""
        return self.metrics[column].label if column in self.metrics else name(column)
