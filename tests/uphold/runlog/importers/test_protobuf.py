import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uphold.runlog.importers.protobuf import (
    Malformed,
    double,
    fields,
    integer,
    nested,
    single,
    text,
)

from .encoded import message

SOME = st.one_of(st.integers(0, 2**64 - 1), st.floats(allow_nan=False), st.binary(max_size=300))


@given(st.lists(st.tuples(st.integers(1, 3000), SOME)))
def test_fields_come_back_in_order(written):
    found = [
        (number, double(value) if isinstance(given_, float) else value)
        for (number, value), (_, given_) in zip(fields(message(*written)), written, strict=True)
    ]
    assert found == written


@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_malformed(data):
    try:
        found = list(fields(data))
    except Malformed:
        return
    assert sum(len(value) for _, value in found if isinstance(value, bytes)) <= len(data)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"\x0a\x05ab", "5 bytes where 2 are left"),
        (b"\x08\x01\x0a\x03a", "3 bytes where 1 are left"),
        (b"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f", "bytes where 0 are left"),
        (b"\x0a", "ends within"),
        (b"\x08" + b"\xff" * 12, "without an end"),
        (b"\x0b", "wire type 3"),
    ],
)
def test_a_length_is_not_believed_beyond_what_is_left(data, what):
    with pytest.raises(Malformed, match=what):
        list(fields(data))


def test_values_are_what_they_are_asked_for_or_malformed():
    assert integer(2**64 - 1) == -1
    assert single(struct.pack("<f", 0.5)) == 0.5
    assert text("é".encode()) == "é"
    for read, value in ((nested, 1), (text, 1), (integer, b""), (double, b"abc"), (single, 3)):
        with pytest.raises(Malformed):
            read(value)
