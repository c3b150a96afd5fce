"""Sentences of a run log's report, from what was found."""

from pathlib import Path

import pytest

from uphold.pages.log import say
from uphold.pages.writeup import Page

ERROR = {"check": "counts-mismatch", "severity": "error", "claims": ["a", "b"]}
SUPPORTED = {"verdict": "supported", "fragile": False}


@pytest.fixture
def page():
    def make(claims: dict, remarks: list) -> Page:
        runs = {"runs": 4, "count": 1, "seeds": 4, "failed": 0}
        found = {"sweeps": {"runs": runs}, "replicate": "seed", "claims": claims}
        return Page("log", Path(), found | {"audit": {"runs": remarks}})

    return make


def test_claims_that_rest_on_an_error_are_counted(page):
    claims = dict.fromkeys("abc", SUPPORTED)
    text = say.trusted(page(claims, [ERROR]))
    assert "an error in them (counts-mismatch)" in text
    assert text.endswith("2 of 3 claims rest on such runs, and say so.")
    one = [{**ERROR, "claims": ["a"]}, {**ERROR, "check": "nonfinite", "claims": []}]
    text = say.trusted(page({"a": SUPPORTED}, one))
    assert "2 errors in them (counts-mismatch, nonfinite)" in text
    assert text.endswith("1 of 1 claim rests on such runs, and says so.")


def test_without_errors_nothing_is_held_against_verdicts(page):
    warning = {**ERROR, "severity": "warning"}
    assert say.trusted(page({"a": SUPPORTED}, [warning])) == (
        "Verdicts take the scores as they were logged."
    )


def test_the_summary_counts_in_words_that_agree(page):
    text = say.summary(page({"a": {**SUPPORTED, "fragile": True}}, []))
    assert text.startswith("4 runs of 1 configuration, 4 distinct values of seed.")
    assert "Of 1 claim: 1 supported; 1 of these hangs on a single run or replicate." in text
