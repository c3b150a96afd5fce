"""What several verdicts allow to be decided: each branch, and nothing that a claim left open."""

from itertools import product
from pathlib import Path

import pytest

from studies.radio.page import decisions
from uphold.analysis.model.writeup import Claim, Writeup
from uphold.errors import InputError
from uphold.pages import larger
from uphold.pages.writeup import Page

from ....partly import partly

THREE = ("supported", "refuted", "inconclusive")


def claim(verdict: str, fragile: bool = False, **more) -> Claim:
    outcome = {"value": 0.0123, "ci_low": 0.001, "ci_high": 0.02, "seeds": 3}
    found = {"says": f"It is {verdict}.", "verdict": verdict, "fragile": fragile, "sweep": "toy"}
    found["role"] = "primary"
    return partly(
        Claim, found | {"metric": "accuracy", "outcome": outcome, "seeds_needed": None} | more
    )


def page(**claims: dict) -> Page:
    metrics = {
        "accuracy": {"label": "accuracy", "margin": 0.005, "kind": "accuracy"},
        "error": {"label": "error in dB", "margin": 0.25, "kind": "score"},
    }
    found = {"claims": claims, "metrics": metrics, "sweeps": {"toy": {}}, "audit": {}}
    return Page("p", Path(), partly(Writeup, found))


def cells(table) -> list[list[str]]:
    return table._tbl_data.to_numpy().tolist()


ALL = page(
    yes=claim("supported"),
    no=claim("refuted"),
    same=claim("equivalent"),
    open=claim("inconclusive", seeds_needed={"low": 9, "high": 12}),
    shaky=claim("supported", fragile=True, metric="error"),
)


def test_an_answer_and_a_decision_that_turn_round_say_so(monkeypatch):
    said = {"yes": "contradicted"}
    monkeypatch.setattr(larger, "verdict", lambda _, __, name: said.get(name, "held"))
    rows = cells(decisions.answers(ALL, {"a": "yes", "b": "no"}))
    assert [row[2] for row in rows] == ["yes here, and turns round", "no"]
    told = decisions.answered(ALL, {"a": "yes", "b": "no"})
    assert "Yes: a (which turns round at a larger scale). No: b." in told
    kept = cells(decisions.kept(ALL, {"part": ("yes", "yes", "yes"), "other": ("no", "no", "no")}))
    assert [row[-1] for row in kept] == [larger.TURNS, "drop"]


def test_every_verdict_is_an_answer_and_only_an_inconclusive_one_is_none():
    rows = cells(decisions.answers(ALL, {k: k for k in ALL.found.claims}))
    assert [row[2] for row in rows] == [
        "yes",
        "no",
        "no difference",
        "undecided",
        "yes, fragile",
    ]
    assert rows[0] == ["yes", "It is supported.", "yes", "+0.0123 (0.0010 to 0.0200)"]
    assert rows[4][3] == "+0.01 (0.00 to 0.02)"


def test_the_summary_counts_what_is_answered():
    answer = decisions.answered(ALL, {"a": "yes", "b": "open", "c": "shaky", "d": "no"})
    assert answer == "Of 4 questions these runs answer 3. Yes: a; c. No: d. Undecided: b."
    assert decisions.answered(ALL, {"b": "open"}) == (
        "Of 1 question these runs answer none. Undecided: b."
    )


def test_a_claim_that_is_not_made_is_named():
    with pytest.raises(InputError, match=r"makes no claim 'opn'\. Did you mean 'open'"):
        decisions.verdicts(ALL, "opn")


def test_claims_in_few_words():
    rows = cells(decisions.verdicts(ALL, "open", "yes", "shaky"))
    assert [row[1] for row in rows] == ["inconclusive", "supported", "supported, fragile"]
    assert [row[3] for row in rows] == ["9 to 12", "", ""]


@pytest.mark.parametrize(
    ("needed", "text"),
    [((7, 7), "7"), ((40, None), "40 to > 100"), ((None, None), "> 100"), (None, "–")],
)
def test_seeds_in_few_words(needed, text):
    needed = needed and dict(zip(("low", "high"), needed, strict=True))
    some = page(open=claim("inconclusive", seeds_needed=needed))
    assert cells(decisions.verdicts(some, "open"))[0][3] == text


def test_seeds_for_what_was_seen_stand_beside_those_for_the_margin():
    both = {"seeds_needed": {"low": 9, "high": 40}, "seeds_as_seen": {"low": 4, "high": 7}}
    some = page(open=claim("inconclusive", **both))
    assert cells(decisions.verdicts(some, "open"))[0][3] == "9 to 40; as seen 4 to 7"
    same = page(open=claim("inconclusive", **both | {"seeds_as_seen": both["seeds_needed"]}))
    assert cells(decisions.verdicts(same, "open"))[0][3] == "9 to 40"


def test_some_claims_told_verdict_by_verdict():
    assert decisions.interpretation(ALL, "no", "open") == (
        "Refuted by these runs: “It is refuted”. Left open by these runs: “It is inconclusive”."
    )


@pytest.mark.parametrize(("overall", "low", "high"), [*product(THREE, repeat=3)])
def test_the_rule_keeps_and_drops_only_what_every_reading_would(overall, low, high):
    """An open claim may turn out either way: the decision must not depend on which."""

    def readings(verdict: str) -> tuple[bool, ...]:
        return {"supported": (True,), "refuted": (False,), "inconclusive": (True, False)}[verdict]

    possible = {
        (a or b) and c for a, b, c in product(readings(overall), readings(low), readings(high))
    }
    expected = {frozenset({True}): "keep", frozenset({False}): "drop"}
    found = decisions.keep(claim(overall), claim(low), claim(high))
    assert found == expected.get(frozenset(possible), "undecided")


@pytest.mark.parametrize(
    ("overall", "low", "high", "expected"),
    [
        (("supported", True), ("refuted", False), ("supported", False), "keep, fragile"),
        (("supported", True), ("supported", False), ("supported", False), "keep"),
        (("supported", False), ("supported", True), ("supported", True), "keep, fragile"),
        (("refuted", True), ("refuted", False), ("supported", False), "drop, fragile"),
        (("refuted", True), ("refuted", False), ("refuted", False), "drop"),
        (("supported", False), ("supported", False), ("refuted", True), "drop, fragile"),
        (("inconclusive", True), ("refuted", True), ("supported", True), "undecided"),
    ],
)
def test_a_decision_is_as_fragile_as_what_it_hangs_on(overall, low, high, expected):
    assert decisions.keep(claim(*overall), claim(*low), claim(*high)) == expected


def test_the_table_of_parts():
    rows = cells(
        decisions.kept(ALL, {"part": ("yes", "open", "yes"), "other": ("no", "no", "yes")})
    )
    assert rows[0] == ["part", "supported", "inconclusive", "supported", "keep"]
    assert rows[1][-1] == "drop"


@pytest.mark.parametrize(
    ("names", "outcome"),
    [
        (("yes",), "pass"),
        (("yes", "shaky"), "pass, fragile"),
        (("yes", "open"), "undecided"),
        (("open", "no"), "fail"),
        (("yes", "same"), "undecided"),
    ],
)
def test_criteria_are_met_together_or_not(names, outcome):
    rows = cells(decisions.criteria(ALL, {"run 1": names}))
    assert rows[-1] == ["run 1", "all of them", outcome, ""]
    assert len(rows) == len(names) + 1


def test_a_failure_is_fragile_where_all_that_fails_is():
    shaky = claim("refuted", fragile=True)
    assert decisions.met([shaky, claim("supported")]) == "fail, fragile"
    assert decisions.met([shaky, claim("refuted")]) == "fail"


def test_what_it_would_take():
    ranges = ({"low": 4, "high": 9}, {"low": 60, "high": None})
    few, many = (claim("inconclusive", seeds_needed=n) for n in ranges)
    assert decisions.seeds([few, many]) == "repeat it with 60 seeds at least"
    assert decisions.seeds([claim("supported")]) == ""
    seen = claim("inconclusive", seeds_needed=ranges[0], outcome={"seeds": 5})
    assert decisions.seeds([seen]) == "repeat it with 6 seeds at least"
    looked = claim(
        "inconclusive", seeds_needed=ranges[0], outcome={"seeds": 5}, looks=(3, 5, 8, 12), look=2
    )
    assert decisions.seeds([looked]) == "repeat it with 8 seeds at least"
    assert "no number of seeds" in decisions.seeds([few, claim("inconclusive")])
    never = claim("inconclusive", seeds_needed={"low": None, "high": None})
    assert "no number of seeds" in decisions.seeds([few, never])


def test_a_claim_without_an_estimate_shows_a_gap():
    nothing = claim("inconclusive", outcome={"value": None, "ci_low": None, "ci_high": None})
    assert decisions.estimate(ALL, nothing) == "–"
