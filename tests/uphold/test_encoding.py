import pytest

from uphold.encoding import codec

TEXT = "path,label\nGrüße.wav,frog\n"


@pytest.mark.parametrize("way", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_is_decoded_as_it_was_written(way):
    data = TEXT.encode(way)
    assert data.decode(codec(data)) == TEXT


def test_utf_16_of_a_big_endian_machine_has_its_mark():
    data = b"\xfe\xff" + TEXT.encode("utf-16-be")
    assert data.decode(codec(data)) == TEXT


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"a",
        b"a\0",
        b"PK\x03\x04\x14\0",
        b"\x89PNG\r\n\x1a\n\0\0",
        b"\0\0\0\0",
        TEXT.encode("utf-32-le"),
        TEXT.encode("utf-32-be"),
        TEXT.encode("latin-1"),
    ],
)
def test_anything_else_is_tried_as_utf_8(data):
    assert codec(data) == "utf-8-sig"
