"""Data sets whose scores lie on scales of their own."""

import numpy as np
import pandas as pd
import pytest

from uphold.runlog.scales import LARGER, scales_of


def scored(name: str, by_set: dict[str, list[float]]) -> tuple[pd.Series, pd.Series]:
    rows = [(one, value) for one, values in by_set.items() for value in values]
    table = pd.DataFrame(rows, columns=["dataset", name])
    return table[name], table["dataset"]


def test_sets_that_are_far_apart_are_named_with_what_is_typical():
    found = scales_of(*scored("rmse", {"b": [0.4, 0.45, 0.5], "a": [5000.0, 6000.0, 7000.0]}))
    assert found is not None
    assert found.said() == "typically 0.45 in b and 6000 in a"


@pytest.mark.parametrize(
    ("name", "by_set"),
    [
        ("rmse", {"a": [1.0, 2.0, 3.0], "b": [4.0, 5.0, 7.0]}),
        # one mean, noise that differs: still one scale
        ("rmse", {"a": [100.0, 100.1, 100.2], "b": [90.0, 100.0, 120.0]}),
        # means that differ and one noise
        ("rmse", {"a": [1.0, 2.0, 3.0], "b": [100.0, 101.0, 102.0]}),
        # a share is a share in every set
        ("accuracy", {"a": [0.001, 0.002, 0.003], "b": [0.5, 0.7, 0.9]}),
        ("rmse", {"a": [1.0, 2.0, 3.0]}),
        ("rmse", {"a": [0.0, 0.0], "b": [np.nan, np.inf]}),
    ],
)
def test_what_differs_less_is_on_one_scale(name, by_set):
    assert scales_of(*scored(name, by_set)) is None


def test_so_many_times_as_large_is_not_yet_apart():
    just = {"a": [1.0, 2.0, 3.0], "b": [float(LARGER * n) for n in (1, 2, 3)]}
    assert scales_of(*scored("rmse", just)) is None
    beyond = {"a": [1.0, 2.0, 3.0], "b": [1.01 * LARGER * n for n in (1, 2, 3)]}
    assert scales_of(*scored("rmse", beyond)) is not None
