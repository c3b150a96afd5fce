"""The tables of claims, from runs whose analysis is known."""

from dataclasses import replace

import pytest

from uphold.pages import claim_tables
from uphold.pages.table import GROUP

from ...partly import put
from .conftest import cells


def test_a_key_in_an_audit_s_message_stands_in_quotes_and_not_in_backticks(page):
    found = page()
    (flag,) = found.found.audit["toy"]
    put({"toy": [flag.model_copy(update={"message": "Say `where:`."})]}, found.found, "audit")
    assert "Say “where:”." in [row[-1] for row in cells(claim_tables.audit(found))]


@pytest.mark.parametrize("permuted", [None, 0.2])
def test_a_test_that_no_claim_has_leaves_no_column(page, permuted):
    found = page()
    one = {
        **{"F": 2.9, "df": 5, "df_resid": 10, "p": 0.07, "p_unequal": 0.09, "kruskal_p": 0.1},
        **{"p_permutation": permuted, "eta_sq_partial": 0.6, "omega_sq_partial": 0.3},
    }
    claim = {"says": "Levels differ.", "sweep": "toy", "metric": "ood_f1", "detectable": 0.1}
    put({"a": claim | {"outcome": {"anova": one, "p": 0.09}}}, found.found, "claims")
    table = claim_tables.anova_claims(found)._tbl_data
    assert ("p (perm.)" in table.columns) == (permuted is not None)
    assert table["p (K.–W.)"].tolist() == [".100"]


def test_a_claim_that_the_audit_doubts_says_so(page):
    ((says, sentence),) = cells(claim_tables.sentences(page()))
    assert sentence == "It does. The audit objects: no-op-arm."
    assert says == "Mixup <b>helps</b>."
    html = claim_tables.sentences(page()).as_raw_html()
    assert "<b>" not in html
    assert '<span id="says-mixup">Mixup &lt;b&gt;helps&lt;/b&gt;.</span>' in html


def test_a_claim_is_one_line_that_can_be_led_to(page):
    table = claim_tables.claims(page())
    assert cells(table) == [
        ["Mixup <b>helps</b>.", "● supported, fragile", "+0.104 (0.050 to 0.150)", "3"]
    ]
    assert '<span id="claim-mixup">Mixup &lt;b&gt;helps&lt;/b&gt;.</span>' in table.as_raw_html()


def test_the_seeds_of_ensembles_are_those_of_their_members_as_sentences_count_them(page):
    found = page()
    put(3, found.found.claims["mixup"], "members")
    ((*_, seeds),) = cells(claim_tables.claims(found))
    assert seeds == "3 × 3"
    assert found.unit(found.claim("mixup")) == "ensemble"


def test_primary_claims_come_first_whatever_their_order(page):
    found = page()
    one = found.found.claims["mixup"]
    second = one.model_copy(update={"role": "secondary"})
    put({"a": second, "b": one, "c": second}, found.found, "claims")
    assert list(claim_tables.in_order(found)) == ["b", "a", "c"]
    html = claim_tables.claims(found).as_raw_html()
    assert html.index("Primary claims") < html.index("claim-b") < html.index("Exploratory claims")


def test_primary_and_exploratory_claims_have_a_table_each_and_no_line_twice(page):
    found = page()
    one = found.found.claims["mixup"]
    second = one.model_copy(update={"role": "secondary"})
    put({"a": second, "b": one}, found.found, "claims")
    primary, exploratory = claim_tables.primary(found), claim_tables.exploratory(found)
    assert "claim-b" in primary.as_raw_html() and "claim-a" not in primary.as_raw_html()
    assert "claim-a" in exploratory.as_raw_html() and "claim-b" not in exploratory.as_raw_html()
    put({"a": second}, found.found, "claims")
    assert "claim-a" in claim_tables.primary(found).as_raw_html()
    assert cells(claim_tables.exploratory(found)) == [["–", "there are no such claims"]]


def test_an_estimate_says_of_what_it_is_where_the_claim_does_not(page):
    found = page()
    one = found.found.claims["mixup"]
    label = found.label(one.metric)
    named = one.model_copy(update={"says": f"Mixup lifts {label.upper()}."})
    for primary, claim, shown in (
        (one.metric, one, one.shown),
        ("another", named, one.shown),
        ("another", one, f"{one.shown} in {label}"),
        ("another", one.model_copy(update={"shown": ""}), ""),
    ):
        put(primary, found.found, "primary")
        assert found.shown(claim) == shown


def test_primary_claims_stand_under_their_questions_as_in_the_picture(page):
    found = page()
    one = found.found.claims["mixup"]
    put({key: one.model_copy(update={"says": key}) for key in "abc"}, found.found, "claims")
    asked = replace(found, questions={"Does it help?": ["c", "a"], "And this?": ["b"]})
    shown = claim_tables.primary(asked)._tbl_data
    assert shown["claim"].tolist() == ["c", "a", "b"]
    assert shown[GROUP].tolist() == ["Does it help?", "Does it help?", "And this?"]
    assert [*claim_tables.in_order(asked)] == ["c", "a", "b"]
