"""A column for each name, and text that becomes what it was."""

import numpy as np
import pandas as pd
import pytest

from uphold.errors import InputError
from uphold.runlog.importers import long_tables
from uphold.runlog.importers.long_tables import from_text, spread


@pytest.mark.parametrize(
    ("texts", "values"),
    [
        (["0.001", "1e-2", "3"], [0.001, 0.01, 3]),
        (["1", "2"], [1, 2]),
        (["True", "False"], [True, False]),
        (["None", "0.5"], ["None", 0.5]),
        (["None", "True"], ["None", True]),
        (["None", "None"], ["None", "None"]),
        (["1.1", "1.10"], ["1.1", "1.10"]),
        (["0.50", "None"], ["0.50", "None"]),
        (["007", "8"], ["007", "8"]),
        (["0", "0.0", "1.0", "100"], [0, 0, 1, 100]),
        (["12345678901234567", "1"], ["12345678901234567", "1"]),
        (["adam", "1"], ["adam", "1"]),
    ],
)
def test_text_becomes_what_it_was_where_it_would_be_written_so_again(texts, values):
    found = from_text(pd.Series(texts, dtype=object)).tolist()
    assert found == values and list(map(type, found)) == [
        float if isinstance(v, int | float) and not isinstance(v, bool) and isinstance(f, float)
        else type(v)
        for f, v in zip(found, values, strict=True)
    ]  # fmt: skip


def long(*rows):
    return pd.DataFrame(rows, columns=["run", "name", "value"], dtype=object)


def test_each_run_has_its_values_and_the_last_one_counts():
    table = spread(
        long(("b", "x", 1), ("a", "y", "t"), ("a", "x", 2), ("b", "x", 3), ("gone", "x", 9)),
        pd.Index(["a", "b", "c"]),
        "config.",
        "it",
    )
    assert table["config.x"].tolist()[:2] == [2, 3] and np.isnan(table["config.x"]["c"])
    assert table["config.y"]["a"] == "t" and table["config.y"][["b", "c"]].isna().all()


def test_more_cells_than_fit_are_refused_before_they_are_made(monkeypatch):
    monkeypatch.setattr(long_tables, "MOST_CELLS", 5)
    with pytest.raises(InputError, match=r"it notes 2 names beginning with 'config\.' over 3 runs"):
        spread(long(("a", "x", 1), ("a", "y", 1)), pd.Index(["a", "b", "c"]), "config.", "it")
