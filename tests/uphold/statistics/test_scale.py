"""Columns in percent and as fractions."""

import numpy as np
import pytest

from uphold.statistics.scale import scale


@pytest.mark.parametrize(
    ("values", "kind", "expected"),
    [
        ([76.2, 81.0, np.nan], "f1", 100),
        ([0.762, 1.0, np.nan], "f1", 1),
        ([0.0, 0.0, 0.0, 55.0], "accuracy", 100),
        ([0.7, 0.8, 71.0], "accuracy", 1),  # one typed wrong among fractions
        ([0.3, 0.4, 1.2], "error", 100),  # error rates under 1 %
        ([0.3, 0.4, 0.9], "error", 1),
        ([1.00000012], "auroc", 1),  # single precision
        ([2.3, 4.5], "score", 1),  # a loss
        ([], "f1", 1),
    ],
)
def test_the_scale_of_a_column(values, kind, expected):
    assert scale(np.array(values, dtype=float), kind) == expected
