import numpy as np
import pandas as pd
import pytest

from uphold.errors import InputError
from uphold.statistics.scores import (
    DENSE,
    Scores,
    among,
    at_level,
    codes,
    first_of_each,
    level_text,
    name_cell,
    numbered,
)


def test_a_missing_factor_meets_any_condition_on_it():
    table = pd.DataFrame(
        {"ratio": [0, 0.5, 0.5], "mode": [None, "repeat", "linear"], "seed": 1, "f1": 0.5}
    )
    scores = Scores(table, ("ratio", "mode"), "seed")
    assert scores.selects({"mode": "linear"}).tolist() == [True, False, True]
    assert scores.selects({"mode": ["linear", "repeat"], "ratio": 0.5}).tolist() == [
        False,
        True,
        True,
    ]
    assert scores.levels("mode") == ["linear", "repeat"]


def test_a_missing_value_outside_the_factors_meets_nothing():
    table = pd.DataFrame({"a": [1, 2], "seed": 1, "tracker": [None, "w"]})
    assert Scores(table, ("a",), "seed").selects({"tracker": "w"}).tolist() == [False, True]


@pytest.mark.parametrize(
    ("column", "level", "expected"),
    [
        ([True, False], True, [True, False]),
        (["on", "off"], True, [True, False]),
        (["on", "off"], False, [False, True]),
        ([1, 0], True, [True, False]),
        ([512.0, 1024.0], 512, [True, False]),
        (["0.5", "none"], 0.5, [True, False]),
        (["0.5", "none"], "none", [False, True]),
        ([True, None], True, [True, True]),
        ([1, 2], "1", [True, False]),
    ],
)
def test_levels_are_found_however_the_file_typed_them(column, level, expected):
    table = pd.DataFrame({"a": pd.Series(column, dtype=object).infer_objects(), "seed": 1})
    assert Scores(table, ("a",), "seed").selects({"a": level}).tolist() == expected


@pytest.mark.parametrize(
    "replicate", ["epoch", "step", "Epochs", "clip", "clip_id", "frame", "item", "val_sample"]
)
def test_epochs_and_items_are_no_replicates(replicate):
    table = pd.DataFrame({"a": [1], replicate: [1]})
    with pytest.raises(InputError, match=f"{replicate}.*not runs"):
        Scores(table, ("a",), replicate)


@pytest.mark.parametrize("replicate", ["seed", "rep", "trial", "timestep_seed", "fold"])
def test_other_replicates_are_runs(replicate):
    Scores(pd.DataFrame({"a": [1], replicate: [1]}), ("a",), replicate)


def test_unknown_columns_are_named_with_the_nearest():
    table = pd.DataFrame({"mixup": [1], "seed": [1]})
    with pytest.raises(InputError, match=r"'mixupp'.*'mixup'"):
        Scores(table, ("mixupp",), "seed")
    with pytest.raises(InputError, match="cannot be a factor"):
        Scores(table, ("seed",), "seed")


def test_what_is_not_finite_is_missing():
    scores = Scores(
        pd.DataFrame({"a": 1, "seed": [1, 2, 3], "f1": [0.5, np.inf, None]}), ("a",), "seed"
    )
    assert np.isnan(scores.values("f1")).tolist() == [False, True, True]


def test_names():
    table = pd.DataFrame({"units": [512.0], "mixup": [True], "mode": [None], "seed": [3]})
    scores = Scores(table, ("units", "mixup", "mode"), "seed")
    assert scores.run_names(np.array([0])) == ["units=512, mixup=true, seed=3"]
    assert Scores(table.assign(id="r1"), ("units",), "seed", "id").run_names([0]) == ["r1"]
    assert [level_text(v) for v in (True, 5e-4, 1.0, "a")] == ["true", "0.0005", "1", "a"]
    assert name_cell({"a": np.nan, "b": np.int64(2)}) == "b=2"


def test_missing_values_make_a_cell_of_their_own():
    table = pd.DataFrame({"a": [1, 1, 2, 1], "b": ["x", None, "x", None], "seed": 1})
    assert Scores(table, ("a", "b"), "seed").cells().tolist() == [0, 1, 2, 1]


@pytest.mark.parametrize(
    ("levels", "level"),
    [([True, False], "true"), ([512.0, 1024.0], "512"), ([0.0005, 0.001], "0.0005")],
)
def test_a_quoted_level_is_the_one_without_quotes(levels, level):
    assert at_level(pd.Series(levels), level).tolist() == [True, False]
    assert not at_level(pd.Series(levels), "other").any()


COLUMNS = [["text"], ["number"], ["mixed", "number"], ["text", "flag"], []]


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("rows", [0, 1, 300])
def test_codes_number_combinations_as_they_first_appear(columns, rows):
    rng = np.random.default_rng(rows)
    table = pd.DataFrame(
        {
            "text": rng.choice(["a", "b", "c"], rows),
            "number": rng.choice([1.0, 2.0, np.nan], rows),
            "mixed": pd.Series(rng.choice(np.array([1, "a", True, None], dtype=object), rows)),
            "flag": rng.random(rows) < 0.5,
        }
    )
    found = codes(table, columns)
    if columns:
        grouped = table.groupby(columns, dropna=False, sort=False)
        assert found.tolist() == grouped.ngroup().tolist()
    else:
        assert found.tolist() == [0] * rows


@pytest.mark.parametrize("largest", [3, DENSE * 50, 10**9])
def test_codes_are_numbered_in_their_order_dense_or_not(largest):
    code = np.random.default_rng(largest).integers(0, largest, 50)
    found, back = numbered(code)
    expected, first, inverse = np.unique(code, return_index=True, return_inverse=True)
    assert found.tolist() == expected.tolist() and back.tolist() == inverse.tolist()
    assert first_of_each(back, found.size).tolist() == first.tolist()
    assert among(code, code[::7]).tolist() == np.isin(code, code[::7]).tolist()
    assert not among(code, code[:0]).any() and among(code[:0], code[:0]).size == 0
