"""Claims that are judged at numbers of units that are none of the declared looks."""

import numpy as np
import pandas as pd
import pytest

from ..conftest import STEP
from .conftest import flags


@pytest.mark.parametrize(
    ("looks", "flagged"),
    [([2, 4], False), ([3, 5], True), ([5, 8], True), ([2, 3], True), ([], False), ([3], False)],
)
def test_a_number_that_is_no_look_is_told(table, relog, claim, looks, flagged):
    """There are four seeds."""
    c = claim(contrast=STEP, expect="increase")
    found = flags(relog(table, looks=looks), {"it": c})
    assert ("judged-again" in found) == flagged
    if flagged:
        told = found["judged-again"]
        assert told.severity == "warning" and told.claims == ("it",)
        listed = ", ".join(map(str, looks))
        assert f"none of the declared looks ({listed}): it (4 seeds)" in told.message


def test_a_failed_run_is_no_further_look(table, relog, claim):
    c = claim(contrast=STEP, expect="increase")
    lost = table.assign(f1=table.f1.where(table.seed != 4))
    assert c.test(relog(lost), np.arange(16)).outcome().seeds == 3
    for looks in ([2, 4], [3, 8]):
        assert "judged-again" not in flags(relog(lost, looks=looks), {"it": c})
    more = pd.concat([lost, table.assign(seed=table.seed + 10)])
    assert "judged-again" in flags(relog(more, looks=[4, 9]), {"it": c})
