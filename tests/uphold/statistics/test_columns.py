"""Products with a model's columns, held against the same columns written out as a matrix."""

import numpy as np
import pytest

from uphold.statistics.columns import Columns, sums, times
from uphold.statistics.layout import Layout


@pytest.fixture(params=[False, True])
def both(request):
    """Return columns, and the same as a matrix, with and without effects of the units."""
    shared = request.param
    rng = np.random.default_rng(2)
    arm, context, unit = (rng.integers(0, n, 40) for n in (2, 3, 5))
    weight = rng.integers(1, 5, 40).astype(float)
    layout = Layout(arm, context, unit, weight, 2, 3, 5)
    columns = Columns(layout, [arm, 2 + context], 5, shared)
    x = np.zeros((40, 5))
    x[np.arange(40), arm] = x[np.arange(40), 2 + context] = 1
    x *= np.sqrt(weight)[:, None]
    if shared:
        dummies = np.eye(5)[unit] * np.sqrt(weight)[:, None]
        x = x - dummies @ np.linalg.lstsq(dummies, x, rcond=None)[0]
    return columns, x


def test_each_product_is_the_matrix_s(both):
    columns, x = both
    rng = np.random.default_rng(3)
    y, z = columns.within(rng.normal(size=40)), rng.normal(size=5)
    assert np.allclose(columns.gram(), x.T @ x)
    assert np.allclose(columns.products(y), x.T @ y)
    assert np.allclose(columns.combined(z), x @ z)
    some = np.array([0, 7, 21])
    assert np.allclose(columns.rows(some), x[some])


def test_what_the_fit_makes_of_each_unit_alone(both):
    columns, x = both
    y = columns.within(np.random.default_rng(4).normal(size=40))
    inverse = np.linalg.pinv(x.T @ x)
    unit = columns.layout.unit
    expected = np.zeros(40)
    for u in range(5):
        alone = np.where(unit == u, y, 0.0)
        expected[unit == u] = (x @ inverse @ x.T @ alone)[unit == u]
    assert np.allclose(columns.fitted_alone(inverse, y), expected)


@pytest.mark.parametrize("shape", [(6,), (6, 2)])
def test_sums_and_products_over_any_shape(shape):
    code = np.array([0, 0, 2, 2, 2, 1])
    values = np.arange(np.prod(shape), dtype=float).reshape(shape)
    assert np.allclose(sums(code, values, 4), np.eye(4)[code].T @ values)
    assert np.allclose(times(code.astype(float), values), np.diag(code) @ values)
