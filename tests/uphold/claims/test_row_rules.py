import pytest
from pydantic import TypeAdapter, ValidationError

from uphold.claims.row_rules import Rows

ROWS = TypeAdapter(Rows)


@pytest.mark.parametrize(
    ("given", "key", "levels"),
    [
        ("finished", "in_", ["finished"]),
        (["a", "b"], "in_", ["a", "b"]),
        (("a", 1), "in_", ["a", 1]),
        ({"equals": 1}, "equals", [1]),
        ({"in": ["a", "b"]}, "in_", ["a", "b"]),
        ({"not": "failed"}, "not_", ["failed"]),
        ({"not": ["1e-3", False]}, "not_", [0.001, False]),
        ({"empty": False}, "empty", False),
    ],
)
def test_what_a_rule_may_be(given, key, levels):
    rule = ROWS.validate_python({"x": given})["x"]
    assert getattr(rule, key) == levels
    assert [k for k in type(rule).model_fields if getattr(rule, k) is not None] == [key]
    # What it is written as is the rule.
    assert ROWS.validate_python({"x": rule.written()}) == {"x": rule}


@pytest.mark.parametrize("given", [{}, {"is": 1}, None, {"in": []}, {"not": None}, [[1]]])
def test_what_no_rule_is(given):
    with pytest.raises(ValidationError):
        ROWS.validate_python({"x": given})
