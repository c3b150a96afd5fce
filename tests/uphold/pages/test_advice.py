"""Advice stands on what is firm, borne out by fresh seeds, and of one sign at a larger scale."""

import pytest

from uphold.pages import advice, larger

from ...partly import put
from .conftest import tried


@pytest.fixture
def found(page, monkeypatch):
    """A page with a firm claim, one that is fragile, and a word of the larger scale on each."""
    said = {}
    monkeypatch.setattr(larger, "verdict", lambda _, __, name: said.get(name, "not tried"))
    monkeypatch.setattr(larger, "sign_differs", lambda _, name: said.get(name) == "sign")
    made = page()
    firm = made.found.claims["mixup"].model_copy(update={"fragile": False})
    shaky = firm.model_copy(update={"fragile": True})
    put({"firm": firm, "other": firm, "shaky": shaky}, made.found, "claims")
    return made, said


def test_what_was_tried_nowhere_else_is_advised(found):
    made, _ = found
    assert advice.given(made, ["firm", "other"], "Do it.") == "Do it."
    assert advice.sure(made, "firm") and not advice.sure(made, "shaky")


@pytest.mark.parametrize(
    ("scale", "fresh", "claims", "why"),
    [
        ("not tried", None, ["firm", "shaky"], advice.FRAGILE),
        ("not tried", "held", ["shaky"], advice.FRAGILE),
        ("not tried", "not decided again", ["firm", "shaky"], advice.SHAKEN),
        ("sign", "not decided again", ["firm"], advice.SIGN),
        ("sign", "contradicted", ["firm"], advice.SIGN),
        ("not tried", "contradicted", ["firm", "shaky"], advice.AGAINST),
        ("contradicted", "contradicted", ["firm"], advice.TURNS),
        ("held", "held", ["firm"], ""),
    ],
)
def test_the_weightiest_reason_keeps_advice_back(found, scale, fresh, claims, why):
    made, said = found
    said["firm"] = scale
    if fresh:
        put({"firm": tried(fresh)}, made.found, "replication")
    assert advice.why_not(made, claims) == why
    expected = f"No advice: {why}." if why else "Do it."
    assert advice.given(made, claims, "Do it.") == expected


def test_what_a_larger_scale_leaves_open_is_said_beside_advice(found):
    made, said = found
    said["firm"] = "not decided again"
    assert advice.given(made, ["firm"], "do it") == f"do it. {advice.OPEN}"
