"""What a page says of claims that were judged before with other numbers of units."""

import json

import pytest

from uphold.analysis.model.writeup import Writeup
from uphold.claims.standing import Registered
from uphold.pages import claim_tables, judged_again
from uphold.pages.writeup import Page

from ...partly import partly


@pytest.mark.parametrize(
    ("before", "now", "looks", "words"),
    [
        ([], 5, [], ""),
        ([5], 5, [], ""),
        ([3, 5], 5, [3, 5, 8], ""),
        (
            [3],
            5,
            [],
            "Judged again after 1 look, not controlled (with 3 seeds before and 5 now;"
            " declared: none)",
        ),
        (
            [3, 4, 5],
            8,
            [3, 5, 8],
            "Judged again after 3 looks, not controlled (with 3, 4 and 5 seeds before and 8 now;"
            " declared: 3, 5, 8)",
        ),
        (
            [3],
            4,
            [3, 5],
            "Judged again after 1 look, not controlled (with 3 seeds before and 4 now;"
            " declared: 3)",
        ),
    ],
)
def test_only_numbers_that_no_one_declared_are_told(before, now, looks, words):
    assert judged_again.again(before, now, looks, "seed") == words


@pytest.fixture
def page(tmp_path) -> Page:
    claims = {
        name: {"sweep": "a", "metric": "f1", "says": f"So {name}.", "outcome": {"seeds": seeds}}
        for name, seeds in (("one", 5), ("two", 5), ("three", 3))
    }
    sweep = {"title": "A", "design": {"replicate": ["seed"]}}
    found = {"study": "calls", "claims": claims, "sweeps": {"a": sweep}, "audit": {"a": []}}
    return Page("p", tmp_path, partly(Writeup, found))


STANDING = {
    "history": "whole",
    "sweeps": {},
    "claims": {},
    "dropped": [],
    "judged": {"one": [3, 5], "two": [3], "three": [3]},
    "looks": {"one": [], "two": [], "three": []},
}


def test_claims_with_the_same_to_say_are_told_together(page):
    (text,) = judged_again.summary(page, Registered.model_validate(STANDING))
    assert text.startswith("Judged again after 1 look, not controlled (with 3 seeds before and 5")
    assert text.endswith(": “So one”, “So two”.")


def test_the_table_of_the_audit_has_it(page, tmp_path):
    assert judged_again.rows(page) == []
    none = Registered.model_validate(STANDING | {"judged": {}})
    assert judged_again.names(page, none) == []
    folder = tmp_path / "results" / "registration"
    folder.mkdir(parents=True)
    (folder / "p.json").write_text(json.dumps(STANDING))
    (found,) = judged_again.rows(page)
    assert found[1:4] == ("judged-again", "warning", "2 claims")
    assert "judged-again" in claim_tables.audit(page).as_raw_html()


def test_of_most_claims_the_table_names_those_that_are_left_out(page, tmp_path, monkeypatch):
    folder = tmp_path / "results" / "registration"
    folder.mkdir(parents=True)
    (folder / "p.json").write_text(json.dumps(STANDING))
    monkeypatch.setattr(judged_again, "FEW", 1)
    (found,) = judged_again.rows(page)
    assert found[-1].endswith("declared: none): all 3 claims but “So three”.")


def test_running_text_counts_many_claims_and_names_few(page, monkeypatch):
    found = Registered.model_validate(STANDING)
    assert len(judged_again.names(page, found)) == 2
    monkeypatch.setattr(judged_again, "FEW", 1)
    (text,) = judged_again.summary(page, found)
    assert text.endswith("declared: none): 2 claims (see the audit).")
