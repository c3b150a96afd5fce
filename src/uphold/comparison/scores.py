"""Configurations of two sides → the scores that moved by more than noise.

A t test from means, standard errors over seeds and numbers of seeds, Holm over all scores of all
pages that were compared. A configuration of which every number is the same was not run again and is
not compared. What never varies, a count of parameters, moved if it differs at all; a score that
happened to be the same on all seeds of both sides does not tell.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from uphold.comparison.findings import Findings, Score
from uphold.comparison.noise import Difference, Side, difference

ROUNDING = 1e-8
"""Findings hold nine figures: what differs by less, as a share, is the same."""
FEWEST = 2
"""Seeds that a spread takes."""

Pages = Mapping[str, Findings]
Place = tuple[str, str, str]
"""Write-up, configuration and metric."""


class Compared(NamedTuple):
    """A score on both sides.

    Attributes
    ----------
    writeup, configuration, metric : str
    before, after : Score
    difference : Difference
    """

    writeup: str
    configuration: str
    metric: str
    before: Score
    after: Score
    difference: Difference


class Scores(NamedTuple):
    """What there was to compare.

    Attributes
    ----------
    compared : list of Compared
    unchanged : int
        Scores of configurations that were not run again.
    without_spread : list of tuple
        Those that differ and cannot be compared, since a side has no spread over seeds.
    """

    compared: list[Compared]
    unchanged: int
    without_spread: list[Place]


def compare_scores(before: Pages, after: Pages) -> Scores:
    """Compare the scores that both sides have."""
    found, unchanged, without = [], 0, []
    for writeup, configuration, a, b in _in_both(before, after):
        metrics = [metric for metric in a if metric in b]
        if all(a[metric] == b[metric] for metric in metrics):
            unchanged += len(metrics)
            continue
        constant = _all_constant(a.values()) and _all_constant(b.values())
        for metric in metrics:
            place = (writeup, configuration, metric)
            between = _difference(
                a[metric], b[metric], constant or _never_varies(before, after, writeup, metric)
            )
            if between is not None:
                found.append(Compared(*place, a[metric], b[metric], between))
            elif a[metric].mean != b[metric].mean:
                without.append(place)
    return Scores(found, unchanged, without)


def _in_both(
    before: Pages, after: Pages
) -> Iterator[tuple[str, str, Mapping[str, Score], Mapping[str, Score]]]:
    for writeup in before:
        if writeup in after:
            there = after[writeup].configurations
            for name, scores in before[writeup].configurations.items():
                if name in there:
                    yield writeup, name, scores, there[name]


def _difference(a: Score, b: Score, never_varies: bool) -> Difference | None:
    if a.mean is None or b.mean is None or a.sem is None or b.sem is None:
        return None
    if min(a.seeds, b.seeds) < FEWEST:
        return None
    if _constant(a) and _constant(b):
        same = abs(a.mean - b.mean) <= ROUNDING * max(abs(a.mean), abs(b.mean))
        if not same and (not never_varies or a.seeds != b.seeds):
            return None
        end = a.mean if same else b.mean
        return difference(Side(a.mean, 0.0, 1), Side(end, 0.0, 1))
    return difference(Side(a.mean, a.sem, a.seeds - 1), Side(b.mean, b.sem, b.seeds - 1))


def _never_varies(before: Pages, after: Pages, writeup: str, metric: str) -> bool:
    pages = (before[writeup], after[writeup])
    every = (scores for page in pages for scores in page.configurations.values())
    return _all_constant(scores[metric] for scores in every if metric in scores)


def _all_constant(scores: Iterable[Score]) -> bool:
    return all(_constant(score) for score in scores if score.seeds >= FEWEST)


def _constant(score: Score) -> bool:
    """Return whether all runs have one score, but for what sums of fractions leave over."""
    spread = max(score.sd or 0.0, score.sem or 0.0)
    return spread <= ROUNDING * abs(score.mean or 0.0)
