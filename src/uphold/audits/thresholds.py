"""Checks of how decision thresholds were chosen."""

from collections.abc import Mapping

import numpy as np

from uphold.audits.flag import AuditFlag, flag_runs
from uphold.claims.claim import Claim
from uphold.claims.log import Log
from uphold.format import counted, exact
from uphold.statistics.scale import scale


def threshold_at_edge(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Chosen thresholds that lie at an end of their grid.

    A grid of fractions holds for thresholds in percent as well.
    """
    found: dict[str, np.ndarray] = {}
    ends: dict[str, None] = {}
    for name, metric in log.metrics.items():
        threshold = metric.threshold
        if threshold is None or threshold.grid is None:
            continue
        values = log.scores.values(threshold.column)
        grid = np.array(threshold.grid)
        if grid.max() <= 1:
            # A threshold is on the scale of the probabilities that it cuts.
            grid = grid * scale(values, "precision")
        found[name] = np.zeros(values.size, dtype=bool)
        for end in (grid.min(), grid.max()):
            here = np.isclose(values, end, rtol=0, atol=1e-9)
            found[name] |= here
            if here.any():
                ends[f"{log.label(threshold.column)} is {exact(end)} in {here.sum()}"] = None
    return flag_runs(
        "threshold-at-edge",
        "warning",
        log,
        claims,
        found,
        f"The best threshold is an end of its grid: {'; '.join(ends)} of"
        f" {counted(len(log.scores.table), 'run')}. The best one may lie outside, or the"
        " scores are saturated: what is compared is not each model at its best.",
    )


def selected_on_test(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Thresholds that were chosen on the split on which the score is reported."""
    found = {
        name: ~np.isnan(log.scores.values(metric.threshold.column))
        for name, metric in log.metrics.items()
        if metric.threshold is not None and metric.threshold.chosen_on == "test" == metric.split
    }
    return flag_runs(
        "selected-on-test",
        "error",
        log,
        claims,
        found,
        f"The threshold of {', '.join(map(log.label, found))} was chosen on the test split that"
        " it is reported on: every score is too high, noisy runs gain the most, and no claim"
        " carries over to new data as it stands.",
    )
