"""Numbers as pages print them."""

import math

import pytest

from uphold.pages import numbers


@pytest.mark.parametrize(
    ("value", "printed"),
    [(-0.0123, "−0.012"), (0.5, "0.500"), (-0.0001, "0.000"), (None, "–"), (math.nan, "–")],
)
def test_numbers(value, printed):
    assert numbers.number(value) == printed


@pytest.mark.parametrize(("value", "printed"), [(0.01, "+0.010"), (-0.01, "−0.010"), (None, "–")])
def test_differences_carry_their_sign(value, printed):
    assert numbers.signed(value) == printed


@pytest.mark.parametrize(("p", "printed"), [(0.0004, "< .001"), (0.0345, ".035"), (1.0, "1.000")])
def test_p_values(p, printed):
    assert numbers.p_value(p) == printed


def test_configurations_in_few_words():
    levels = {"hidden_units": 512, "learning_rate": 0.0005, "mixup": True, "focal_loss": False}
    assert numbers.short(levels) == "hidden units 512, learning rate 0.0005, mixup"
    assert numbers.short({"mixup": False}) == "all off"


def test_counts():
    assert numbers.counted(1, "run") == "1 run"
    assert numbers.counted(1234, "run") == "1,234 runs"
