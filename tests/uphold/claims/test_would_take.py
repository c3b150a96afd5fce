"""What an open claim would take, in words."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from uphold.analysis.findings import claim_of, findings
from uphold.claims.as_seen import AsSeen
from uphold.claims.judge import judge
from uphold.claims.would_take import _reached, seeds_text, would_take
from uphold.statistics.power import SeedsNeeded

from ..conftest import STEP

SHAPE = np.array([-1.0, 1.0, 0.5, -0.5]) / np.std([-1.0, 1.0, 0.5, -0.5], ddof=1)


@pytest.fixture
def judged(make, claim):
    """Return a function that judges a step on four seeds with this effect and noise."""

    def of(effect: float, noise: float, expect: str = "increase", **keys):
        rows = [(on, seed) for on in (False, True) for seed in range(4)]
        table = pd.DataFrame(rows, columns=["mixup", "seed"])
        table["f1"] = 0.5 + table["mixup"] * (effect + noise * SHAPE[table["seed"]])
        one = claim(contrast=STEP, expect=expect)
        return judge({"runs": make(table, ["mixup"], **keys)}, {"it": one})["it"]

    return of


def test_one_as_large_as_seen_takes_fewer_seeds_than_one_margin(judged):
    j = judged(0.05, 0.06)
    assert j.verdict == "inconclusive" and not j.as_seen.within
    least = j.seeds_needed.low
    low, high = j.as_seen.needed
    assert j.sentence.endswith(
        f"To see a change of 0.02 with 80 % power would take from {least} to more than 100 seeds"
        f" instead of 4; one as large as seen (+0.050), {low} to {high}."
    )


def test_a_small_one_is_to_be_ruled_out(judged):
    j = judged(-0.004, 0.02)
    assert j.as_seen.within
    low, high = j.as_seen.needed
    assert f"; to rule it out, if it is as small as seen (−0.004), {low} to {high}." in j.sentence


@pytest.mark.parametrize(
    ("expect", "sign", "aim"),
    [
        ("no-effect", 1, "To show that it stays within ±0.02"),
        ("no-increase", 1, "To rule out a rise of 0.02"),
        ("no-decrease", -1, "To rule out a fall of 0.02"),
    ],
)
def test_within_a_margin_seeds_are_for_no_change_and_for_the_one_seen(judged, expect, sign, aim):
    j = judged(sign * 0.008, 0.02, expect)
    assert j.verdict == "inconclusive" and j.as_seen.within
    (low, high), (as_low, as_high) = j.seeds_needed, j.as_seen.needed
    assert low < as_low and high < as_high
    seen = f"{'+' if sign > 0 else '−'}0.008"
    assert j.sentence.endswith(
        f"{aim} with 80 % power, if nothing changes, would take {low} to {high} seeds instead of 4;"
        f" if it changes as seen ({seen}), {as_low} to {as_high}."
    )


@pytest.mark.parametrize(
    ("expect", "sign", "aim"),
    [
        ("no-effect", -1, "To show a change of more than 0.02"),
        ("no-increase", 1, "To show a rise of more than 0.02"),
        ("no-decrease", -1, "To show a fall of more than 0.02"),
    ],
)
def test_beyond_a_margin_seeds_are_for_what_was_seen_and_not_for_its_contrary(
    judged, expect, sign, aim
):
    j = judged(sign * 0.05, 0.04, expect)
    assert j.verdict == "inconclusive" and not j.as_seen.within
    low, high = j.as_seen.needed
    # By hand: a one-sided test of a true distance of .03 with n seeds and the SD's 80 % interval.
    assert low < 4 * 4 and "rule out" not in j.sentence and "stays within" not in j.sentence
    seen = f"{'+' if sign > 0 else '−'}0.050"
    assert j.sentence.endswith(
        f"{aim} with 80 % power, if it is as large as seen ({seen}), would take {low} to {high}"
        " seeds instead of 4."
    )


def test_the_seeds_for_what_was_seen_beyond_a_margin_have_the_power_that_is_said(judged):
    needed = judged(0.05, 0.04, "no-increase").as_seen.needed
    critical = [scipy.stats.chi2.ppf(q, 3) for q in (0.9, 0.1)]
    rng = np.random.default_rng(1)
    for n, chi in zip(needed, critical, strict=True):
        sd = 0.04 * np.sqrt(3 / chi)
        power = []
        for seeds in (n - 1, n):
            draws = rng.normal(0.03, sd, (20_000, seeds))
            t = draws.mean(axis=1) / (draws.std(axis=1, ddof=1) / np.sqrt(seeds))
            power.append((t > scipy.stats.t.ppf(0.95, seeds - 1)).mean())
        assert power[0] < 0.81 and power[1] > 0.79, (n, power)


@pytest.mark.parametrize(("expect", "sign"), [("no-increase", -1), ("no-decrease", 1)])
def test_a_change_to_the_other_side_takes_fewer_seeds_than_none(judged, expect, sign):
    j = judged(sign * 0.012, 0.04, expect)
    assert j.verdict == "inconclusive" and j.as_seen.within
    assert j.as_seen.needed.low < j.seeds_needed.low


def test_what_is_the_same_is_said_once(judged):
    j = judged(0.05, 0.06)
    same = replace(j, as_seen=AsSeen(j.seeds_needed, False))
    assert "as seen" not in would_take(same, "seed")


def test_what_no_hundred_seeds_show_may_be_seen_if_it_is_as_large(judged):
    j = replace(
        judged(0.05, 0.06),
        seeds_needed=SeedsNeeded(None, None),
        as_seen=AsSeen(SeedsNeeded(9, None), False),
    )
    assert would_take(j, "seed") == (
        "Even 100 seeds are too few to see a change of 0.02 with 80 % power; one as large as"
        " seen (+0.050) would take from 9 to more than 100."
    )


def test_seeds_that_looks_reach_are_those_of_a_look(judged):
    j = judged(0.05, 0.06, looks=[4, 8, 16, 100])
    alone = judged(0.05, 0.06)
    assert j.sentence.split("It is judged next at ")[1].startswith("8 seeds. To see a change of")
    seen = j.sentence.rstrip(".").split("(+0.050), ")[1]
    ends = [int(end) for end in seen.split(" to ")]
    assert set(ends) <= {8, 16, 100} and ends[-1] > 8
    assert alone.as_seen.needed.low <= ends[0] and alone.as_seen.needed.high <= ends[-1]
    assert "instead of" not in j.sentence


def test_a_look_reaches_what_has_so_many_seeds_at_its_own_level():
    plans = {8: SeedsNeeded(9, 30), 16: SeedsNeeded(8, 20), 32: SeedsNeeded(7, 18)}
    assert _reached(plans) == (16, 32)
    assert _reached({8: None, 16: SeedsNeeded(20, None)}) == (20, None)
    assert _reached({8: SeedsNeeded(4, 6), 16: None}) is None


def test_when_the_looks_are_used_up_it_still_says_what_it_would_take(judged):
    j = judged(0.05, 0.06, looks=[2, 4])
    assert "The declared looks are used up. To see a change of 0.02 with 80 %" in j.sentence


def test_a_range_is_one_number_where_its_ends_are():
    assert seeds_text(SeedsNeeded(1, 1), "seed") == "1 seed"
    assert seeds_text(SeedsNeeded(4, 4), "seed") == "4 seeds"
    assert seeds_text(SeedsNeeded(4, 9), "seed") == "4 to 9 seeds"
    assert seeds_text(SeedsNeeded(4, None), "seed") == "from 4 to more than 100 seeds"


def test_pages_get_both_and_a_claim_before_its_first_look_no_p(judged, make):
    log = make(
        pd.DataFrame(
            {"mixup": [False, True] * 2, "seed": [0, 0, 1, 1], "f1": [0.5, 0.6, 0.5, 0.7]}
        ),
        ["mixup"],
    )
    j = judged(0.05, 0.06)
    shown = claim_of(j, log)
    assert shown.seeds_as_seen.low == j.as_seen.needed.low
    before = judged(0.05, 0.06, looks=[5, 8])
    assert before.look == 0 and np.isnan(before.p_adjusted)
    assert "not before the first look" in before.sentence or "judged next at 5" in before.sentence
    assert "nan" not in before.sentence and claim_of(before, log).p_adjusted is None
    assert findings({"it": before}, {"runs": log}, {})["claims"]["it"]["p_adjusted"] is None
