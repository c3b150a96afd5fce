import builtins
import datetime

import pytest

from uphold.errors import InputError
from uphold.runlog.tables import read_file


def save(path, **sheets):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)


def test_the_one_sheet_with_cells_is_read(tmp_path):
    path = tmp_path / "runs.xlsx"
    rows = [
        ["seed", "model", "acc", "day", "ok"],
        [1, "a ", 0.5, datetime.datetime(2024, 5, 1), True],
        [2, "b", None, None, False],
        [None] * 5,
    ]
    save(path, runs=rows, notes=[])
    found = read_file(path)
    assert found.format == "a table of runs (an Excel sheet)"
    table = found.table
    assert table["seed"].tolist() == [1, 2] and table["model"].tolist() == ["a", "b"]
    assert table["acc"].isna().tolist() == [False, True] and table["ok"].tolist() == [True, False]
    assert table["day"][0] == "2024-05-01 00:00:00"


def test_text_with_decimal_commas_is_numbers(tmp_path):
    path = tmp_path / "runs.xlsx"
    save(path, runs=[["seed", "acc"], ["1", "0,5"], ["2", "0,25"]])
    assert read_file(path).table["acc"].tolist() == [0.5, 0.25]


def test_two_sheets_are_not_chosen_between(tmp_path):
    path = tmp_path / "runs.xlsx"
    save(path, one=[["seed"], [1]], two=[["seed"], [1]])
    with pytest.raises(InputError, match=r"several sheets .'one', 'two'."):
        read_file(path)


def test_what_is_no_workbook(tmp_path):
    pytest.importorskip("openpyxl")
    path = tmp_path / "runs.xlsx"
    path.write_text("seed,acc\n1,2\n")
    with pytest.raises(InputError, match="not a readable Excel workbook"):
        read_file(path)


def test_without_the_extra_it_says_what_to_do(tmp_path, monkeypatch):
    whole = builtins.__import__

    def without(name, *args, **keys):
        if name == "openpyxl":
            raise ImportError(name)
        return whole(name, *args, **keys)

    monkeypatch.setattr(builtins, "__import__", without)
    path = tmp_path / "runs.xlsx"
    path.write_bytes(b"PK")
    with pytest.raises(InputError, match=r"pip install 'uphold\[xlsx\]', or save the sheet as CSV"):
        read_file(path)
