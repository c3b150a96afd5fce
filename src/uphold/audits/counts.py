"""Checks of scores against the counts that they were computed from.

Scores may be fractions or percentages, column by column; see `scale`.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from uphold.audits.flag import AuditFlag, flag_runs, identity, printed_tolerance, replicates_text
from uphold.claims.claim import Claim
from uphold.claims.log import Log
from uphold.claims.metric import Floor, Metric
from uphold.format import count, exact, rough
from uphold.statistics.scale import scale
from uphold.statistics.scores import codes, distinct

FROM_COUNTS = frozenset({"f1", "precision", "recall", "accuracy", "error"})
OVER_ITEMS = frozenset({"precision", "recall", "accuracy", "error", "score"})


def counts_mismatch(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Scores that their own counts do not give, by more than rounding."""
    found = _none(log)
    parts = []
    for name, metric in _counted(log):
        for kind, column in _score_columns(name, metric):
            values = log.scores.values(column)
            largest = scale(values, kind)
            distance = np.abs(values - largest * ratio(kind, *_counts(log, metric)))
            off = distance > printed_tolerance(values, largest)
            found[name] |= off
            if off.any():
                parts.append(
                    f"{log.label(column)} in {off.sum()} (by up to {rough(distance[off].max())})"
                )
    return flag_runs(
        "counts-mismatch",
        "error",
        log,
        claims,
        found,
        f"Recomputed from the counts, scores differ by more than rounding: {'; '.join(parts)}. "
        "Either the scores or the counts are of something else; no claim on them can be checked.",
    )


def undefined_score(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Scores that are 0/0 and were stored as a number."""
    found = _none(log)
    parts = []
    for name, metric in _counted(log):
        tp, fp, fn, tn = counts = _counts(log, metric)
        columns = list(_score_columns(name, metric))
        undefined = {column: np.isnan(ratio(kind, *counts)) for kind, column in columns}
        if metric.auroc:
            undefined[metric.auroc] = (tp + fn == 0) | (fp + tn == 0)
        known = ~np.isnan(tp + fp + fn + tn)
        for column, nothing in undefined.items():
            stored = nothing & known & ~np.isnan(log.scores.values(column))
            found[name] |= stored
            if stored.any():
                parts.append(f"{log.label(column)} in {stored.sum()}")
    return flag_runs(
        "undefined-score",
        "error",
        log,
        claims,
        found,
        f"A score is 0/0, for want of positives or of detections, and was stored as a number:"
        f" {'; '.join(parts)}. Such a number measures nothing, and a mean that holds it is off.",
    )


def evaluation_set_varies(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Runs that were scored on another number of items than most."""
    found = _none(log)
    replicate = codes(log.scores.table, list(log.scores.replicates))
    # Where no two configurations share one, no runs are matched.
    shared = distinct(codes(log.scores.table, identity(log.scores))) > distinct(replicate)
    parts, by_replicate = [], shared
    for name, metric in _counted(log):
        n = np.sum(_counts(log, metric), axis=0)
        known = ~np.isnan(n)
        sizes, times = np.unique(n[known], return_counts=True)
        if sizes.size < 2:
            continue
        found[name] |= known & (n != sizes[times.argmax()])
        pairs = {(r, size) for r, size in zip(replicate[known], n[known], strict=True)}
        by_replicate &= len(pairs) == len({r for r, _ in pairs})
        parts.append(f"{log.label(name)} over {count(sizes.min())} to {count(sizes.max())} items")
    meaning = (
        f"Matched runs share their {replicates_text(log.scores)} and so their items:"
        " contrasts stand, but means over seeds mix test sets."
        if by_replicate
        else "Differences between runs are then differences between test sets as well."
    )
    return flag_runs(
        "evaluation-set-varies",
        "warning" if by_replicate else "error",
        log,
        claims,
        found,
        f"The counts add up to different numbers of items: {'; '.join(parts)}. {meaning}",
    )


def below_chance(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Runs that do no better than guessing, or worse than always giving one answer."""
    found = _none(log)
    parts: dict[str, None] = {}  # metrics may share what tells that a run has learned nothing
    for name, metric in log.metrics.items():
        column = name if metric.kind == "auroc" else metric.auroc
        if column is not None:
            values = log.scores.values(column)
            half = 0.5 * scale(values, "auroc")
            low = values < half
            found[name] |= low
            if low.any():
                parts[f"{log.label(column)} is below {exact(half)} in {low.sum()}"] = None
        if metric.floor:
            low, text = _guessed(log, name, metric.floor)
            found[name] |= low
            if low.any():
                parts[text] = None
        floor = _floor(log, metric)
        if floor is not None:
            values = log.scores.values(name)
            largest = scale(values, metric.kind)
            short = largest * floor - values if metric.kind != "error" else values - largest * floor
            low = short > printed_tolerance(values, largest)
            found[name] |= low
            if low.any():
                text = f"{log.label(name)} is worse than one answer for every item in {low.sum()}"
                parts[text] = None
    return flag_runs(
        "below-chance",
        "warning",
        log,
        claims,
        found,
        f"Runs do no better than guessing: {'; '.join(parts)}. Such a run learned nothing, or its"
        " classes or scores are swapped; effects among such runs say little.",
    )


def impossible_mean(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Proportions that no count out of the given number of items gives.

    Source: the GRIM test, Brown & Heathers (2017), Soc. Psychol. Personal. Sci. 8, 363-369.
    """
    found = _none(log)
    parts = []
    for name, metric in log.metrics.items():
        if metric.items is None or metric.kind not in OVER_ITEMS:
            continue
        n = (
            log.scores.values(metric.items)
            if isinstance(metric.items, str)
            else np.full(len(log.scores.table), float(metric.items))
        )
        values = log.scores.values(name)
        # A score over items is a proportion by that, whatever its kind is called.
        largest = scale(values, "accuracy" if metric.kind == "score" else metric.kind)
        items = np.where(n > 0, n, np.nan)
        nearest = largest * np.round(values / largest * items) / items
        off = np.abs(nearest - values) > printed_tolerance(values, largest)
        found[name] |= off
        if off.any():
            parts.append(f"{log.label(name)} in {off.sum()}")
    return flag_runs(
        "impossible-mean",
        "error",
        log,
        claims,
        found,
        f"A proportion cannot come from its number of items: {'; '.join(parts)}. The number of"
        " items or the score is wrong.",
    )


def ratio(kind: str, tp: np.ndarray, fp: np.ndarray, fn: np.ndarray, tn: np.ndarray) -> np.ndarray:
    """Return a score from counts, shape (runs,); 0/0 is NaN."""
    above, below = {
        "f1": (2 * tp, 2 * tp + fp + fn),
        "precision": (tp, tp + fp),
        "recall": (tp, tp + fn),
        "accuracy": (tp + tn, tp + fp + fn + tn),
        "error": (fp + fn, tp + fp + fn + tn),
    }[kind]
    score: np.ndarray = np.full(np.shape(tp), np.nan)
    np.divide(above, below, out=score, where=below != 0)
    return score


def _counted(log: Log) -> list[tuple[str, Metric]]:
    return [(name, metric) for name, metric in log.metrics.items() if metric.counts]


def _counts(log: Log, metric: Metric) -> tuple[np.ndarray, ...]:
    assert metric.counts is not None
    columns = metric.counts.model_dump()
    return tuple(log.scores.values(columns[k]) for k in ("tp", "fp", "fn", "tn"))


def _score_columns(name: str, metric: Metric) -> Iterator[tuple[str, str]]:
    """Yield (kind, column) of the scores that a metric's counts determine."""
    if metric.kind in FROM_COUNTS:
        yield metric.kind, name
    for kind in ("precision", "recall"):
        column = getattr(metric, kind)
        if column is not None and column != name:
            yield kind, column


def _floor(log: Log, metric: Metric) -> np.ndarray | None:
    """Return what one answer for every item scores, a fraction, shape (runs,); None: unknown."""
    if not metric.counts or metric.kind not in ("f1", "accuracy", "error"):
        return None
    tp, fp, fn, tn = _counts(log, metric)
    share: np.ndarray = np.full(tp.shape, np.nan)
    np.divide(tp + fn, tp + fp + fn + tn, out=share, where=tp + fp + fn + tn > 0)
    if metric.kind == "f1":
        return np.asarray(2 * share / (1 + share))
    best = np.maximum(share, 1 - share)
    return np.asarray(best if metric.kind == "accuracy" else 1 - best)


def _guessed(log: Log, name: str, floor: Floor) -> tuple[np.ndarray, str]:
    """Return which runs are no better than a guess, shape (runs,) of bool, and a clause on them."""
    of = floor.of or name
    higher = log.metrics[of if of in log.metrics else name].better == "higher"
    values = log.scores.values(of)
    guesses = np.array([log.scores.values(column) for column in floor.columns])
    guess = (np.fmax if higher else np.fmin).reduce(guesses)
    low = values <= guess if higher else values >= guess
    if not low.any():
        return low, ""
    ends = [exact(round(end, 3)) for end in (np.nanmin(guess), np.nanmax(guess))]
    what = f"{'at most' if higher else 'at least'} what a guess scores"
    levels = " to ".join(dict.fromkeys(ends))
    return low, f"{log.label(of)} is {what} ({levels}) in {low.sum()}"


def _none(log: Log) -> dict[str, np.ndarray]:
    return {name: np.zeros(len(log.scores.table), dtype=bool) for name in log.metrics}
