"""A file of the user's is left alone."""

import re

import pytest

from uphold.cli.out_file import refuse_another
from uphold.errors import InputError


@pytest.mark.parametrize("content", [b"", b"a", b"a,b", b"a,c\n", b"my own\n", b"RIFF\x00"])
def test_what_begins_otherwise_is_refused(tmp_path, content):
    out = tmp_path / "out.csv"
    out.write_bytes(content)
    told = f"--out {out} is there already and is no such table: name another."
    with pytest.raises(InputError, match=re.escape(told)):
        refuse_another(out, b"a,b\n", "table")
    assert out.read_bytes() == content


def test_its_like_and_nothing_may_be_there(tmp_path):
    out = tmp_path / "out.csv"
    refuse_another(out, b"a,b\n", "table")
    out.write_bytes(b"a,b\n1,2\n")
    refuse_another(out, b"a,b\n", "table")


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match="is a folder: name a file in it"):
        refuse_another(tmp_path, b"", "table")
