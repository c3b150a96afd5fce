import numpy as np
import pandas as pd
import pytest

from uphold.runlog.cells import as_levels, is_text, typed, without_exponents


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1", " 2 ", "1e-3"], [1, 2, 0.001]),
        (["true", "False"], [True, False]),
        (["a ", "None"], ["a", "None"]),
        (["1", "x"], ["1", "x"]),
    ],
)
def test_text_becomes_what_it_means(cells, values):
    assert typed(cells).tolist() == values


@pytest.mark.parametrize("missing", ["", "NA", "n/a", "NaN", "null", " "])
def test_what_is_missing(missing):
    assert typed(["a", missing]).isna().tolist() == [False, True]
    assert typed(["1", missing]).isna().tolist() == [False, True]


@pytest.mark.parametrize(
    "cells",
    [["1.1", "1.10"], ["1.9", "1.10", "1.2"], ["007", "12"], ["1.10", "", "1.1"]],
)
def test_levels_that_a_number_would_write_otherwise_stay(cells):
    kept = as_levels(cells)
    assert [c for c in kept if isinstance(c, str)] == [c for c in cells if c]


@pytest.mark.parametrize(
    "cells", [["0.80", "0.75"], ["0.1", "0.01"], ["1.0", "0.25"], ["1", "2"], ["1.10", "a"], ["5"]]
)
def test_numbers_are_numbers(cells):
    assert as_levels(cells) is None


def test_measurements_are_no_codes():
    assert as_levels([f"{i / 1000}0" if i % 2 else f"{i / 1000}" for i in range(500)]) is None


def test_text_is_told_from_what_is_mixed():
    assert is_text(pd.Series(["a", None])) and is_text(pd.Series(["a"], dtype="string"))
    assert not is_text(pd.Series(["a", 1])) and not is_text(pd.Series([1.0]))


def test_one_number_in_two_spellings():
    found = without_exponents(pd.Series(["1e-2", "0.01", "auto", 0.5], dtype=object))
    assert found.tolist() == ["0.01", "0.01", "auto", 0.5]


def test_a_decimal_comma_where_it_may_be_one():
    assert typed(["0,5", "1"], decimal_comma=True).tolist() == [0.5, 1.0]
    assert typed(["0,5", "1"]).tolist() == ["0,5", "1"]
    assert np.isnan(typed(["0,5", ""], decimal_comma=True)[1])
