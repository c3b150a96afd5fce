"""Checks of how decision thresholds were chosen."""

from collections.abc import Mapping

import numpy as np

from studies.claims.audits.remark import Remark, runs_remark
from studies.claims.log import Log
from studies.claims.spec import Claim


def threshold_at_edge(log: Log, claims: Mapping[str, Claim]) -> Remark | None:
    """Chosen thresholds that lie at an end of their grid."""
    at_edge = np.zeros(len(log.scores.table), dtype=bool)
    parts = []
    for metric in log.metrics.values():
        threshold = metric.threshold
        if threshold is None or threshold.grid is None:
            continue
        values = log.scores.values(threshold.column)
        for end in (min(threshold.grid), max(threshold.grid)):
            here = np.isclose(values, end, rtol=0, atol=1e-9)
            at_edge |= here
            if here.any():
                parts.append(f"{threshold.column} is {end:g} in {here.sum()}")
    return runs_remark(
        "threshold-at-edge",
        "warning",
        log,
        at_edge,
        f"The best threshold is an end of its grid: {'; '.join(parts)} of"
        f" {len(at_edge)} runs. The best one may lie outside, or the scores are saturated: what is"
        " compared is not each model at its best.",
    )


def selected_on_test(log: Log, claims: Mapping[str, Claim]) -> Remark | None:
    """Thresholds that were chosen on the split on which the score is reported."""
    affected = np.zeros(len(log.scores.table), dtype=bool)
    names = []
    for name, metric in log.metrics.items():
        threshold = metric.threshold
        if threshold is not None and threshold.chosen_on == "test" == metric.split:
            affected |= ~np.isnan(log.scores.values(threshold.column))
            names.append(name)
    return runs_remark(
        "selected-on-test",
        "error",
        log,
        affected,
        f"The threshold of {', '.join(names)} was chosen on the test split that it is reported"
        " on: every score is too high, noisy runs gain the most, and no claim carries over to new"
        " data as it stands.",
    )
