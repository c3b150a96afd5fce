import pytest

from uphold.claims.wording import apart, condition_text, listed, number, p_text


@pytest.mark.parametrize(
    ("value", "margin", "text"),
    [(0.0769, 0.02, "0.077"), (-0.5, 0.02, "−0.500"), (12.345, 1, "12.3"), (1234.5, 100, "1234")],
)
def test_numbers_have_the_decimals_that_the_margin_asks_for(value, margin, text):
    assert number(value, margin) == text


@pytest.mark.parametrize(
    ("p", "text"), [(0.034, "p = .034"), (0.0001, "p < .001"), (1.0, "p = 1"), (0.999, "p = .999")]
)
def test_p(p, text):
    assert p_text(p) == text


def test_conditions():
    assert condition_text({"a": True, "b": [0.5, "x"]}) == "a = on, b = 0.5 or x"
    assert apart({"a": 1, "b": 2}, {"a": 1, "b": 3}) == ("b = 2", "b = 3", "a = 1")


def test_lists():
    assert listed([]) == "" and listed(["a"]) == "a" and listed(["a", "b"]) == "a or b"
    assert listed(list("abcd")) == "a, b, c or 1 other" and listed(list("abcde")).endswith(
        "2 others"
    )
