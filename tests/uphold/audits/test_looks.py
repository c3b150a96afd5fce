"""Numbers of units that are none of the declared looks."""

import pandas as pd
import pytest

from uphold.claims.judge import judge

from ..conftest import STEP
from .conftest import flags

BETWEEN = "There are 4 seeds; claims are judged on the first {}, and next at {}"
BEFORE = "There are 4 seeds; nothing is decided before the first look, at {}"
AFTER = "There are 4 seeds; claims are judged on the first {}, and the plan is used up"


@pytest.mark.parametrize(
    ("looks", "severity", "told"),
    [
        ([3, 5], "info", BETWEEN.format(3, 5)),
        ([5, 8], "info", BEFORE.format(5)),
        ([10], "info", BEFORE.format(10)),
        ([2, 3], "warning", AFTER.format(3)),
        ([3], "warning", AFTER.format(3)),
    ],
)
def test_a_number_that_is_no_look_is_told(table, relog, claim, looks, severity, told):
    """There are four seeds, and it is judged as it is said."""
    c, log = claim(contrast=STEP, expect="increase"), relog(table, looks=looks)
    flag = flags(log, {"it": c})["judged-again"]
    assert flag.severity == severity and flag.claims == ("it",)
    assert f"{told} (it)." in flag.message
    j = judge({"runs": log}, {"it": c})["it"]
    if "first look" in told:
        assert j.verdict == "inconclusive"
    else:
        assert f"the first {j.outcome.seeds}," in flag.message


@pytest.mark.parametrize("looks", [[2, 4], [4], [4, 8], []])
def test_at_a_look_and_without_a_plan_nothing_is_told(table, relog, claim, looks):
    it = {"it": claim(contrast=STEP, expect="increase")}
    assert "judged-again" not in flags(relog(table, looks=looks), it)


def test_a_failed_run_is_no_further_look(table, relog, claim):
    it = {"it": claim(contrast=STEP, expect="increase")}
    lost = table.assign(f1=table.f1.where(table.seed != 4))
    assert "judged-again" not in flags(relog(lost, looks=[2, 4]), it)
    more = pd.concat([lost, table.assign(seed=table.seed + 10)])
    assert "judged-again" in flags(relog(more, looks=[4, 9]), it)


def test_the_poorest_configuration_of_a_claim_counts(table, relog, claim):
    it = {"it": claim(contrast=STEP, expect="increase")}
    part = table[~table.mixup | (table.seed < 4)]
    told = flags(relog(part, looks=[2, 4]), it)["judged-again"].message
    assert "There are 3 seeds; claims are judged on the first 2, and next at 4 (it)." in told


NUMBERED = "An order of seeds is known where those of a configuration are numbered 0, 1, 2, … or"


@pytest.mark.parametrize(
    ("looks", "severity", "told"),
    [
        ([3, 5], "info", "There are 4 seeds in no known order; claims are judged where there are"),
        ([2, 3], "warning", "There are 4 seeds in no known order, more than any look has; nothing"),
        ([5, 8], "info", BEFORE.format(5)),
    ],
)
def test_seeds_in_no_known_order_are_told(table, relog, claim, looks, severity, told):
    it = {"it": claim(contrast=STEP, expect="increase")}
    flag = flags(relog(table.assign(seed=table.seed * 1000), looks=looks), it)["judged-again"]
    assert flag.severity == severity and told in flag.message and NUMBERED in flag.message
    assert NUMBERED not in flags(relog(table, looks=looks), it)["judged-again"].message


def test_seeds_in_no_known_order_at_a_look_and_uneven_ones(table, relog, claim):
    it = {"it": claim(contrast=STEP, expect="increase")}
    random = table.assign(seed=table.seed * 1000)
    assert "judged-again" not in flags(relog(random, looks=[2, 4]), it)
    part = random[~random.mixup | (random.seed < 4000)]
    told = flags(relog(part, looks=[3, 4]), it)["judged-again"].message
    assert (
        "There are 3 to 4 seeds in no known order; claims are judged where there are exactly 4 (it)"
    ) in told
