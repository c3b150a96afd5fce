"""JSON of a tracker's that is cut short, too deep or no text is one error."""

import pytest

from uphold.errors import InputError
from uphold.runlog.importers.json_text import DEEPEST, read_json


def test_what_is_whole_is_read(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"a": [1, NaN, "\\u00e9", "\\ud800"]}', encoding="utf-8")
    assert read_json(path)["a"][2:] == ["é", "?"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b'{"a": 1', "is not whole JSON"),
        (b"", "is not whole JSON"),
        (b"1" * 5000, "is not whole JSON"),
        (b"\xff\xfe{", "is not text in UTF-8"),
        (b"[" * (DEEPEST + 1) + b"]" * (DEEPEST + 1), "nested more than 50 deep"),
        (b'{"a":' * 100_000, "nested more than 50 deep"),
    ],
)
def test_what_is_not_says_which_file_and_what_to_do(tmp_path, data, message):
    path = tmp_path / "a.json"
    path.write_bytes(data)
    with pytest.raises(InputError, match=f"a.json.*{message}"):
        read_json(path)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.json cannot be read"):
        read_json(tmp_path / "none.json")
