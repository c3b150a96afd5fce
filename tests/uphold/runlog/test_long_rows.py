"""Tables with a row for each value of a run."""

import pandas as pd
import pytest

from uphold.runlog.propose import propose_spec
from uphold.runlog.read import read
from uphold.runlog.tables import read_file

RUNS = [
    (f"r{i}", {"config/lr": lr, "config/seed": seed, "metrics/acc": 0.5 + seed / 10 + lr})
    for i, (lr, seed) in enumerate((lr, seed) for lr in (0.1, 0.01) for seed in (1, 2, 3))
]
ROWS = [(run, key, value) for run, held in RUNS for key, value in held.items()]


def written(tmp_path, rows, head):
    path = tmp_path / "long.csv"
    pd.DataFrame(rows, columns=head).to_csv(path, index=False)
    return path


@pytest.mark.parametrize(
    "head",
    [("run", "key", "value"), ("run_id", "attribute_path", "value"), ("id", "metric", "value")],
)
def test_a_long_table_is_a_row_a_run_and_says_so(tmp_path, head):
    path = written(tmp_path, ROWS, head)
    found = read_file(path)
    assert found.notes == (
        f"Its rows are a value each, of 3 names by {head[1]}: a row is made of each of 6 runs, told"
        f" apart by {head[0]}.",
    )
    expected = pd.DataFrame([{head[0]: run, **held} for run, held in RUNS])
    pd.testing.assert_frame_equal(
        found.table[list(expected)], expected, check_dtype=False, check_exact=True
    )
    spec = tmp_path / "spec.yaml"
    spec.write_text(propose_spec(path), "utf-8")
    it = read(path, spec)
    assert it.spec.primary == "metrics/acc" and list(it.spec.factors) == ["config/lr"]
    assert len(it.log.scores.table) == 6


def test_a_value_that_a_run_lacks_is_missing(tmp_path):
    table = read_file(written(tmp_path, ROWS[:-1], ("run", "key", "value"))).table
    assert len(table) == 6 and table["metrics/acc"].isna().sum() == 1


@pytest.mark.parametrize(
    ("rows", "head"),
    [
        ([*ROWS, ROWS[0]], ("run", "key", "value")),
        ([(*row, 1) for row in ROWS], ("run", "key", "value", "step")),
        ([(f"r{i}", f"k{i}", i) for i in range(9)], ("run", "key", "value")),
        (ROWS, ("model", "key", "value")),
        (ROWS, ("run", "key", "acc")),
    ],
)
def test_other_tables_stay_as_they_are(tmp_path, rows, head):
    found = read_file(written(tmp_path, rows, head))
    assert list(found.table) == list(head) and len(found.table) == len(rows)
    assert not found.notes


def test_rows_of_one_name_are_read_where_a_spec_asks_for_them(tmp_path):
    path = written(tmp_path, ROWS, ("run", "metric", "value"))
    assert len(read_file(path, ["metric"]).table) == len(ROWS)
