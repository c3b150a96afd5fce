"""The answer to a claim in two lines: the verdict chooses its first word."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from uphold.claims.as_seen import AsSeen
from uphold.claims.brief import answer, brief
from uphold.claims.fragility import LeftOut
from uphold.claims.judge import judge
from uphold.claims.judgement import Judgement
from uphold.statistics.power import SeedsNeeded

from ..conftest import STEP

SHAPE = np.array([-1.0, 1.0, 0.5, -0.5]) / np.std([-1.0, 1.0, 0.5, -0.5], ddof=1)


@pytest.fixture
def judged(make, claim):
    """Return a function that judges a step on four seeds with this effect and noise."""

    def of(effect: float, noise: float, expect: str = "increase"):
        rows = [(on, seed) for on in (False, True) for seed in range(4)]
        table = pd.DataFrame(rows, columns=["mixup", "seed"])
        table["f1"] = 0.5 + table["mixup"] * (effect + noise * SHAPE[table["seed"]])
        one = claim(contrast=STEP, expect=expect)
        return judge({"runs": make(table, ["mixup"])}, {"it": one})["it"]

    return of


def test_the_first_word_is_the_answer(judged):
    assert judged(0.2, 0.01).brief.startswith("Yes: +0.200 (")
    assert judged(-0.2, 0.01).brief.startswith("No, the opposite: −0.200 (")
    assert judged(0.001, 0.002).brief.startswith("No difference that matters: +0.001 (")
    assert judged(0.02, 0.06).brief.startswith("Undecided: +0.020 (")


def test_what_a_claim_about_a_margin_refutes_is_no_opposite(judged):
    assert judged(0.2, 0.01, "no-increase").brief.startswith("No: +0.200 (")


def test_an_effect_that_is_there_and_too_small_says_so(judged):
    small = replace(judged(0.001, 0.002), verdict="supported")
    assert brief(small, "seed").startswith("Yes, but too little to matter (under 0.02): +0.001 (")
    assert "too little" not in judged(0.2, 0.01).brief


def test_a_gain_that_is_a_loss_says_so(make, claim):
    rows = [(on, seed) for on in (False, True) for seed in range(4)]
    table = pd.DataFrame(rows, columns=["mixup", "seed"])
    gain = {"at_least": 0.05, "over": {"mixup": False}}
    for effect, said in ((-0.1, "No, a loss: −0.100 ("), (0.01, "No: +0.010 (")):
        table["f1"] = 0.5 + table["mixup"] * (effect + 0.01 * SHAPE[table["seed"]])
        one = claim(gain=gain, where={"mixup": True})
        assert judge({"runs": make(table, ["mixup"])}, {"it": one})["it"].brief.startswith(said)


def test_an_exploratory_answer_says_so(judged):
    j = judged(0.2, 0.01)
    second = replace(j, claim=j.claim.model_copy(update={"role": "secondary"}))
    assert brief(second, "seed").startswith("Yes (exploratory): ")
    small = replace(judged(0.001, 0.002), verdict="supported", claim=second.claim)
    assert brief(small, "seed").startswith("Yes, but too little to matter (under 0.02, explor")


@pytest.mark.parametrize(
    ("needed", "says"),
    [
        (SeedsNeeded(9, 24), "9 to 24 would settle a difference of 0.02"),
        (SeedsNeeded(None, None), "more than 100 would settle a difference of 0.02"),
        (SeedsNeeded(2, 4), ""),
        (None, ""),
    ],
)
@pytest.mark.parametrize(
    ("seen", "and_seen"),
    [
        (SeedsNeeded(36, None), "from 36 to more than 100 {}"),
        (SeedsNeeded(3, 4), ""),
        (None, ""),
    ],
)
def test_an_undecided_claim_says_what_would_settle_it(judged, needed, says, seen, and_seen):
    as_seen = seen and AsSeen(seen, within=False)
    j = replace(judged(0.02, 0.06), seeds_needed=needed, as_seen=as_seen, depends_on=())
    and_seen = and_seen.format("the one seen" if says else "would settle the difference seen")
    parts = [part for part in (says, and_seen) if part] if needed else []
    expected = f"4 seeds leave it open: {', '.join(parts)}." if parts else ""
    assert brief(j, "seed").partition("). ")[2] == expected


def test_a_ratio_is_not_called_a_difference(judged):
    j = replace(judged(0.02, 0.06), seeds_needed=SeedsNeeded(9, 24), as_seen=None, depends_on=())
    of_ratio = replace(j, outcome=replace(j.outcome, ratio=True))
    assert "9 to 24 would settle a ratio of " in brief(of_ratio, "seed")


def test_a_gain_near_what_is_claimed_is_planned_for_the_distance_that_was_seen(make, claim):
    rows = [(on, seed) for on in (False, True) for seed in range(4)]
    table = pd.DataFrame(rows, columns=["mixup", "seed"])
    table["f1"] = 0.5 + table["mixup"] * (0.051 + 0.01 * SHAPE[table["seed"]])
    gain = {"at_least": 0.05, "over": {"mixup": False}}
    one = claim(gain=gain, where={"mixup": True})
    j = judge({"runs": make(table, ["mixup"])}, {"it": one})["it"]
    assert j.as_seen.needed == SeedsNeeded(None, None)  # a tenth of the noise away from the claim
    assert "would settle a gain 0.02 above or below the one claimed, " in j.brief
    assert j.brief.endswith("more than 100 the one seen.")
    assert "; at the distance seen, more than 100." in j.sentence


@pytest.mark.parametrize(
    ("effect", "says"), [(0.03, ", perhaps too little to matter (under 0.02)"), (0.2, "")]
)
@pytest.mark.parametrize(("sign", "answer"), [(1, "Yes"), (-1, "No, the opposite")])
def test_an_effect_that_may_be_too_small_says_so_either_way(judged, effect, says, sign, answer):
    assert judged(sign * effect, 0.008).brief.startswith(f"{answer}{says}: ")


@pytest.mark.parametrize(
    ("left", "says"),
    [
        ([("seed", "7", "inconclusive")], "Without seed 7 it would be undecided."),
        (
            [("seed", s, "refuted") for s in "78"],
            "Leaving out either of 2 seeds would change this verdict.",
        ),
        (
            [("seed", s, "refuted") for s in "789"],
            "Leaving out any one of 3 seeds would change this verdict.",
        ),
        ([("run", "a", "refuted")], "Leaving out one run would change this verdict."),
        ([("run", "a", "refuted"), ("seed", "8", "refuted")], "Without seed 8 it would be a no."),
    ],
)
def test_a_fragile_answer_says_what_it_depends_on(judged, left, says):
    j = replace(judged(0.2, 0.01), depends_on=tuple(LeftOut(*one) for one in left))
    assert brief(j, "seed").endswith(says)


@pytest.mark.parametrize(
    ("lean", "says"),
    [
        ("supported", "Undecided, leaning towards a yes: "),
        ("refuted", "Undecided, leaning towards a no: "),
        ("equivalent", "Undecided, leaning towards no difference that matters: "),
    ],
)
def test_an_undecided_claim_says_which_way_it_leans(judged, monkeypatch, lean, says):
    monkeypatch.setattr(Judgement, "suggests", lean)
    assert brief(judged(0.02, 0.06), "seed").startswith(says)


def test_what_could_not_be_tested_gives_its_reason(judged):
    j = judged(0.2, 0.01)
    none = replace(j, outcome=replace(j.outcome, reason="there is one seed"))
    assert brief(none, "seed") == "Not tested: there is one seed."


def test_beside_another_claim_stands_the_answer_with_what_it_depends_on(judged):
    needed = SeedsNeeded(9, 24)
    open_ = replace(judged(0.02, 0.06), seeds_needed=needed, as_seen=None, depends_on=())
    assert answer(open_) == brief(open_, "seed").removesuffix(
        " 4 seeds leave it open: 9 to 24 would settle a difference of 0.02."
    )
    fragile = replace(judged(0.2, 0.01), depends_on=(LeftOut("seed", "7", "inconclusive"),))
    assert answer(fragile) == brief(fragile, "seed")
    assert "Without seed 7" in answer(fragile)
