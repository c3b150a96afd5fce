"""What is told of the forms of claims is what their files say, and its examples can be read."""

import yaml

from uphold.claims.expectations import EXPECTED
from uphold.claims.forms import FORMS
from uphold.claims.forms.contrast import ContrastClaim
from uphold.pages import claim_forms

from ..conftest import read_claim


def rows():
    return {row[0]: row[1:] for row in claim_forms.table()._tbl_data.itertuples(index=False)}


def test_each_form_has_a_line_and_an_example_that_is_a_claim_of_it():
    assert list(rows()) == list(FORMS)
    for name, (asks, keys, _, example) in rows().items():
        claim = read_claim({"metric": "f1", **yaml.safe_load(example)})
        assert type(claim) is FORMS[name] and len(asks.split()) > 3 and "`" not in asks
        assert set(yaml.safe_load(example)[name]) <= {
            key.split(" = ")[0] for key in keys.split(", ")
        }


def test_a_line_says_the_keys_what_is_left_out_and_what_may_be_expected():
    asks, keys, expect, example = rows()["stability"]
    assert asks == "by what factor the spread over units changes when one factor is moved"
    assert (keys, expect) == ("factor, from, to, by = 1.5", "any")
    assert example == "stability: {factor: mixup, from: false, to: true}"
    assert rows()["anova"][2] == "difference, no-effect" and rows()["bound"][2] == "—"
    assert claim_forms.expectations().split(" or ")[-1] == list(EXPECTED)[-1]


def test_a_new_form_has_its_line(monkeypatch):
    class Further(ContrastClaim):
        """Of another name."""

    monkeypatch.setitem(FORMS, "further", Further)
    assert list(rows())[-1] == "further"
