from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from uphold.audits import CHECKS, AuditFlag, audit
from uphold.claims.log import Log


@pytest.fixture
def counted(table) -> pd.DataFrame:
    """The runs of `table` with counts over 200 items, and what these give, to three decimals."""
    tp = np.array([60, 62, 64, 66] * 4)
    fp, fn = np.array([10, 12, 9, 8] * 4), 100 - tp
    return table.assign(
        tp=tp,
        fp=fp,
        fn=fn,
        tn=100 - fp,
        precision=np.round(tp / (tp + fp), 3),
        recall=np.round(tp / 100, 3),
        f1=np.round(2 * tp / (2 * tp + fp + fn), 3),
        auroc=0.9,
        threshold=0.5,
    )


COUNTED = {
    "kind": "f1",
    "counts": {"tp": "tp", "fp": "fp", "fn": "fn", "tn": "tn"},
    "precision": "precision",
    "recall": "recall",
    "auroc": "auroc",
    "threshold": {"column": "threshold", "grid": [0.0, 1.0], "chosen_on": "validation"},
}


@pytest.fixture
def logged(relog) -> Callable[..., Log]:
    """Make a log whose metric has counts and companions."""

    def make(table: pd.DataFrame, **metric) -> Log:
        return relog(table, metric={**COUNTED, **metric})

    return make


def flags(log: Log, claims: dict | None = None) -> dict[str, AuditFlag]:
    found = {flag.check: flag for flag in audit(log, claims or {})}
    assert len(found) <= len(CHECKS)
    return found
