"""The configurations behind a claim, those of an ensemble's members included."""

import pandas as pd
import pytest

from uphold.claims.judge import judge
from uphold.pipeline.rests_on import configurations_of


@pytest.fixture
def behind(make, claim):
    def of(table: pd.DataFrame, factors: list[str], **parts) -> set[str]:
        log = make(table, factors)
        (j,) = judge({"one": log}, {"c": claim(**parts)}).values()
        return configurations_of(j, log)

    return of


def rows(arms, members=(1,)) -> pd.DataFrame:
    found = [
        {
            **{"arm": arm, "members": size, "seed": seed, "f1": 0.5 + 0.01 * seed * size},
            "configuration": f"arm={arm}, members={size}",
        }
        for arm in arms
        for size in members
        for seed in range(1, 5)
    ]
    return pd.DataFrame(found)


def test_those_at_the_compared_levels(behind):
    step = {"factor": "arm", "from": "a", "to": "b"}
    table = rows("abc").assign(configuration=lambda t: "arm=" + t["arm"])
    assert behind(table, ["arm"], contrast=step, expect="increase") == {"arm=a", "arm=b"}


def test_an_ensemble_counts_as_its_members(behind):
    table = rows("abc", members=(1, 3))
    where = {"arm": ["a", "b"], "members": 3}
    found = behind(table, ["arm", "members"], where=where, bound={"at_least": 0.1})
    assert found == {"arm=a, members=1", "arm=b, members=1"}


def test_a_factor_without_effect_does_not_hide_members(behind):
    table = rows("ab", members=(1, 3)).assign(mode=None)
    found = behind(table, ["arm", "mode", "members"], where={"members": 3}, bound={"at_least": 0.1})
    assert found == {"arm=a, members=1", "arm=b, members=1"}
