"""One table, from each kind of file, is one log and one proposal."""

import gzip
import itertools
import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uphold.errors import InputError
from uphold.runlog.propose import propose
from uphold.runlog.sources import read_runs
from uphold.runlog.tables import read_file, read_table

CELLS = {
    "text": st.sampled_from(["a", "b ", " c", "None", "NA", "", "1.10", "1.1", "007", "é", "d,e"]),
    "number": st.floats(allow_nan=False, allow_infinity=False, width=64) | st.none(),
    "whole": st.integers(-(2**53), 2**53) | st.none(),
    "truth": st.booleans(),
    "spelled": st.sampled_from(["1e-2", "0.01", "0.1", "auto"]),
}


@st.composite
def tables(draw) -> pd.DataFrame:
    """Draw a table of any cells that each kind of file can hold."""
    rows = draw(st.integers(2, 6))
    kinds = draw(st.lists(st.sampled_from(sorted(CELLS)), min_size=1, max_size=4))
    columns = {
        f"{kind}_{i}": draw(st.lists(CELLS[kind], min_size=rows, max_size=rows))
        for i, kind in enumerate(kinds)
    }
    return pd.DataFrame({"id": range(rows)} | columns)


def written(table: pd.DataFrame, folder: Path) -> list[Path]:
    paths = [folder / name for name in ("t.csv", "t.jsonl", "t.parquet", "t.csv.gz", "t.json")]
    table.to_csv(paths[0], index=False)
    # What is missing in a table is null there.
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    paths[1].write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    table.to_parquet(paths[2])
    paths[3].write_bytes(gzip.compress(paths[0].read_bytes()))
    paths[4].write_text(json.dumps(rows, indent=1), "utf-8")
    return paths


@settings(max_examples=60, deadline=None)
@given(tables())
def test_a_table_is_the_same_from_any_file(table):
    with TemporaryDirectory() as folder:
        first, *others = [read_table(path) for path in written(table, Path(folder))]
    for other in others:
        assert other.columns.tolist() == first.columns.tolist()
        for name in first:
            one, two = first[name], other[name]
            assert one.isna().tolist() == two.isna().tolist(), name
            assert one.dropna().tolist() == two.dropna().tolist(), name


def test_a_proposal_is_the_same_from_any_file(tmp_path):
    rows = itertools.product(["1.9", "1.10"], ["adam", "sgd"], [1, 2, 3])
    table = pd.DataFrame(rows, columns=["release", "optimizer", "seed"])
    table["acc"] = [f"{50 + i * 7 % 12}.5%" for i in range(12)]
    found = {propose(read_table(path)) for path in written(table, tmp_path)}
    assert len(found) == 1 and "'1.9'" in found.pop()


def test_what_it_was_read_as_is_said(tmp_path):
    (tmp_path / "t.csv").write_text("# by me\nseed,acc\n1,2\n")
    found = read_runs(tmp_path / "t.csv")
    assert found.format == "a table of runs (CSV)"
    assert found.notes == ("1 line of comments above the header passed over.",)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.csv.gz", b"seed,acc\n1,2\n", "not a whole gzip file"),
        ("t.csv.gz", gzip.compress(b"seed,acc\n1,2\n")[:-9], "not a whole gzip file"),
        ("t.parquet.gz", b"", "unpack it first"),
        ("t.csv.gz", gzip.compress(b""), "is empty"),
    ],
)
def test_what_is_packed_badly_says_so(tmp_path, name, content, message):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_file(tmp_path / name)


def test_a_folder_in_which_nothing_is_known_says_what_is_read(tmp_path):
    with pytest.raises(InputError, match="a folder in which nothing is known"):
        read_runs(tmp_path)
