"""Factors whose levels belong to one side of a comparison each."""

import numpy as np
import pandas as pd
import pytest

from uphold.statistics.confounding import going_with


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([1, 1, 2, 2], (("other",), ())),  # a level a side
        ([1, 2, 3, 4], ((), ("other",))),  # several in a side
        ([1, 1, 2, 3], ((), ("other",))),
        ([1, 2, 1, 2], ((), ())),  # crossed
        ([1, 1, 1, 2], ((), ())),  # met on both sides
        ([1, 1, 1, 1], ((), ())),
        ([None, None, 2, 2], ((), ())),  # without effect on one side
    ],
)
def test_a_factor_goes_with_the_sides_where_no_level_is_met_on_two(levels, expected):
    cells = pd.DataFrame({"other": levels})
    assert going_with(cells, ["other"], np.array([0, 0, 1, 1])) == expected


def test_one_side_is_compared_with_nothing():
    assert going_with(pd.DataFrame({"a": [1, 2]}), ["a"], np.array([0, 0])) == ((), ())
    assert going_with(pd.DataFrame({"a": []}), ["a"], np.array([], dtype=int)) == ((), ())
