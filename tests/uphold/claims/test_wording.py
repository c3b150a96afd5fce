import pytest

from uphold import format
from uphold.claims.wording import (
    apart,
    condition_text,
    listed,
    number,
    p_text,
    signed,
    where_text,
)


@pytest.mark.parametrize(
    ("value", "margin", "text"),
    [(0.0769, 0.02, "0.077"), (-0.5, 0.02, "−0.500"), (12.345, 1, "12.3"), (1234.5, 100, "1235")],
)
def test_numbers_have_the_decimals_that_the_margin_asks_for(value, margin, text):
    assert number(value, margin) == text


@pytest.mark.parametrize(
    ("p", "text"), [(0.034, "p = .034"), (0.0001, "p < .001"), (1.0, "p = 1"), (0.999, "p = .999")]
)
def test_p(p, text):
    assert p_text(p) == text.replace(" ", "\N{NO-BREAK SPACE}")


def test_conditions():
    assert condition_text({"a": True, "b": [0.5, "x"]}) == "a on, b 0.5 or x"
    assert apart({"a": 1, "b": 2}, {"a": 1, "b": 3}) == ("b 2", "b 3", {"a": 1})


def test_a_condition_is_spelled_as_a_setting_is_anywhere_else():
    levels = {"a": True, "b": False, "c": 0.5, "d": 512.0, "e": "x"}
    assert condition_text(levels) == format.settings(levels) == "a on, b off, c 0.5, d 512, e x"
    assert where_text(levels) == f" (with {format.settings(levels)})"


def test_a_difference_has_its_sign_and_the_decimals_of_its_margin():
    assert signed(0.0012, 0.02) == "+0.001" and signed(-0.5, 1) == "−0.5"


def test_lists():
    assert listed([]) == "" and listed(["a"]) == "a" and listed(["a", "b"]) == "a or b"
    assert listed(list("abcd")) == "a, b, c or 1 other" and listed(list("abcde")).endswith(
        "2 others"
    )
