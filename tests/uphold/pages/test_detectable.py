"""What primary claims could have found."""

import pytest

from uphold.analysis.model.writeup import Claim
from uphold.pages import detectable

from ...partly import partly
from .conftest import cells


def claim(found: float | None, **parts) -> Claim:
    known = {"says": "It helps.", "role": "primary", "metric": "ood_f1", "form": "contrast"}
    return partly(Claim, {**known, "detectable": found} | parts)


@pytest.fixture
def told(page):
    def make(*claims):
        found = page()
        object.__setattr__(found.found, "claims", dict(enumerate(claims)))
        return found

    return make


def test_each_primary_claim_has_its_margin_and_what_it_would_find(told):
    others = claim(0.01, role="secondary"), claim(None), claim(2.1)
    page = told(claim(0.03), claim(0.05), *others)
    assert page.margin("ood_f1") == 0.02
    assert [row[1:] for row in cells(detectable.table(page))] == [
        ["0.02", "0.030", "1.5 ×"],
        ["0.02", "0.050", "2.5 ×"],
        ["0.02", "–", "–"],
        ["0.02", "nothing yet", "> 100 ×"],
    ]


@pytest.mark.parametrize(
    ("effects", "begins"),
    [
        ([0.03, 0.05], "The tests of 1 of 2 primary claims would find"),
        ([0.03, 0.04], "The tests of both primary claims would find"),
        ([0.03] * 3, "The tests of all 3 primary claims would find"),
        ([0.041, 0.05], "None of the tests of the 2 primary claims would find"),
        ([0.03], "The test of the one primary claim would find"),
        ([0.05], "The test of the one primary claim would not find"),
    ],
)
def test_the_sentence_counts_those_that_find_twice_the_margin(told, effects, begins):
    assert detectable.sentence(told(*map(claim, effects))).startswith(begins)


def test_what_has_no_effect_in_the_metric_is_counted_apart(told):
    page = told(claim(0.03), claim(1.2, estimates="ratio"), claim(None))
    assert "For 2 further ones this is not known." in detectable.sentence(page)
    assert detectable.sentence(page).startswith("The test of one primary claim would find")
    assert detectable.sentence(told(claim(None))) == ""


def test_not_all_are_said_to_find_it_where_of_some_it_is_not_known(told):
    page = told(claim(0.03), claim(0.04), claim(None))
    assert detectable.sentence(page).startswith("The tests of 2 primary claims would find")
    assert "For 1 further one this is not known." in detectable.sentence(page)


def test_without_primary_claims_the_table_says_so(told):
    (row,) = cells(detectable.table(told(claim(0.1, role="secondary"))))
    assert "none is primary" in row
