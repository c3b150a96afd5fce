"""Checks of scores against the counts that they were computed from."""

from collections.abc import Iterator, Mapping

import numpy as np

from studies.claims.audits.remark import Remark, printed_tolerance, runs_remark
from studies.claims.log import Log
from studies.claims.spec import Claim, Metric

FROM_COUNTS = frozenset({"f1", "precision", "recall", "accuracy", "error"})
PROPORTIONS = frozenset({"precision", "recall", "accuracy", "error", "score"})


def counts_mismatch(log: Log, claims: Mapping[str, Claim]) -> Remark | None:
    """Scores that their own counts do not give, by more than rounding."""
    wrong = np.zeros(len(log.scores.table), dtype=bool)
    parts = []
    for metric in _counted(log):
        for kind, column in _score_columns(*metric):
            exact = ratio(kind, *_counts(log, metric[1]))
            values = log.scores.values(column)
            off = np.abs(values - exact) > printed_tolerance(values)
            wrong |= off
            if off.any():
                worst = np.nanmax(np.abs(values - exact)[off])
                parts.append(f"{column} in {off.sum()} (by up to {worst:.3g})")
    return runs_remark(
        "counts-mismatch",
        "error",
        log,
        wrong,
        f"Recomputed from the counts, scores differ by more than rounding: {'; '.join(parts)}. "
        "Either the scores or the counts are of something else; no claim on them can be checked.",
    )


def undefined_score(log: Log, claims: Mapping[str, Claim]) -> Remark | None:
    """Scores that are 0/0 and were stored as a number."""
    undefined = np.zeros(len(log.scores.table), dtype=bool)
    parts = []
    for name, metric in _counted(log):
        tp, fp, fn, tn = counts = _counts(log, metric)
        columns = list(_score_columns(name, metric))
        found = {column: np.isnan(ratio(kind, *counts)) for kind, column in columns}
        if metric.auroc:
            found[metric.auroc] = (tp + fn == 0) | (fp + tn == 0)
        known = ~np.isnan(tp + fp + fn + tn)
        for column, nothing in found.items():
            stored = nothing & known & ~np.isnan(log.scores.values(column))
            undefined |= stored
            if stored.any():
                parts.append(f"{column} in {stored.sum()}")
    return runs_remark(
        "undefined-score",
        "error",
        log,
        undefined,
        f"A score is 0/0, for want of positives or of detections, and was stored as a number:"
        f" {'; '.join(parts)}. Such a number measures nothing, and a mean that holds it is off.",
    )


def evaluation_set_varies(log: Log, claims: Mapping[str, Claim]) -> Remark | None:
    """Runs that were scored on different numbers of items."""
    varies = np.zeros(len(log.scores.table), dtype=bool)
    parts, by_replicate = [], True
    replicate = log.scores.column(log.scores.replicate).to_numpy()
    for name, metric in _counted(log):
        n = sum(_counts(log, metric))
        known = ~np.isnan(n)
        sizes, count = np.unique(n[known], return_counts=True)
        if sizes.size < 2:
            continue
        varies |= known & (n != sizes[count.argmax()])
        pairs = {(r, size) for r, size in zip(replicate[known], n[known], strict=True)}
        by_replicate &= len(pairs) == len({r for r, _ in pairs})
        parts.append(f"{name} over {sizes.min():.0f} to {sizes.max():.0f} items")
    meaning = (
        f"Matched runs share their {log.scores.replicate} and so their items: contrasts stand, but"
        " means over seeds mix test sets."
        if by_replicate
        else "Differences between runs are then differences between test sets as well."
    )
    return runs_remark(
        "evaluation-set-varies",
        "warning" if by_replicate else "error",
        log,
        varies,
        f"The counts add up to different numbers of items: {'; '.join(parts)}. {meaning}",
    )


def below_chance(log: Log, claims: Mapping[str, Claim]) -> Remark | None:
    """Runs that do worse than guessing, or than always giving one answer."""
    worse = np.zeros(len(log.scores.table), dtype=bool)
    parts = []
    for name, metric in log.metrics.items():
        column = name if metric.kind == "auroc" else metric.auroc
        if column is not None:
            low = log.scores.values(column) < 0.5
            worse |= low
            if low.any():
                parts.append(f"{column} is below .5 in {low.sum()}")
        floor = _floor(log, metric)
        if floor is not None:
            sign = -1 if metric.kind == "error" else 1
            values = log.scores.values(name)
            low = sign * values < sign * floor - printed_tolerance(values)
            worse |= low
            if low.any():
                parts.append(f"{name} is worse than one answer for every item in {low.sum()}")
    return runs_remark(
        "below-chance",
        "warning",
        log,
        worse,
        f"Runs do worse than guessing: {'; '.join(parts)}. Such a run learned nothing, or its"
        " classes or scores are swapped; effects among such runs say little.",
    )


def impossible_mean(log: Log, claims: Mapping[str, Claim]) -> Remark | None:
    """Proportions that no count out of the given number of items gives.

    Source: the GRIM test, Brown & Heathers (2017), Soc. Psychol. Personal. Sci. 8, 363-369.
    """
    impossible = np.zeros(len(log.scores.table), dtype=bool)
    parts = []
    for name, metric in log.metrics.items():
        if metric.items is None or metric.kind not in PROPORTIONS:
            continue
        n = (
            log.scores.values(metric.items)
            if isinstance(metric.items, str)
            else np.full(len(log.scores.table), float(metric.items))
        )
        values = log.scores.values(name)
        scale = 100.0 if np.nanmax(values, initial=0) > 1 else 1.0
        tolerance = printed_tolerance(values) / scale
        nearest = np.round(values / scale * n) / n
        off = np.abs(nearest - values / scale) > tolerance
        impossible |= off
        if off.any():
            parts.append(f"{name} in {off.sum()}")
    return runs_remark(
        "impossible-mean",
        "error",
        log,
        impossible,
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
    return np.divide(above, below, out=np.full(np.shape(tp), np.nan), where=below != 0)


def _counted(log: Log) -> list[tuple[str, Metric]]:
    return [(name, metric) for name, metric in log.metrics.items() if metric.counts]


def _counts(log: Log, metric: Metric) -> tuple[np.ndarray, ...]:
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
    """Return what one answer for every item scores, shape (runs,), where the counts tell."""
    if not metric.counts or metric.kind not in ("f1", "accuracy", "error"):
        return None
    tp, fp, fn, tn = _counts(log, metric)
    share = np.divide(
        tp + fn, tp + fp + fn + tn, out=np.full(tp.shape, np.nan), where=tp + fp + fn + tn > 0
    )
    if metric.kind == "f1":
        return 2 * share / (1 + share)
    best = np.maximum(share, 1 - share)
    return best if metric.kind == "accuracy" else 1 - best
