"""The tables of claims, from runs whose analysis is known."""

from uphold.pages import claim_tables

from ...partly import put
from .conftest import cells


def test_a_key_in_an_audit_s_message_stands_in_quotes_and_not_in_backticks(page):
    found = page()
    (flag,) = found.found.audit["toy"]
    put({"toy": [flag.model_copy(update={"message": "Say `where:`."})]}, found.found, "audit")
    assert "Say “where:”." in [row[-1] for row in cells(claim_tables.audit(found))]


def test_a_claim_that_the_audit_doubts_says_so(page):
    ((says, verdict, sentence),) = cells(claim_tables.claims(page()))
    assert verdict == "supported, fragile"
    assert sentence == "It does. The audit objects: no-op-arm."
    assert says == "Mixup <b>helps</b>."
    assert "<b>" not in claim_tables.claims(page()).as_raw_html()
