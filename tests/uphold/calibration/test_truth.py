"""Which verdicts are false, by what is true."""

import pytest

from uphold.calibration.truth import false_verdicts
from uphold.claims.forms.contrast import ContrastClaim
from uphold.errors import InputError

from ..conftest import read_claim

STEP = {"factor": "arm", "from": 0, "to": 1}


@pytest.mark.parametrize(
    ("expect", "effect", "false"),
    [
        ("difference", 0.0, {"supported"}),
        ("difference", 0.5, set()),
        ("difference", -2.0, {"equivalent"}),
        ("increase", 0.0, {"supported", "refuted"}),
        ("increase", 0.5, {"refuted"}),
        ("increase", 1.0, {"refuted", "equivalent"}),
        ("increase", -0.5, {"supported"}),
        ("decrease", 0.5, {"supported"}),
        ("decrease", -1.5, {"refuted", "equivalent"}),
        ("no-effect", 0.9, {"refuted"}),
        ("no-effect", -1.0, {"supported", "refuted"}),
        ("no-effect", -1.1, {"supported"}),
        ("no-increase", -3.0, {"refuted"}),
        ("no-increase", 0.9, {"refuted"}),
        ("no-increase", 1.0, {"supported", "refuted"}),
        ("no-increase", 1.1, {"supported"}),
        ("no-decrease", 3.0, {"refuted"}),
        ("no-decrease", -1.1, {"supported"}),
    ],
)
def test_of_an_effect(expect, effect, false):
    claim = read_claim({"metric": "score", "contrast": STEP, "expect": expect})
    assert false_verdicts(claim, effect, margin=1.0) == false


@pytest.mark.parametrize(
    ("expect", "effect", "false"),
    [
        ("no-effect", 0.4, {"supported", "refuted"}),
        ("difference", 0.4, {"equivalent"}),
        ("increase", 0.0, {"supported", "refuted", "equivalent"}),
    ],
)
def test_nothing_changes_where_nothing_changes_in_any_context(expect, effect, false):
    claim = read_claim({"metric": "score", "contrast": STEP, "expect": expect})
    assert false_verdicts(claim, effect, margin=1.0, furthest=1.5) == false
    assert false_verdicts(claim, effect, margin=1.0, furthest=0.9) != false


@pytest.mark.parametrize(
    ("expect", "ratio", "false"),
    [
        ("difference", 1.0, {"supported"}),
        ("decrease", 0.8, {"refuted"}),
        ("decrease", 2.0, {"supported", "equivalent"}),
        ("increase", 1.0, {"supported", "refuted"}),
        ("no-increase", 1.5, {"supported", "refuted"}),
        ("no-effect", 1.4, {"refuted"}),
        ("no-effect", 1 / 1.6, {"supported"}),
    ],
)
def test_of_a_ratio_of_standard_deviations(expect, ratio, false):
    claim = read_claim({"metric": "score", "stability": {**STEP, "by": 1.5}, "expect": expect})
    assert false_verdicts(claim, ratio, margin=0.001) == false


@pytest.mark.parametrize(
    ("value", "false"),
    [(0.6, {"refuted"}), (0.5, {"supported", "refuted"}), (0.4, {"supported"})],
)
def test_of_a_gain_and_of_a_bound(value, false):
    gain = read_claim(
        {
            "metric": "score",
            "gain": {"at_least": 0.5, "over": {"arm": 0}},
            "where": {"arm": 1},
        }
    )
    bound = read_claim({"metric": "score", "bound": {"at_least": 0.5}})
    assert false_verdicts(gain, value, margin=1.0) == false
    assert false_verdicts(bound, value, margin=1.0) == false
    above = read_claim({"metric": "score", "bound": {"at_most": 0.5}})
    assert false_verdicts(above, 1 - value, margin=1.0) == false


def test_what_is_not_known_here_is_said():
    class Other(ContrastClaim):
        """A form that says by itself what it expects, and of which nothing is known here."""

        @property
        def expectation(self):
            return "a-shape"

    claim = Other(metric="score", contrast=STEP)
    with pytest.raises(InputError, match=r"contrast.*a-shape.*calibration/truth\.py"):
        false_verdicts(claim, 0.5, margin=1.0)
