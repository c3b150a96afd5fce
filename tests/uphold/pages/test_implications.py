"""What follows from a finding depends on the verdicts of our claims about it."""

from pathlib import Path

import pytest

from uphold.analysis.model.writeup import Claim, Writeup
from uphold.pages import implications, larger
from uphold.pages.implications import NO_GAIN, SHOWN, Finding, follows
from uphold.pages.writeup import Page

from ...partly import partly, put
from .conftest import tried

FINDING = Finding("A finding.", {"a": SHOWN, "b": NO_GAIN}, "Do it.", "Leave it.")
HOLDS, FAILS = "Holds in these runs. Do it.", "Does not hold in these runs. Leave it."
OPEN = "Open: 1 of 2 claims for it, the rest undecided."


def claim(verdict: str, fragile: bool = False, reason: str = "") -> Claim:
    found = {"says": "It helps.", "verdict": verdict, "fragile": fragile, "metric": "f1"}
    outcome = {"reason": reason, "anova": None, "ratio": False}
    return partly(Claim, found | {"outcome": outcome, "in_margins": None, "form": "contrast"})


def page(*claims: str | Claim) -> Page:
    """Return a page with these claims, or with firm ones of these verdicts."""
    made = [claim(one) if isinstance(one, str) else one for one in claims]
    metrics = {"f1": {"label": "F1", "margin": 0.02}}
    found = {"claims": dict(zip("abc", made, strict=False)), "primary": "f1", "metrics": metrics}
    return Page("p", Path(), partly(Writeup, found))


@pytest.mark.parametrize(
    ("a", "b", "says"),
    [
        ("supported", "equivalent", HOLDS),
        ("supported", "refuted", HOLDS),
        ("refuted", "equivalent", FAILS),
        ("equivalent", "refuted", FAILS),
        ("supported", "supported", FAILS),
        ("inconclusive", "supported", FAILS),
        ("inconclusive", "equivalent", OPEN),
        ("inconclusive", "inconclusive", "Open: these runs cannot decide it."),
    ],
)
def test_what_follows_needs_all_claims_to_hold_and_one_to_fail(a, b, says):
    assert follows(page(a, b), FINDING) == says


def test_what_rests_on_a_fragile_verdict_is_not_advised():
    none = "No advice: it depends on one part of the runs, so repeat it first."
    assert follows(page("supported", claim("equivalent", fragile=True)), FINDING) == (
        f"Holds in these runs. {none}"
    )
    # One firm verdict against a finding is enough.
    shaky = claim("supported", fragile=True)
    assert follows(page("refuted", shaky), FINDING) == FAILS
    assert follows(page(claim("refuted", fragile=True), shaky), FINDING) == (
        f"Does not hold in these runs. {none}"
    )


def test_what_follows_from_short_training_says_so():
    shown = page("supported", "equivalent")
    put({"epochs": {"here": 10, "full": 100}}, shown.found, "shorter")
    (row,) = implications.table(shown, [FINDING])._tbl_data.to_numpy().tolist()
    assert row[-1].startswith("Holds at this length of training. Do it.")


def test_where_nothing_could_be_compared_the_reason_stands_instead():
    none = claim("inconclusive", reason="nothing was compared")
    assert follows(page(none, none), FINDING) == "Open: nothing was compared."
    assert "nothing was compared" not in follows(page(none, "inconclusive"), FINDING)


OTHER = Finding("Another.", {"c": SHOWN}, "Do that.", "Leave that.")


def test_the_table_has_a_row_a_finding():
    table = implications.table(page("inconclusive", "refuted", "supported"), [FINDING, OTHER])
    assert table._tbl_data.to_numpy().tolist() == [
        ["A finding.", "○ undecided: It helps; ◆ refuted: It helps", OPEN],
        ["Another.", "● supported: It helps", "Holds in these runs. Do that."],
    ]


def test_findings_that_nobody_archived_have_a_head_of_their_own():
    table = implications.table(page("refuted", "refuted"), [FINDING], of="expectation")
    assert list(table._tbl_data) == ["expectation", "our claims", "what follows"]


def test_nothing_follows_from_what_turns_round_at_a_larger_scale(monkeypatch):
    said = {"c": "contradicted"}
    monkeypatch.setattr(larger, "verdict", lambda _, __, name: said.get(name, "held"))
    table = implications.table(page("supported", "refuted", "supported"), [FINDING, OTHER])
    assert table._tbl_data["what follows"].tolist() == [
        HOLDS,
        "Holds in these runs. No advice: it turns round at a larger scale.",
    ]


def test_remedies_of_one_trouble_stand_together_with_what_was_measured():
    found = page("refuted", "supported")
    put("−0.064 (−0.105 to −0.023)", found.found, "claims", "a", "shown")
    put("", found.found, "claims", "b", "shown")
    remedies = [
        Finding("Mix more.", {"a": SHOWN}, "Do.", "Do not.", "If it overfits"),
        Finding("Wait.", {"b": SHOWN}, "Do.", "Do not.", "If it is slow"),
    ]
    table = implications.table(found, remedies, "tip", effects=True)
    rows = table._tbl_data[list(table._tbl_data)[:2]].to_numpy().tolist()
    assert rows == [
        ["Mix more.", "◆ refuted: It helps, −0.064 (−0.105 to −0.023)"],
        ["Wait.", "● supported: It helps"],
    ]
    html = table.as_raw_html()
    assert html.index("If it overfits") < html.index("Mix more.") < html.index("If it is slow")


@pytest.mark.parametrize(
    ("verdicts", "says"),
    [
        (("inconclusive",) * 3, "These runs leave all 2 tips open."),
        (("supported", "equivalent", "inconclusive"), "support 1 and speak against none; 1 stay"),
        (("supported", "equivalent", "refuted"), "support 1 and speak against 1."),
        (("supported", "inconclusive", "refuted"), "support none and speak against 1; 1 stay"),
    ],
)
def test_findings_are_counted_by_how_they_stand(verdicts, says):
    assert says in implications.tally(page(*verdicts), [FINDING, OTHER], "tip")


@pytest.mark.parametrize(
    ("outcomes", "says", "beside"),
    [
        ({"a": "held"}, HOLDS, ""),
        (
            {"b": "not decided again"},
            "Holds in these runs. No advice: fresh seeds alone do not bear it out.",
            " (undecided on fresh seeds)",
        ),
        (
            {"a": "contradicted", "b": "not decided again"},
            "Holds in these runs. No advice: fresh seeds alone decide against it.",
            " (turned round on fresh seeds)",
        ),
    ],
)
def test_what_fresh_seeds_did_not_bear_out_is_not_advised(outcomes, says, beside):
    found = page("supported", "refuted")
    put({key: tried(one) for key, one in outcomes.items()}, found.found, "replication")
    table = implications.table(found, [FINDING])
    assert table._tbl_data["what follows"].tolist() == [says]
    assert beside in table._tbl_data["our claims"].item()


def test_a_claim_that_fresh_seeds_shake_is_no_matter_beside_one_that_holds_against_a_finding():
    found = page("refuted", "supported")
    put({"a": tried("not decided again"), "b": tried("held")}, found.found, "replication")
    assert follows(found, FINDING) == FAILS
