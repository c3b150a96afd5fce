"""The table of expectations, row by row: which test allows which verdict.

The p stand beside the decisions as scipy gives them, each for a hypothesis written out here.
"""

import numpy as np
import pytest
from scipy.stats import t as student

from uphold.claims.expectations import EXPECTED, Decision
from uphold.claims.outcomes import Outcome
from uphold.statistics.heterogeneity import Contexts

from ..conftest import read_claim

MARGIN, SE, DF = 0.02, 0.01, 5
STEP = {"factor": "mixup", "from": False, "to": True}


def outcome(value: float, se: float = SE, df: float = DF, **more) -> Outcome:
    return Outcome.from_t(value, se, df, n=6, runs=12, seeds=6, method="paired t", **more)


def decisions(expectation: str, o: Outcome) -> dict[str, float]:
    return {d.verdict: d.p for d in EXPECTED[expectation].decisions(o, MARGIN)}


def one_sided(distance: float) -> float:
    """Return the p of a value that lies so far in the direction of what is to be shown."""
    return student.sf(distance / SE, DF)


def two_sided(value: float) -> float:
    return 2 * student.sf(abs(value) / SE, DF)


def inside(value: float) -> float:
    return one_sided(MARGIN - abs(value))


def beyond(value: float) -> float:
    """Return the chance of so much, on either side, where the truth is one margin."""
    return one_sided(abs(value) - MARGIN) + one_sided(abs(value) + MARGIN)


@pytest.mark.parametrize("value", [-0.05, -0.02, -0.01, 0.0, 0.003, 0.02, 0.08])
@pytest.mark.parametrize(
    ("expectation", "expected"),
    [
        ("increase", lambda v: {("supported" if v > 0 else "refuted"): two_sided(v)}),
        ("decrease", lambda v: {("refuted" if v > 0 else "supported"): two_sided(v)}),
        ("difference", lambda v: {"supported": two_sided(v)}),
    ],
)
def test_a_direction_is_two_sided_and_equivalence_is_tost(expectation, expected, value):
    wanted = {**expected(value), "equivalent": inside(value)}
    assert decisions(expectation, outcome(value)) == pytest.approx(wanted)


@pytest.mark.parametrize("value", [-0.05, -0.02, 0.0, 0.003, 0.02, 0.08])
@pytest.mark.parametrize(
    ("expectation", "expected"),
    [
        ("no-effect", lambda v: {"supported": inside(v), "refuted": beyond(v)}),
        (
            "no-increase",
            lambda v: {"supported": one_sided(MARGIN - v), "refuted": one_sided(v - MARGIN)},
        ),
        (
            "no-decrease",
            lambda v: {"supported": one_sided(MARGIN + v), "refuted": one_sided(-v - MARGIN)},
        ),
    ],
)
def test_what_speaks_of_the_margin_is_decided_at_the_margin(expectation, expected, value):
    assert decisions(expectation, outcome(value)) == pytest.approx(expected(value))


@pytest.mark.parametrize(
    ("expectation", "sign"), [("no-increase", 1), ("no-decrease", -1), ("no-effect", 1)]
)
def test_an_effect_that_is_real_and_below_the_margin_refutes_no_claim_about_the_margin(
    expectation, sign
):
    """An effect of .9 of the margin, ten standard errors from 0."""
    found = decisions(expectation, outcome(sign * 0.018, se=0.0018))
    assert outcome(0.018, se=0.0018).p < 0.001 and found["refuted"] > 0.5


def test_the_mirror_of_no_increase_is_no_decrease():
    up, down = decisions("no-increase", outcome(0.013)), decisions("no-decrease", outcome(-0.013))
    assert up == pytest.approx(down)


@pytest.mark.parametrize("expectation", EXPECTED)
def test_the_nulls_of_a_claim_exclude_each_other(expectation):
    """Whatever the value is, two decisions are never both made: only real and small is two."""
    for value in np.linspace(-0.1, 0.1, 41):
        for se in (1e-4, 1e-3, 1e-2):
            made = {v for v, p in decisions(expectation, outcome(value, se)).items() if p < 0.05}
            assert not {"supported", "refuted"} <= made
            if "equivalent" in made:
                assert abs(value) < MARGIN


@pytest.mark.parametrize("expectation", EXPECTED)
def test_without_an_error_nothing_has_a_p(expectation):
    found = EXPECTED[expectation].decisions(outcome(np.nan, np.nan, np.nan), MARGIN)
    assert np.isnan([d.p for d in found]).all()


@pytest.mark.parametrize("expectation", ["no-effect", "increase", "decrease", "difference"])
def test_an_effect_is_within_the_margin_in_every_context_or_is_not_said_to_be(expectation):
    apart = Contexts(np.array([0.1, -0.1]), np.arange(2), unsure=np.zeros(2))
    small = Contexts(np.array([0.01, -0.01]), np.arange(2), unsure=np.zeros(2))
    word = "supported" if expectation == "no-effect" else "equivalent"
    assert decisions(expectation, outcome(0.0, contexts=apart))[word] == 1
    assert decisions(expectation, outcome(0.0, contexts=small))[word] == pytest.approx(inside(0.0))


@pytest.mark.parametrize("expectation", EXPECTED)
def test_a_direction_has_two_sides_and_a_margin_one(expectation):
    """By the sides a declared look spends its level."""
    sides = {d.verdict: d.sides for d in EXPECTED[expectation].decisions(outcome(0.01), MARGIN)}
    directed = {"increase", "decrease", "difference"}
    two = {"supported", "refuted"} if expectation in directed else set()
    assert {verdict for verdict, n in sides.items() if n == 2} == two & set(sides)


def test_a_gain_is_at_least_so_much_or_less():
    claim = read_claim({"metric": "f1", "gain": {"at_least": 0.05, "over": 0.5}})
    found = {d.verdict: d.p for d in claim.decisions(outcome(0.08, limit=0.05), MARGIN)}
    assert found == pytest.approx({"supported": one_sided(0.03), "refuted": one_sided(-0.03)})


def test_a_bound_is_decided_by_what_its_means_say():
    claim = read_claim({"metric": "f1", "bound": {"at_most": 0.9}})
    o = outcome(0.8, inside_p=0.01, outside_p=0.7)
    assert claim.decisions(o, MARGIN) == (Decision("supported", 0.01), Decision("refuted", 0.7))


@pytest.mark.parametrize(
    "form",
    [
        *({"contrast": STEP, "expect": expect} for expect in EXPECTED),
        {"bound": {"at_most": 0.9}},
        {"gain": {"at_least": 0.05, "over": 0.5}},
        {"anova": {"over": "mixup"}},
    ],
)
def test_where_no_test_was_possible_nothing_is_decided_whatever_the_numbers(form):
    claim = read_claim({"metric": "f1", **form})
    found = outcome(0.5, inside_p=0.0, outside_p=0.0, limit=0.1, reason="all runs share one seed")
    assert claim.decisions(found, MARGIN) == ()
