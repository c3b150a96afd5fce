"""What several verdicts allow to be decided: each branch, and nothing that a claim left open."""

from itertools import product
from pathlib import Path

import pytest

from studies.radio.page import decisions
from uphold.analysis.model.writeup import Claim, Writeup
from uphold.errors import InputError
from uphold.pages import forest, larger, replicated
from uphold.pages.writeup import Page

from ....partly import partly

THREE = ("supported", "refuted", "inconclusive")


def claim(verdict: str, fragile: bool = False, **more) -> Claim:
    outcome = {"value": 0.0123, "ci_low": 0.001, "ci_high": 0.02, "seeds": 3, "reason": ""}
    outcome |= {"anova": None, "ratio": False}
    found = {"says": f"It is {verdict}.", "verdict": verdict, "fragile": fragile, "sweep": "toy"}
    found |= {"role": "primary", "brief": "Yes: it is.", "shown": "+0.01", "in_margins": None}
    return partly(
        Claim,
        found
        | {"metric": "accuracy", "outcome": outcome, "seeds_needed": None, "behind": None}
        | more,
    )


def page(**claims: dict) -> Page:
    metrics = {
        "accuracy": {"label": "accuracy", "margin": 0.005, "kind": "accuracy"},
        "error": {"label": "error in dB", "margin": 0.25, "kind": "score"},
    }
    found = {"claims": claims, "metrics": metrics, "sweeps": {"toy": {}}, "audit": {}}
    found["primary"] = "accuracy"
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


RULES = {
    "one": ("yes", "open", "yes"),
    "two": ("no", "no", "yes"),
    "three": ("open", "open", "yes"),
}


def test_a_decision_that_turns_round_is_not_made(monkeypatch):
    said = {"yes": "contradicted"}
    monkeypatch.setattr(larger, "verdict", lambda _, __, name: said.get(name, "held"))
    kept = cells(decisions.kept(ALL, {"part": ("yes", "yes", "yes"), "other": ("no", "no", "no")}))
    assert [row[-1] for row in kept] == [
        "keep, not firm: it turns round at a larger scale",
        "drop",
    ]
    assert decisions.in_short(ALL, {"part": ("yes", "yes", "yes")}) == (
        "**No part is shown to earn its place.** So says the declared rule; it drops nothing."
        " Not firm enough to act on: part."
    )


@pytest.mark.parametrize("shaken", [("yes",), ("yes", "no")])
def test_a_decision_that_fresh_seeds_or_single_runs_shake_is_not_made(monkeypatch, shaken):
    monkeypatch.setattr(replicated, "shaken", lambda _, name: name in shaken)
    rules = {"part": ("yes", "open", "yes"), "other": ("no", "no", "yes"), "third": ("shaky",) * 3}
    short = decisions.in_short(ALL, rules)
    assert "**Keep" not in short and "part" in short.partition("Not firm enough to act on: ")[2]
    assert ("drop other" in short) == ("no" not in shaken)
    assert "third" in short.partition("Not firm enough to act on: ")[2]


def test_a_decision_names_what_was_compared():
    """A part may do something else beside other parts than it did where it was tried."""
    arms = {"units": ("1",), "scores": ((0.1,), (0.2,))}
    behind = {"arms": ("arm A3", "arm A3 + FiLM"), **arms}
    found = page(a=claim("supported", behind=behind), b=claim("supported", behind=None))
    rules = {"FiLM": ("a", "a", "a"), "another": ("b", "b", "b")}
    assert [row[0] for row in cells(decisions.kept(found, rules))] == [
        "FiLM (A3 + FiLM against A3)",
        "another",
    ]
    assert decisions.in_short(found, rules).startswith(
        "**Keep FiLM (A3 + FiLM against A3) and another.**"
    )


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (["one", "two", "three"],
         "**Keep one.** So says the declared rule; drop two. Undecided: three."),
        (["one"], "**Keep one.** So says the declared rule; it drops nothing."),
        (["two"], "**No part is shown to earn its place.** So says the declared rule; drop two."),
    ],
)  # fmt: skip
def test_what_the_rule_decides_in_short(parts, said):
    assert decisions.in_short(ALL, {part: RULES[part] for part in parts}) == said


def test_what_a_larger_scale_leaves_open_is_said(monkeypatch):
    monkeypatch.setattr(larger, "verdict", lambda _, __, name: "not decided again")
    monkeypatch.setattr(larger, "sign_differs", lambda *_: False)
    both = {"one": RULES["one"], "same": RULES["one"]}
    for rules, says in (
        (both, "A larger scale confirms none of these."),
        ({"one": RULES["one"]}, "Not confirmed at a larger scale: one."),
    ):
        assert decisions.in_short(ALL, rules).endswith(says)


def test_the_first_screen_ends_with_the_decision():
    listed = decisions.first(ALL, RULES, "yes").data.splitlines()
    assert listed[0].startswith("- **Yes.** *It is supported:*") and listed[1].startswith(
        "- **Keep"
    )


def test_claims_are_drawn_in_the_order_in_which_they_are_named():
    (axis,) = forest.chosen(ALL, "no", "yes").axes
    rows = [text.get_text() for text in axis.texts if text.get_text().startswith("It is")]
    assert rows == ["It is refuted", "It is supported"]
    with pytest.raises(InputError, match=r"no claim 'opn'\. Did you mean 'open'"):
        forest.chosen(ALL, "opn")


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
    assert rows[0] == ["part", "● supported", "○ undecided", "● supported", "keep"]
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
