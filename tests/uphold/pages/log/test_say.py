"""Sentences of a run log's report, from what was found."""

from pathlib import Path

import pytest

from uphold.analysis.model.report import FirstRows, Report
from uphold.analysis.model.runs import Along, Factor, Runs
from uphold.analysis.model.writeup import Claim, Outcome
from uphold.pages.log import say
from uphold.pages.log.page import LogPage

from ....partly import put

ERROR = FirstRows(
    **{"check": "counts-mismatch", "severity": "error", "claims": ("a", "b")},
    **{"count": 1, "unit": "runs", "message": "", "rows": (), "more": 0},
)
SUPPORTED = Claim.model_construct(verdict="supported", fragile=False, role="primary")


@pytest.fixture
def page():
    def make(claims: dict, flags: list) -> LogPage:
        runs = Runs.model_construct(runs=4, count=1, seeds=4, failed=0)
        found = {"sweeps": {"runs": runs}, "replicate": "seed", "claims": claims}
        return LogPage("log", Path(), Report.model_construct(**found, audit={"runs": flags}))

    return make


def test_claims_that_rest_on_an_error_are_counted(page):
    claims = dict.fromkeys("abc", SUPPORTED)
    text = say.trusted(page(claims, [ERROR]))
    assert "an error in them (counts-mismatch)" in text
    assert text.endswith("2 of 3 claims rest on such runs, and say so.")
    one = [
        ERROR.model_copy(update={"claims": ("a",)}),
        ERROR.model_copy(update={"check": "nonfinite", "claims": ()}),
    ]
    text = say.trusted(page({"a": SUPPORTED}, one))
    assert "2 errors in them (counts-mismatch, nonfinite)" in text
    assert text.endswith("1 of 1 claim rests on such runs, and says so.")


def test_without_errors_nothing_is_held_against_verdicts(page):
    warning = ERROR.model_copy(update={"severity": "warning"})
    assert say.trusted(page({"a": SUPPORTED}, [warning])) == (
        "Verdicts take the scores as they were logged."
    )


def test_the_summary_counts_in_words_that_agree(page):
    text = say.summary(page({"a": SUPPORTED}, []))
    assert text.startswith("4 runs of 1 configuration, each with a seed of its own.")


@pytest.mark.parametrize(
    ("replicate", "seeds", "said"),
    [
        ("seed", 2, "over 2 seeds."),
        ("dataset", 1, "over 1 dataset."),
        ("run.no", 2, "over 2 values of run.no."),
        ("run.no", 4, "each with a value of run.no of its own."),
    ],
)
def test_the_summary_says_over_how_many_units_runs_are_spread(page, replicate, seeds, said):
    found = page({"a": SUPPORTED}, [])
    put(replicate, found.found, "replicate")
    put(seeds, found.runs, "seeds")
    joined = ", " if seeds == 4 else " "
    assert say.summary(found).startswith(f"4 runs of 1 configuration{joined}{said}")


def test_many_claims_are_counted_and_which_of_them_are_answered_is_said(page):
    tested = SUPPORTED.model_copy(update={"outcome": Outcome.model_construct(reason="")})
    few = say.verdicts(page(dict.fromkeys("ab", tested), [])).data
    assert few.startswith("2 primary claims: ") and "first" not in few
    many = say.verdicts(page(dict.fromkeys("abcdefg", tested), [])).data
    assert many.endswith("Above are the first 5, decided ones before others.")


def test_the_summary_tells_what_was_declared_from_what_was_explored(page):
    explored = SUPPORTED.model_copy(update={"role": "secondary"})
    assert "explored" not in say.summary(page({"a": SUPPORTED, "b": explored}, []))
    assert say.summary(page({"b": explored}, [])).endswith(
        "No claim is primary: all that follows was explored, and shows nothing yet."
    )


def test_what_to_run_next_stands_on_the_first_screen_and_leads_to_the_rest(page):
    found = page({"a": SUPPORTED}, [])
    steps = [
        {"what": "12 more seeds at least", "why": "It is open.", "runs": 48},
        {"what": "nothing more", "why": "No look is left.", "runs": None},
    ]
    for many, more in ((1, ""), (2, " [1 more step](#what-to-run-next).")):
        put(steps[:many], found.found, "next")
        said = say.next_step(found).data.replace("\\", "")
        assert said == f"**Next:** 12 more seeds at least (48 runs). It is open.{more}"
    put([], found.found, "next")
    assert say.next_step(found).data == "**Next:** nothing that is claimed here is open."


def test_a_search_is_told_by_what_it_was_over(page):
    along = Along(name="params.lr", scale="log", low=1e-4, high=0.1, count=4, without=0)
    of = Factor(name="optimizer", levels=("adam", "sgd"), count=2, without=0)
    found = page({"a": SUPPORTED}, [])
    runs = found.runs.model_copy(update={"numeric": (along,), "factors": (of,)})
    found.found.sweeps["runs"] = runs
    assert say.summary(found).startswith("4 runs of a search over lr and optimizer. The audit")
