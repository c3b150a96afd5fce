"""What a claim's effect is a mean over."""

import pandas as pd
import pytest

from uphold.analysis.contexts import contexts
from uphold.claims.judge import judge

from ..conftest import STEP

RATIO = {"factor": "ratio", "from": 0, "to": 0.5}


@pytest.fixture
def two_sets(table, relog):
    both = pd.concat(
        [
            table.assign(data=d, run=table.run + d, f1=table.f1 + 0.01 * i)
            for i, d in enumerate("xyz")
        ]
    )
    return relog(both, factors=["mixup", "ratio", "data"])


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ({"contrast": STEP}, {"ratio": 2, "data": 3}),
        ({"contrast": STEP, "where": {"data": "x"}}, {"ratio": 2}),
        ({"contrast": STEP, "where": {"data": ["x", "y"], "ratio": 0}}, {"data": 2}),
        ({"interaction": {"of": STEP, "with": RATIO}}, {"data": 3}),
        ({"anova": {"over": "mixup"}}, {"ratio": 2, "data": 3}),
        ({"anova": {"over": "configuration"}}, {}),
        ({"bound": {"at_least": 0.1}}, {}),
        ({"gain": {"at_least": 0, "over": 0.5}, "where": {"mixup": True}}, {"ratio": 2, "data": 3}),
        (
            {
                "gain": {"at_least": 0, "over": {"mixup": False, "ratio": 0}},
                "where": {"mixup": True, "ratio": 0.5},
            },
            {"data": 3},
        ),
        ({"contrast": {"factor": "mixup", "from": False, "to": 7}}, {}),
    ],
)
def test_the_factors_that_are_neither_moved_nor_pinned(two_sets, claim, parts, found):
    j = judge({"runs": two_sets}, {"it": claim(**parts)})["it"]
    assert contexts(j, two_sets.scores) == found
