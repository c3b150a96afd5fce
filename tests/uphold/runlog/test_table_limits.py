"""No table takes more memory than a log of runs could need, whatever file it comes in."""

import gzip
import json
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest

from uphold.errors import InputError
from uphold.runlog import csv_text, json_rows, table_limits, tables, workbook
from uphold.runlog.tables import read_table

CELLS = 1_000


@pytest.fixture
def small(monkeypatch):
    """Set limits that a test reaches in no time."""
    monkeypatch.setattr(table_limits, "MOST_CELLS", CELLS)
    for module in (csv_text, json_rows):
        monkeypatch.setattr(module, "MOST_CELLS", CELLS)
    monkeypatch.setattr(json_rows, "MOST_OBJECTS", CELLS)
    for module in (table_limits, tables):
        monkeypatch.setattr(module, "LARGEST", 100_000)
    monkeypatch.setattr(table_limits.refuse_size, "__defaults__", (100_000,))


def packed(content: bytes) -> bytes:
    return gzip.compress(content)


def parquet(table: pa.Table, **how) -> bytes:
    out = pa.BufferOutputStream()
    pyarrow.parquet.write_table(table, out, **how)
    return out.getvalue().to_pybytes()


def lines(rows) -> bytes:
    return "".join(f"{json.dumps(row)}\n" for row in rows).encode()


BOMBS = {
    "rows.csv": b"lr,f1\n" + b"1,2\n" * CELLS,
    "lines.csv": b"lr\n1\n" + b"\n" * (CELLS + 1),
    "text.csv": b"lr\n" + b"x" * 100_000,
    "columns.csv": b"," * 20_000 + b"\n",
    "rows.csv.gz": packed(b"lr,f1\n" + b"1,2\n" * CELLS),
    "zeros.csv.gz": packed(b"0" * 10_000_000),
    "lines.jsonl": b'{"a":1}\n' * (CELLS + 1),
    "keys.jsonl": lines({f"k{i}": 1} for i in range(CELLS // 10)),
    "sparse.jsonl": lines([{f"k{i}": 1 for i in range(100)}, *({"k0": 1} for _ in range(CELLS))]),
    "list.json": b"[" + b"{}," * CELLS + b"{}]",
    "values.json": b'{"a":[' + b"1," * CELLS + b"1]}",
    "brackets.json": b'{"a":' + b"[" * (CELLS + 1) + b"]" * (CELLS + 1) + b"}",
    "deep.jsonl": b'{"a":' * 60 + b"1" + b"}" * 60,
    "lists.jsonl": b'{"a":' + b"[" * 60 + b"]" * 60 + b"}",
    "rows.parquet": parquet(pa.table({"f1": np.zeros(CELLS + 1)})),
    "groups.parquet": parquet(pa.table({"f1": np.zeros(CELLS + 1)}), row_group_size=10),
    "list.parquet": parquet(pa.table({"f1": [[0.0] * (CELLS + 1)]})),
    "bytes.parquet": parquet(
        pa.table({"f1": pa.array([b"x" * 500] * 500, pa.binary(500))}), compression="zstd"
    ),
    # The dictionary of a column names one long text for every row.
    "texts.parquet": parquet(pa.table({"f1": ["x" * 1_000] * 500})),
    "categories.parquet": parquet(
        pa.table({"f1": pa.array(["x" * 1_000] * 500).dictionary_encode()})
    ),
    "text.parquet": parquet(pa.table({"f1": ["x" * 200_000]}), compression="zstd"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_is_larger_than_any_log_is_refused_by_name(small, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(BOMBS[name])
    with pytest.raises(InputError, match=r"which no log of runs|and a log at most") as error:
        read_table(path)
    assert name in str(error.value) and len(str(error.value)) < 500


def test_many_lines_of_comments_are_passed_over_in_one_go(tmp_path):
    path = tmp_path / "runs.csv"
    path.write_text("# by hand\n" * 100_000 + "lr,f1\n0.1,0.5\n", "utf-8")
    assert read_table(path).shape == (1, 2)


def test_a_workbook_is_measured_before_it_is_unpacked(small, tmp_path):
    path = tmp_path / "runs.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(table_limits.LARGEST_WORKBOOK + 1))
    with pytest.raises(InputError, match=r"runs\.xlsx holds more than 256 MiB"):
        workbook.refuse_larger(path)
    for content in (b"", b"no archive", path.read_bytes()[:-9]):
        path.write_bytes(content)
        workbook.refuse_larger(path)  # what it is, its reader tells
