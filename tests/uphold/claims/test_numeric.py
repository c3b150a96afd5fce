"""The scale of a numeric setting."""

import numpy as np
import pytest

from uphold.claims.numeric import along, back, step


@pytest.mark.parametrize(
    ("scale", "more"), [("log", lambda x: 10 * x), ("linear", lambda x: x + 10)]
)
def test_a_step_is_the_same_wherever_it_begins(scale, more):
    values = np.array([0.1, 1.0, 7.0])
    assert along(more(values), scale) - along(values, scale) == pytest.approx(step(10, scale))
    assert back(along(values, scale), scale) == pytest.approx(values)
