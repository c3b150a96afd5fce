"""Band breakdowns that add up: where, among the items, an overall difference comes from.

In: one score column a band (such as the accuracy at low SNR) with its number of items, and a factor
with two levels. Out: the difference in each band, weighted by the band's share of the items; the
parts sum to the overall difference. Promised: every band is compared over the same matched runs,
and items that no band covers are a row of their own, so that nothing drops out of the sum.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from uphold.errors import InputError
from uphold.statistics.contrasts import Contrast, contrast
from uphold.statistics.scores import Scores

UNCOVERED = "no band"
OVERALL = "overall"


@dataclass(frozen=True)
class Band:
    """A band's score column, and how many items it is a mean over."""

    metric: str
    items: int


@dataclass(frozen=True)
class Part:
    """One band's part in the overall difference.

    Attributes
    ----------
    items : int
    share : float
        Of all items.
    difference : Contrast
        In the band.
    contribution : Contrast
        ``share`` × difference: the parts' values add up to the overall one.
    """

    items: int
    share: float
    difference: Contrast
    contribution: Contrast


def bands(
    scores: Scores,
    parts: Mapping[str, Band],
    factor: str,
    from_level: Any,
    to_level: Any,
    where: Mapping[str, Any] | None = None,
    overall: Band | None = None,
) -> dict[str, Part]:
    """Divide the effect of a factor among bands of items.

    Parameters
    ----------
    scores : Scores
    parts : mapping of str to Band
        Bands that do not overlap; their scores are means over their items.
    factor, from_level, to_level, where
        As in `contrast`.
    overall : Band, optional
        The score over all items, those that no band covers included. Without it the bands are all.

    Returns
    -------
    dict of str to Part
        The bands, ``"no band"`` where items are left over, and ``"overall"``.

    Raises
    ------
    InputError
        The bands hold more items than there are.
    """
    covered = sum(band.items for band in parts.values())
    items = overall.items if overall else covered
    if covered > items:
        raise InputError(f"The bands hold {covered} items, but overall there are {items}.")
    columns = {name: scores.values(band.metric) for name, band in parts.items()}
    weighted = {name: columns[name] * band.items / items for name, band in parts.items()}
    total = scores.values(overall.metric) if overall else np.asarray(sum(weighted.values()))
    sizes = {name: band.items for name, band in parts.items()}
    if items > covered:
        weighted[UNCOVERED] = total - np.asarray(sum(weighted.values()))
        sizes[UNCOVERED] = items - covered
    weighted[OVERALL], sizes[OVERALL] = total, items
    # A run that lacks one band would be compared in the others only, and the parts would not sum.
    whole = ~np.isnan(np.asarray(sum(weighted.values())))
    found = {}
    for name, column in weighted.items():
        table = scores.table.assign(**{_PART: np.where(whole, column, np.nan)})
        contribution = contrast(
            replace(scores, table=table), _PART, factor, from_level, to_level, where
        )
        share = sizes[name] / items
        found[name] = Part(sizes[name], share, _scaled(contribution, 1 / share), contribution)
    return found


_PART = "\0part"


def _scaled(c: Contrast, by: float) -> Contrast:
    names = ("value", "ci_low", "ci_high", "se", "from_mean", "to_mean")
    return replace(c, **{name: getattr(c, name) * by for name in names})
