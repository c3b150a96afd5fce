"""Arithmetic that printed numbers must obey: parts of a mean, and probabilities of Beta(α, α).

In: printed values and the settings they are said to follow from. Out: findings. Promised: the
numbers are exact; what a sentence called approximate is read generously.
"""

from typing import Literal

import numpy as np
from scipy.special import betainc

from uphold.archive.finding import Finding
from uphold.archive.printed import points, read
from uphold.archive.tables import Levels, Table, Tables, named
from uphold.format import exact, number
from uphold.validation import Settings


class Grid(Settings):
    """Evenly spaced conditions with equally many items each."""

    first: float
    last: float
    step: float

    @property
    def points(self) -> np.ndarray:
        """The conditions, shape (conditions,)."""
        return np.arange(self.first, self.last + self.step / 2, self.step)


class Band(Settings):
    """A column that is the mean over the conditions between two, both included."""

    first: float
    last: float


class Bands(Settings):
    """``canceled it out overall``: an overall difference as the sum of its bands'.

    A band's part of the overall difference is its own difference times its share of the conditions.
    """

    table: str
    before: Levels
    after: Levels
    overall: str
    grid: Grid
    bands: dict[str, Band]

    def __call__(self, tables: Tables) -> Finding:
        """Weight the bands by their numbers of conditions; what is missing lies in no band."""
        table, conditions = named(tables, self.table), self.grid.points
        covered = np.zeros(conditions.size, dtype=bool)
        parts, slack = {}, 0.0
        for column, band in self.bands.items():
            inside = (conditions >= band.first) & (conditions <= band.last)
            covered |= inside
            share = inside.mean()
            change, half = self._change(table, column)
            parts[column] = float(change * share)
            slack += half * share
        explained, (total, _) = sum(parts.values()), self._change(table, self.overall)
        rest = ", ".join(number(c, 0) for c in conditions[~covered])
        return Finding(
            "supported" if abs(explained) <= slack else "contradicted",
            f"Weighted by their conditions, the bands add up to {points(explained)}"
            f" ({', '.join(f'{k} {points(v)}' for k, v in parts.items())}). The overall"
            f" {points(total)} needs another {points(total - explained)} from {rest}, which no band"
            " covers.",
            {"bands": explained, "overall": total, "missing": total - explained}
            | {f"part.{k}": v for k, v in parts.items()}
            | {"uncovered": float((~covered).sum())},
        )

    def _change(self, table: Table, column: str) -> tuple[float, float]:
        """Return a column's difference, and how far rounding may shift it."""
        (before,), (after,) = (table.values(column, row) for row in (self.before, self.after))
        return after.value - before.value, after.half + before.half


class Mixing(Settings):
    """How much a mixup with λ ~ Beta(α, α) mixes.

    Attributes
    ----------
    alpha : float
    quantity : {"blended", "near-pure", "not near-pure", "strength"}
        P[.3 ≤ λ ≤ .7]; P[λ ≤ .1 or λ ≥ .9]; the rest of it; E[min(λ, 1 − λ)].
    probability : float
        How often a batch is mixed at all.
    stated : str, optional
    fallback : float, optional
        Another α that is used as if it were the same.
    """

    alpha: float
    quantity: Literal["blended", "near-pure", "not near-pure", "strength"]
    probability: float = 1.0
    stated: str | None = None
    fallback: float | None = None

    def __call__(self, tables: Tables) -> Finding:
        """Compute the exact value."""
        name = {
            "blended": "P[.3 ≤ λ ≤ .7]",
            "near-pure": "P[λ ≤ .1 or λ ≥ .9]",
            "not near-pure": "P[.1 < λ < .9]",
            "strength": "E[min(λ, 1 − λ)]",
        }[self.quantity]
        value = mixing(self.alpha, self.quantity) * self.probability
        numbers = {"value": value, "alpha": self.alpha}
        text = f"{name} of Beta({exact(self.alpha)}, {exact(self.alpha)})"
        if self.probability != 1:
            text += f", in the {exact(self.probability)} of batches that are mixed at all,"
        text += f" is {number(value, 4)}."
        if self.fallback is not None:
            other = numbers["fallback"] = mixing(self.fallback, self.quantity)
            same = np.isclose(value, other)
            text += (
                f" With the fallback, Beta({exact(self.fallback)}, {exact(self.fallback)}), it is"
            )
            text += f" {number(other, 4)}" + ("." if same else ": another augmentation.")
            return Finding("supported" if same else "contradicted", text, numbers)
        holds = self.stated is None or read(self.stated).agrees(value)
        return Finding("supported" if holds else "contradicted", text, numbers)


def mixing(alpha: float, quantity: str) -> float:
    """Return a property of λ ~ Beta(α, α); see `Mixing`."""
    if quantity == "strength":
        # E[λ; λ < ½] is α/(α + α) times the distribution function of Beta(α + 1, α); twice that.
        return float(betainc(alpha + 1, alpha, 0.5))
    low, high = (0.3, 0.7) if quantity == "blended" else (0.1, 0.9)
    between = float(betainc(alpha, alpha, high) - betainc(alpha, alpha, low))
    return 1 - between if quantity == "near-pure" else between
