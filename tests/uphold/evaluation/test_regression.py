import math

import numpy as np
import pytest

from uphold.evaluation.regression import mean_absolute_error, r_squared

VALUES = np.array([1.0, 2.0, 3.0, 6.0])


def test_by_hand():
    predicted = np.array([1.0, 3.0, 2.0, 5.0])
    assert mean_absolute_error(VALUES, predicted) == pytest.approx(3 / 4)
    # squares: 3 left over of (4 + 1 + 0 + 9)
    assert r_squared(VALUES, predicted) == pytest.approx(1 - 3 / 14)


def test_the_mean_explains_nothing_and_a_bad_guess_less():
    assert r_squared(VALUES, np.full(4, 3.0)) == 0
    assert r_squared(VALUES, VALUES[::-1]) < 0
    assert r_squared(VALUES, VALUES) == 1
    assert mean_absolute_error(VALUES, 3.0) == pytest.approx(1.5)


def test_undefined_without_rows_or_without_spread():
    assert math.isnan(mean_absolute_error(VALUES[:0], VALUES[:0]))
    assert math.isnan(r_squared(VALUES[:0], VALUES[:0]))
    assert math.isnan(r_squared(np.ones(3), np.arange(3.0)))
