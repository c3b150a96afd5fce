"""Factors whose levels belong to one side of a comparison each."""

import numpy as np
import pandas as pd
import pytest

from uphold.statistics.confounding import going_together, going_with


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


@pytest.mark.parametrize(
    ("sides", "expected"),
    [
        ([0, 1, 1, 0, 0, 1, 1, 0], ("a", "b")),  # as a × b
        ([0, 0, 1, 1, 1, 1, 0, 0], ("a", "c")),
        ([0, 1, 0, 1, 1, 0, 1, 0], ("b", "c")),
        ([0, 1, 1, 0, 1, 0, 0, 1], ()),  # as a × b × c: each two have both sides
        ([0, 1, 1, 0, 0, 1, 1, 1], ()),  # one combination of a and b has both sides
        ([0, 0, 0, 0, 0, 0, 0, 0], ()),
    ],
)
def test_two_factors_go_with_the_sides_together_where_no_combination_has_two(sides, expected):
    rows = [(a, b, c) for c in (0, 1) for a in (0, 1) for b in (0, 1)]
    cells = pd.DataFrame(rows, columns=["a", "b", "c"])
    assert going_together(cells, ["a", "b", "c"], np.array(sides)) == expected


def test_a_factor_without_effect_in_some_cells_has_one_more_level():
    cells = pd.DataFrame({"a": [0, 0, 1, 1], "b": [None, "x", None, "x"]})
    assert going_together(cells, ["a", "b"], np.array([0, 1, 1, 0])) == ("a", "b")
