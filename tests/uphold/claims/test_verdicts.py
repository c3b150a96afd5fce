"""The verdict table, row by row and in its corners."""

from dataclasses import dataclass

import numpy as np
import pytest

from uphold.claims.claim import Claim
from uphold.claims.outcomes import Outcome
from uphold.claims.verdicts import verdict

from ..conftest import read_claim

MARGIN = 0.02


@dataclass(frozen=True, kw_only=True)
class Bounded(Outcome):
    """An outcome whose one-sided bounds are given."""

    least: float
    most: float

    def lower(self, level: float = 0.95) -> float:
        return self.least

    def upper(self, level: float = 0.95) -> float:
        return self.most


def outcome(value=0.05, lower=0.01, upper=0.09, within=False, **more) -> Outcome:
    numbers = {"p": np.nan, "se": np.nan, "df": np.nan, "n": 6, "runs": 12, "seeds": 3}
    return Bounded(
        value=value,
        ci_low=lower - 0.01,
        ci_high=upper + 0.01,
        least=lower,
        most=upper,
        within=within,
        method="paired t",
        **numbers,
        **more,
    )


STEP = {"factor": "mixup", "from": False, "to": True}
FORMS = {"bound": {"bound": {"at_most": 0.9}}, "gain": {"gain": {"at_least": 0.05, "over": 0.5}}}


def claim(expectation: str) -> Claim:
    form = FORMS.get(expectation, {"contrast": STEP, "expect": expectation})
    return read_claim({"metric": "f1", **form})


UP, DOWN = outcome(0.05), outcome(-0.05, -0.09, -0.01)
UNSURE = outcome(0.01, -0.05, 0.07)
INSIDE, SMALL = outcome(0.001, -0.01, 0.01, True), outcome(0.008, 0.005, 0.012, True)


@pytest.mark.parametrize(
    ("expectation", "found", "p", "expected"),
    [
        ("increase", UP, 0.01, "supported"),
        ("increase", DOWN, 0.01, "refuted"),
        ("increase", UP, 0.06, "inconclusive"),
        ("increase", UP, 0.05, "inconclusive"),
        ("increase", INSIDE, 0.8, "equivalent"),
        ("increase", SMALL, 0.001, "equivalent"),  # real, but too small to matter
        ("decrease", DOWN, 0.01, "supported"),
        ("decrease", UP, 0.01, "refuted"),
        ("decrease", INSIDE, 0.8, "equivalent"),
        ("decrease", DOWN, 0.06, "inconclusive"),
        ("no-effect", INSIDE, 0.8, "supported"),
        ("no-effect", SMALL, 0.001, "supported"),
        ("no-effect", UP, 0.01, "refuted"),
        ("no-effect", UNSURE, 0.7, "inconclusive"),
        ("no-increase", DOWN, 0.01, "supported"),
        ("no-increase", SMALL, 0.001, "supported"),  # rises, but by less than the margin
        ("no-increase", UP, 0.5, "refuted"),
        ("no-increase", UNSURE, 0.001, "inconclusive"),
        ("no-increase", outcome(0.0, -0.02, MARGIN), 0.5, "inconclusive"),
        ("no-decrease", UP, 0.01, "supported"),
        ("no-decrease", DOWN, 0.5, "refuted"),
        ("no-decrease", UNSURE, 0.001, "inconclusive"),
        ("difference", UP, 0.01, "supported"),
        ("difference", DOWN, 0.01, "supported"),
        ("difference", INSIDE, 0.8, "equivalent"),
        ("difference", SMALL, 0.001, "equivalent"),
        ("difference", UNSURE, 0.2, "inconclusive"),
        ("bound", outcome(breaking=0, reaching=0), np.nan, "supported"),
        ("bound", outcome(breaking=0, reaching=1), np.nan, "inconclusive"),
        ("bound", outcome(breaking=0, unknown=1), np.nan, "inconclusive"),
        ("bound", outcome(breaking=2, beyond=1, reaching=3), np.nan, "refuted"),
        ("gain", outcome(lower=0.05, limit=0.05), np.nan, "supported"),
        ("gain", outcome(lower=0.04, limit=0.05), np.nan, "inconclusive"),
        ("gain", outcome(upper=0.04, lower=0.0, limit=0.05), np.nan, "refuted"),
    ],
)
def test_table(expectation, found, p, expected):
    assert verdict(claim(expectation), found, p, MARGIN) == expected


@pytest.mark.parametrize(
    "expectation",
    ["increase", "decrease", "no-effect", "no-increase", "no-decrease", "difference", "gain"],
)
def test_what_is_unknown_is_inconclusive(expectation):
    unknown = outcome(np.nan, np.nan, np.nan, limit=0.05)
    assert verdict(claim(expectation), unknown, np.nan, MARGIN) == "inconclusive"


@pytest.mark.parametrize("expectation", ["increase", "no-effect", "bound", "gain", "difference"])
def test_a_test_that_was_not_possible_is_inconclusive_whatever_its_numbers(expectation):
    found = outcome(0.5, 0.5, 0.5, True, limit=0.1, reason="all runs share one seed")
    assert verdict(claim(expectation), found, 1e-9, MARGIN) == "inconclusive"
