import pytest

from studies.calls.data.manifest import Row, read
from uphold.errors import InputError

RECORDINGS = {"frog/1.wav", "noise/2.wav", "3.wav"}


@pytest.fixture
def manifest(tmp_path):
    def of(text, recordings=RECORDINGS, encoding="utf-8"):
        path = tmp_path / "manifest.csv"
        path.write_text(text, encoding=encoding)
        return read(path, recordings)

    return of


def test_all_columns_are_read(manifest):
    text = (
        "path,label,call_type,quality,recorder,split,kind\n"
        "noise/2.wav,noise,,,site B,ood,rain\n"
        'frog/1.wav,"frog,toad",grunt,high,site A,train,\n'
        "\n"
        "3.wav,,,,,,\n"
    )
    assert manifest(text) == [
        Row("3.wav", ""),
        Row("frog/1.wav", "frog,toad", "grunt", "high", "site A", "train"),
        Row("noise/2.wav", "noise", recorder="site B", split="ood", kind="rain"),
    ]


def test_the_label_is_the_folder_where_there_is_no_such_column(manifest):
    rows = manifest("path,split\na/frog/1.wav,\nnoise/2.wav,ood\n", {"a/frog/1.wav", "noise/2.wav"})
    assert [(row.label, row.split) for row in rows] == [("frog", ""), ("noise", "ood")]


def test_spaces_a_byte_order_mark_and_dots_are_no_matter(manifest):
    rows = manifest("path , label\n ./3.wav , frog \n", {"3.wav"}, encoding="utf-8-sig")
    assert rows == [Row("3.wav", "frog")]


WHOLE = "path,label,quality,split\nfrog/1.wav,frog,high,train\nnoise/2.wav,,,\n3.wav,toad,low,iid\n"


@pytest.mark.parametrize(
    ("change", "reasons"),
    [
        (("high", "hgih"), ["row 2: quality 'hgih' is not known. Did you mean 'high'?"]),
        (("iid", "test"), ["row 4: split 'test' is not known. Valid names: iid, ood, train"]),
        (("frog,high", "frog,-frog"), ["row 2: quality '-frog' is not known"]),
        ((",toad,", ',"toad,noise",'), ["row 4: the label 'toad,noise' names a class together"]),
        (
            ("3.wav", "4.wav"),
            ["row 4: there is no recording 4.wav; mend", "- 3.wav has no row; add one"],
        ),
        (
            ("3.wav", "frog/1.wav"),
            ["row 4: frog/1.wav is already in row 2; keep one", "3.wav has no"],
        ),
        (("3.wav", ""), ["row 4: the path is empty"]),
        (("3.wav", "../3.wav"), ["row 4: ../3.wav leads out of the folder"]),
        (("3.wav", "/3.wav"), ["row 4: /3.wav leads out of the folder"]),
        (("low,iid", "low,iid,x"), ["row 4: 5 cells for 4 columns; quote cells with commas"]),
        (("low,iid", "low"), ["row 4: 3 cells for 4 columns"]),
        (("quality", "qualty"), ["the column 'qualty' is not known. Did you mean 'quality'?"]),
        (("label", "path"), ["the column 'path' is there twice"]),
        (("path", "file"), ["the column 'file' is not known", "the column 'path' is missing"]),
        ((",", "|"), ["the column 'path' is missing; cells are separated by commas, semicolons"]),
    ],
)
def test_every_problem_is_named_with_its_row(manifest, change, reasons):
    with pytest.raises(InputError) as raised:
        manifest(WHOLE.replace(*change))
    message = str(raised.value)
    assert "manifest.csv" in message
    for reason in reasons:
        assert reason in message


def test_all_problems_are_named_at_once(manifest):
    with pytest.raises(InputError) as raised:
        manifest("path,label,quality\nfrog/1.wav,frog,best\nnone.wav,frog,\n3.wav,frog,low\n")
    lines = str(raised.value).splitlines()
    assert lines[0].startswith("3 problems in ")
    assert [line.split(":")[0] for line in lines[1:3]] == ["- row 2", "- row 3"]
    assert "noise/2.wav has no row" in lines[3]


PLAIN = [
    Row("3.wav", "toad", quality="low", split="iid"),
    Row("frog/1.wav", "frog", quality="high", split="train"),
    Row("noise/2.wav", ""),
]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_what_spreadsheets_save_is_read(manifest, separator, encoding):
    text = WHOLE.replace(",", separator)
    assert manifest(text, encoding=encoding) == PLAIN
    assert manifest(text.replace("\n", "\r\n"), encoding=encoding) == PLAIN
    assert manifest(f"sep={separator}\r\n" + text, encoding=encoding) == PLAIN


def test_upper_case_heads_and_backslashes_are_read(manifest):
    heads, _, rows = WHOLE.partition("\n")
    assert manifest(f"{heads.upper()}\n{rows}") == PLAIN
    assert manifest(WHOLE.replace("/", "\\")) == PLAIN
    assert manifest(WHOLE.replace("/1.wav", "/1.WAV").replace("noise/", "Noise/")) == PLAIN


def test_a_backslash_in_a_name_is_its_own(manifest):
    assert manifest("path,label\na\\b.wav,frog\n", {"a\\b.wav"}) == [Row("a\\b.wav", "frog")]


def test_names_that_differ_in_case_alone_are_not_mixed_up(manifest):
    both = {"a.wav", "A.wav"}
    assert [row.label for row in manifest("path,label\nA.wav,x\na.wav,y\n", both)] == ["x", "y"]
    with pytest.raises(InputError, match=r"there is no recording a\.WAV"):
        manifest("path,label\na.WAV,x\nA.wav,y\n", both)


@pytest.mark.parametrize("front", ["data/recordings/", "/mnt/disk/", "C:\\Users\\me\\"])
def test_paths_relative_to_another_folder_are_told_once(manifest, front):
    rows = [f"{front}{k}.wav,frog\n" for k in range(144)]
    with pytest.raises(InputError) as raised:
        manifest("path,label\n" + "".join(rows), {f"{k}.wav" for k in range(144)})
    assert str(raised.value).splitlines()[1:] == []
    assert f"take {front} off all of them".replace("\\", "/") in str(raised.value)


def test_many_problems_of_one_kind_are_counted(manifest):
    rows = "".join(f"x{k}y.wav,frog\n" for k in range(144))
    with pytest.raises(InputError) as raised:
        manifest("path,label\n" + rows, {f"{k}.wav" for k in range(100)})
    lines = str(raised.value).splitlines()
    assert lines[0].startswith("244 problems in ")
    assert len(lines) == 11
    assert lines[5] == "- … 144 rows name no recording in all"
    assert lines[10] == "- … 100 recordings have no row in all"


def test_a_flat_file_without_a_label_is_refused(manifest):
    with pytest.raises(InputError, match=r"row 2: 3.wav lies in no class folder; add a column"):
        manifest("path\n3.wav\n", {"3.wav"})


def test_files_that_are_no_manifest_are_refused(manifest, tmp_path):
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read(tmp_path / "none.csv", set())
    with pytest.raises(InputError, match="is neither UTF-8 nor UTF-16 text: save"):
        manifest("path\nGrüße.wav\n", encoding="latin-1")
    with pytest.raises(InputError, match="is neither UTF-8 nor UTF-16 text: save"):
        manifest("path\n3.wav\n", encoding="utf-32-le")
    with pytest.raises(InputError, match="the column 'path' is missing"):
        manifest("")
    with pytest.raises(InputError, match="is not CSV: line 2"):
        manifest('path,label\n3.wav,"frog" and more\n')
