import numpy as np
import pandas as pd
import pytest
from pydantic import TypeAdapter

from uphold.claims.row_rules import Rows
from uphold.runlog.chosen_rows import chosen_rows

TABLE = pd.DataFrame(
    {
        "state": ["finished", "failed", None, "finished"],
        "lr": [0.1, np.nan, 0.01, 0.1],
        "fast": [True, False, True, False],
    }
)


@pytest.mark.parametrize(
    ("rules", "rows"),
    [
        ({}, [0, 1, 2, 3]),
        ({"state": "finished"}, [0, 3]),
        ({"state": ["finished", "failed"]}, [0, 1, 3]),
        ({"state": {"not": "failed"}}, [0, 2, 3]),
        ({"state": {"not": ["failed", "finished"]}}, [2]),
        ({"state": {"empty": True}}, [2]),
        ({"state": {"empty": False, "not": "failed"}}, [0, 3]),
        ({"lr": "1e-1"}, [0, 3]),
        ({"lr": {"equals": 0.1}, "fast": False}, [3]),
        ({"lr": {"in": [0.01, 0.1]}}, [0, 2, 3]),
    ],
)
def test_rules_hold_one_and_all(rules, rows):
    found = chosen_rows(TABLE, TypeAdapter(Rows).validate_python(rules))
    assert np.flatnonzero(found).tolist() == rows


def test_a_factor_that_is_missing_stands_for_every_level():
    rules = TypeAdapter(Rows).validate_python({"lr": 0.1})
    assert np.flatnonzero(chosen_rows(TABLE, rules, ["lr"])).tolist() == [0, 1, 3]
    rules = TypeAdapter(Rows).validate_python({"lr": {"empty": False}})
    assert np.flatnonzero(chosen_rows(TABLE, rules, ["lr"])).tolist() == [0, 2, 3]
