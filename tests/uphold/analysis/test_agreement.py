"""How the signs of an effect at two scales compare."""

import pytest

from uphold.analysis.agreement import _signs
from uphold.analysis.model.estimates import Effect
from uphold.analysis.model.larger import LargerEffect

from ...partly import partly


def here(*ends):
    return partly(Effect, dict(zip(("value", "ci_low", "ci_high"), ends, strict=True)))


def there(*ends):
    return partly(LargerEffect, dict(zip(("estimate", "ci_low", "ci_high"), ends, strict=True)))


@pytest.mark.parametrize(
    ("first", "second", "signs"),
    [
        ((0.05, 0.01, 0.09), (0.01, -0.03, 0.05), "same sign"),
        ((-0.05, -0.09, -0.01), (-0.06, -0.1, -0.02), "same sign"),
        ((0.01, -0.01, 0.03), (-0.015, -0.03, 0.0), "both near zero"),
        ((0.01, 0.001, 0.019), (-0.015, -0.03, 0.0), "sign differs"),
        ((0.01, -0.01, 0.03), (-0.03, -0.07, 0.01), "sign differs"),
        ((0.01, 0.001, 0.019), (-0.01, -0.019, -0.001), "turns round"),
        ((None, None, None), (-0.01, -0.019, -0.001), "not tried"),
        ((0.01, 0.001, 0.019), (None, None, None), "not tried"),
        ((0.01, None, None), (-0.01, -0.019, -0.001), "sign differs"),
    ],
)
def test_a_change_of_sign_is_told_by_what_the_intervals_exclude(first, second, signs):
    assert _signs(here(*first), there(*second), 0.02) == signs


def test_nothing_is_beside_an_effect_that_was_not_tried():
    assert _signs(here(0.01, 0.001, 0.019), None, 0.02) == "not tried"
