import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from uphold.errors import InputError
from uphold.runlog.tables import read_table


@pytest.fixture
def read(tmp_path):
    def at(text: str | bytes, name: str = "runs.csv") -> pd.DataFrame:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_table(path)

    return at


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_are_found(read, separator):
    rows = [["seed", "mode", "f1"], ["1", "a, b", "0.5"], ["2", "c", "0.25"]]
    text = "\n".join(separator.join(f'"{c}"' if "," in c else c for c in row) for row in rows)
    found = read(text)
    assert found.columns.tolist() == ["seed", "mode", "f1"]
    assert found["mode"].tolist() == ["a, b", "c"] and found["f1"].tolist() == [0.5, 0.25]


def test_types(read):
    found = read("n,x,flag,gap,text,none\n1,1e-3,True,,a,None\n2,5,False,NA,b,x\n")
    assert found["n"].tolist() == [1, 2] and found["x"].tolist() == [0.001, 5.0]
    assert found["flag"].tolist() == [True, False] and found["flag"].dtype == bool
    assert found["gap"].isna().all() and found["gap"].dtype == float
    assert found["none"].tolist() == ["None", "x"]  # a level like any other


def test_gaps_among_truth_values_numbers_and_text(read):
    found = read("flag,n,text\ntrue,1,a\n,2,\nFALSE,,NaN\n,4,b\n")
    assert found["flag"].tolist()[::2] == [True, False] and found["flag"].isna().tolist()[1]
    assert np.isnan(found["n"][2]) and found["n"][1] == 2
    assert found["text"].isna().tolist() == [False, True, True, False]


def test_decimal_commas_where_commas_do_not_separate(read):
    found = read("seed;f1;name\n1;0,75;a,b\n2;1;c\n")
    assert found["f1"].tolist() == [0.75, 1.0] and found["name"].tolist() == ["a,b", "c"]


def test_spaces_a_byte_order_mark_and_blank_lines_are_nothing(read):
    found = read(b"\xef\xbb\xbf seed , mode\n 1 , a \n\n2,b\n\n")
    assert found.columns.tolist() == ["seed", "mode"]
    assert found["seed"].tolist() == [1, 2] and found["mode"].tolist() == ["a", "b"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_read(read, encoding):
    assert read("seed,mode\n1,ö\n".encode(encoding))["mode"].tolist() == ["ö"]


def test_an_index_without_a_name_is_left_out(read):
    assert read(",seed\n0,1\n1,2\n").columns.tolist() == ["seed"]


def test_quoted_line_breaks_are_text(read):
    assert read('seed,note\n1,"a\nb"\n2,c\n')["note"].tolist() == ["a\nb", "c"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        (" \n \n", "is empty"),
        (",,\n", "no rows"),
        ("seed,f1\n", "no rows"),
        ("seed,f1,f1\n1,2,3\n", "'f1' stands twice"),
        ("seed,f1\n1,2\n1,2,3\n", "row 2: 3 cells.*2 columns"),
        ("seed,f1\n1,2\n1\n", "row 2: 1 cells.*2 columns"),
        ('seed,f1\n1,"2\n', "not a readable CSV"),
        (b"seed,mode\n1,a\n2,\xe4\n", "UTF-8 .line 3"),
    ],
)
def test_a_csv_that_cannot_be_used_says_where(read, text, message):
    with pytest.raises(InputError, match=message):
        read(text)


def test_json_lines_with_nested_settings(read):
    rows = [{"seed": 1, "config": {"lr": 0.1, "tags": ["a"]}, "f1": 0.5}, {"seed": 2, "f1": None}]
    found = read("\n".join(map(json.dumps, rows)), "runs.jsonl")
    assert found.columns.tolist() == ["seed", "config.lr", "config.tags", "f1"]
    assert found["config.tags"][0] == ["a"] and found["f1"].isna().tolist() == [False, True]


def test_a_json_array_is_its_rows(read):
    assert read(json.dumps([{"seed": 1}, {"seed": 2}], indent=1), "runs.json")["seed"].tolist() == [
        1,
        2,
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"seed": 1}\n{"seed": ', "line 2 is not JSON"),
        ("3\n", "line 1: each line is one run"),
        ('{"seed": 1, "seed": 2}', "'seed' stands twice"),
        ('{"a": {"b": 1}, "a.b": 2}', "'a.b' stands twice"),
        ('{"f1": null}\n{"f1": 0.5}\n{"f1": {"mean": 1}}', "'f1' is an object in row 3.*row 2"),
        ("", "is empty"),
    ],
)
def test_json_that_cannot_be_used_says_where(read, text, message):
    with pytest.raises(InputError, match=message):
        read(text, "runs.jsonl")


def test_parquet(tmp_path):
    table = pd.DataFrame(
        {"lr": np.float32([0.0005, 0.001]), "mode": ["a", None], "tags": [[1], [2]]}
    )
    path = tmp_path / "runs.parquet"
    table.to_parquet(path)
    found = read_table(path)
    assert found["lr"].tolist() == [0.0005, 0.001]
    assert found["mode"].isna().tolist() == [False, True] and found["tags"].tolist() == [[1], [2]]


def test_files_that_are_not_there_or_not_what_they_say(tmp_path, read):
    for name in ("none.csv", "none.parquet"):
        with pytest.raises(InputError, match=r"none.*cannot be read"):
            read_table(tmp_path / name)
    with pytest.raises(InputError, match="not a readable parquet"):
        read("seed,f1\n1,2\n", "runs.parquet")
    with pytest.raises(InputError, match="cannot be read"):
        read_table(Path(tmp_path))


@pytest.mark.parametrize("name", ["runs.csv", "runs.jsonl"])
@pytest.mark.parametrize(
    "head", [b"\x89PNG\r\n\x1a\n\0\0", b"PK\x03\x04\x14\0", b"PAR1\x15\0seed,f1"]
)
def test_a_binary_file_is_called_one(read, name, head):
    with pytest.raises(InputError, match=r"is a binary file.*CSV in UTF-8.*\.parquet"):
        read(head, name)


def test_text_with_null_characters_is_no_text(read):
    with pytest.raises(InputError, match="is a binary file"):
        read("mode,seed\na,1\n".encode("utf-32"))


def test_parquet_of_other_types_becomes_numbers_and_text(tmp_path):
    day = pd.Timestamp("2024-05-01")
    table = pd.DataFrame(
        {
            "day": [day, pd.NaT],
            "took": [pd.Timedelta(hours=1), pd.NaT],
            "date": [day.date(), None],
            "f1": [Decimal("0.5"), None],
            "mode": [b"a\xff", None],
        }
    )
    table.to_parquet(tmp_path / "runs.parquet")
    found = read_table(tmp_path / "runs.parquet")
    assert found.iloc[0].tolist() == ["2024-05-01", "0 days 01:00:00", "2024-05-01", 0.5, "a\ufffd"]
    assert found.iloc[1].isna().all()


def test_a_named_index_of_parquet_is_a_column(tmp_path):
    table = pd.DataFrame({"seed": [1, 2], "f1": [0.5, 0.6]}, pd.Index(["a", "b"], name="mode"))
    table.to_parquet(tmp_path / "runs.parquet")
    assert read_table(tmp_path / "runs.parquet").columns.tolist() == ["mode", "seed", "f1"]
    table.assign(mode=1).to_parquet(tmp_path / "runs.parquet")
    with pytest.raises(InputError, match="not a readable parquet"):
        read_table(tmp_path / "runs.parquet")


def test_a_folder_is_no_parquet(tmp_path):
    (tmp_path / "runs.parquet").mkdir()
    with pytest.raises(InputError, match="cannot be read: it is a folder"):
        read_table(tmp_path / "runs.parquet")


@pytest.mark.parametrize("digits", [400, 5000])
def test_whole_numbers_beyond_every_float_are_infinite(read, digits):
    rows = [f'{{"seed": 1, "f1": {"9" * digits}}}', '{"seed": 2, "f1": 1}']
    assert read("\n".join(rows), "runs.jsonl")["f1"].tolist() == [np.inf, 1]


def test_lone_surrogates_are_replaced(read):
    found = read(r'{"a\ud800": "b\udfff"}', "runs.jsonl")
    assert found.to_dict("list") == {"a?": ["b?"]}


def test_parquet_categories_are_levels(tmp_path):
    table = pd.DataFrame({"mode": pd.Categorical(["b", "a", None]), "f1": [0.5, 0.6, 0.7]})
    table.to_parquet(tmp_path / "runs.parquet")
    found = read_table(tmp_path / "runs.parquet")["mode"]
    assert found.tolist()[:2] == ["b", "a"] and found.isna().tolist() == [False, False, True]


RELEASES = "release,seed,f1\n1.1,1,0.80\n1.10,1,0.9\n1.2,1,0.90\n"


def test_levels_that_one_number_would_join_stay_text(tmp_path):
    path = tmp_path / "runs.csv"
    path.write_text(RELEASES)
    found = read_table(path, ["release", "seed"])
    assert found["release"].tolist() == ["1.1", "1.10", "1.2"]
    assert found["f1"].tolist() == [0.8, 0.9, 0.9] and found["seed"].tolist() == [1, 1, 1]
    assert read_table(path)["release"].tolist() == ["1.1", "1.10", "1.2"]  # by its name
    assert read_table(path, ["seed"])["release"].tolist() == [1.1, 1.1, 1.2]


@pytest.mark.parametrize("cells", [("1e-2", "0.01"), ("0.10", "0.20"), ("1", "1.0"), ("0.1", "")])
def test_levels_of_one_spelling_each_are_numbers(tmp_path, cells):
    path = tmp_path / "runs.csv"
    path.write_text("lr,f1\n" + "".join(f"{cell},1\n" for cell in cells))
    assert read_table(path, ["lr"])["lr"].dtype.kind in "if"


SPELLED = [
    (["1e-2", "0.01", "auto"], ["0.01", "0.01", "auto"]),
    (["0.01", "1E-2", "1.0e-02"], ["0.01"] * 3),
    (["1e-3", "1E-3", "1.0e-3", "adam"], ["1e-3"] * 3 + ["adam"]),
    (["1.1", "1.10", "1.2", "x"], ["1.1", "1.10", "1.2", "x"]),
    (["1.1", "1.10", "11e-1", "x"], ["1.1", "1.10", "1.1", "x"]),
    (["1e3", "1000.0", "x"], ["1000.0", "1000.0", "x"]),
    (["e2", "2", "1e", "x"], ["e2", "2", "1e", "x"]),
    (["-1e1", "-10", "10", "x"], ["-10", "-10", "10", "x"]),
    (["1e-2", "5e-3", "x"], ["1e-2", "5e-3", "x"]),
]


@pytest.mark.parametrize("kind", ["csv", "parquet", "jsonl"])
@pytest.mark.parametrize(("cells", "levels"), SPELLED)
def test_a_number_with_an_exponent_is_the_level_without_one(tmp_path, kind, cells, levels):
    table = pd.DataFrame({"lr": cells, "f1": 0.5})
    path = tmp_path / f"runs.{kind}"
    if kind == "parquet":
        table.to_parquet(path)
    elif kind == "jsonl":
        table.to_json(path, orient="records", lines=True)
    else:
        table.to_csv(path, index=False)
    found = read_table(path, ["lr"])["lr"]
    # A CSV's column of numbers alone is one of numbers.
    numbers = pd.api.types.is_numeric_dtype(found)
    assert found.tolist() == ([float(c) for c in levels] if numbers else levels)
    assert read_table(path)["lr"].tolist() == found.tolist()
    assert read_table(path, ["f1"])["lr"].tolist() == (found.tolist() if numbers else cells)


def test_a_number_and_its_text_with_an_exponent_are_one_level(tmp_path):
    path = tmp_path / "runs.jsonl"
    path.write_text('{"lr": 0.01}\n{"lr": "1e-2"}\n{"lr": "auto"}\n{"lr": true}\n{"lr": null}\n')
    assert read_table(path, ["lr"])["lr"].tolist()[:4] == [0.01, 0.01, "auto", True]


@pytest.mark.parametrize("texts", [["1e-2", "0.01", None], ["1.1", "1.10", "2"], ["a", "a", "a"]])
def test_categories_mean_what_the_same_text_means_in_a_csv(tmp_path, texts):
    table = pd.DataFrame({"lr": pd.Categorical(texts), "f1": 0.5})
    table.to_parquet(tmp_path / "runs.parquet")
    table.to_csv(tmp_path / "runs.csv", index=False)
    found, same = (read_table(tmp_path / f"runs.{kind}", ["lr"]) for kind in ("parquet", "csv"))
    pd.testing.assert_frame_equal(found, same)


def test_text_beside_lists(tmp_path):
    (tmp_path / "runs.jsonl").write_text('{"lr": [1]}\n{"lr": "1e-2"}\n')
    assert read_table(tmp_path / "runs.jsonl", ["lr"])["lr"].tolist() == [[1], "1e-2"]
