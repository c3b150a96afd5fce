"""The tables of claims, from runs whose analysis is known."""

from uphold.pages import claim_tables

from .conftest import cells


def test_a_claim_that_the_audit_doubts_says_so(page):
    ((says, verdict, sentence),) = cells(claim_tables.claims(page()))
    assert verdict == "supported, fragile"
    assert sentence == "It does. The audit objects: no-op-arm."
    assert says == "Mixup <b>helps</b>."
    assert "<b>" not in claim_tables.claims(page()).as_raw_html()
