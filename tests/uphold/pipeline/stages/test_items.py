"""The file of what items add: whole, small, and in the order of the log's rows."""

import numpy as np
from safetensors.numpy import load

from uphold.pipeline.stages.items import packed


def test_rows_are_the_logs_and_items_without_a_part_are_left_out():
    rows = [
        {"f1": np.array([np.nan, 1.0, 0.0, 0.5]), "recall": np.array([1.0, np.nan, 0.0, 0.0])},
        {},
        {"f1": np.array([np.nan, 0.25, np.nan, 0.75]), "recall": np.array([0.0, np.nan, 1.0, 1.0])},
    ]
    found = load(packed(rows, np.array([3, 3, 4, 5])))
    assert sorted(found) == ["f1/item", "f1/score", "group", "recall/item", "recall/score"]
    # by columns that are chosen, where an array no longer lies row by row
    np.testing.assert_array_equal(
        found["f1/score"], [[1.0, 0.0, 0.5], [np.nan] * 3, [0.25, np.nan, 0.75]]
    )
    np.testing.assert_array_equal(found["f1/item"], [1, 2, 3])
    np.testing.assert_array_equal(found["recall/item"], [0, 2, 3])
    np.testing.assert_array_equal(found["group"], [3, 3, 4, 5])
    assert found["f1/score"].dtype == np.float16


def test_what_half_precision_does_not_hold_is_kept_whole():
    found = load(packed([{"error": np.array([1e6, -1.0])}], np.zeros(2)))
    assert found["error/score"].dtype == np.float32
    np.testing.assert_array_equal(found["error/score"], [[1e6, -1.0]])


def test_where_nothing_is_told_the_file_is_there_all_the_same():
    found = load(packed([{}, {}], np.zeros(0)))
    assert sorted(found) == ["group"]
