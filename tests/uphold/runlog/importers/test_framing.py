import struct
from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.runlog.importers.framing import (
    AT_ONCE,
    LONGEST,
    MANY,
    castagnoli,
    content,
    leveldb,
    tfrecords,
)

from . import encoded

PATH = Path("some.log")
HEADER = b":W&B\xe1\xbe\x00"
RECORDS = [b"a", b"b" * 40_000, b"", b"c" * 70_000, *(bytes([i]) * 90 for i in range(200))]


def framed(records: list[bytes]) -> bytes:
    return b"".join(map(encoded.tfrecord, records))


def read(data: bytes) -> list[bytes | None]:
    return list(leveldb(data, len(HEADER), PATH))


@pytest.mark.parametrize(
    ("data", "check"),
    [(b"123456789", 0xE3069283), (bytes(32), 0x8A9136AA), (b"\xff" * 32, 0x62A8AB43)],
)
def test_the_checksum_is_that_of_the_standard(data, check):
    assert castagnoli(data) == check


def test_records_of_a_log_come_back_over_blocks():
    assert read(encoded.leveldb(RECORDS, HEADER)) == RECORDS


@pytest.mark.parametrize("cut", [1, 3, 50, 96, 97, 60_000])
def test_a_log_that_is_cut_says_so(cut):
    data = encoded.leveldb(RECORDS, HEADER)
    *found, last = read(data[:-cut])
    assert found == RECORDS[: len(found)]
    assert (last is None) == (cut != 97)  # 97 is a record with what is before it


def test_a_log_that_is_cut_between_the_parts_of_a_record_says_so():
    log = encoded.leveldb([b"a", b"b" * 40_000], HEADER)
    assert read(log[:32768]) == [b"a", None]


def test_the_rest_of_a_block_is_empty():
    log = bytearray(encoded.leveldb([b"b" * (32768 - 7 - 7 - 3), b"c"], HEADER))
    assert log[32765:32768] == bytes(3)
    assert read(bytes(log))[1] == b"c"
    log[32766] = 1
    with pytest.raises(InputError, match="damaged at byte 32,765"):
        read(bytes(log))


def test_room_that_was_never_written_to_is_a_cut():
    assert read(encoded.leveldb([b"abc"], HEADER) + bytes(500)) == [b"abc", None]


@pytest.mark.parametrize("at", [7, 8, 11, 13, 14, 30_000, 32_770, 50_000])
def test_damage_in_a_log_is_named_with_its_place(at):
    data = bytearray(encoded.leveldb(RECORDS, HEADER))
    data[at] ^= 1
    with pytest.raises(
        InputError, match=r"some\.log is damaged at byte [\d,]+: .* or move its run"
    ):
        read(bytes(data))


def test_a_length_beyond_the_end_is_no_cut_where_records_follow():
    data = bytearray(encoded.leveldb([b"abc", b"def", b"ghi"], HEADER))
    data[7 + 4 : 7 + 6] = struct.pack("<H", 30_000)
    with pytest.raises(InputError, match="damaged at byte 7"):
        read(bytes(data))


def test_parts_of_records_must_follow_each_other():
    log = encoded.leveldb([b"b" * 40_000], HEADER)
    second = log[32768:]
    with pytest.raises(InputError, match="damaged at byte 7"):
        read(HEADER + second)


def test_records_of_an_event_file_come_back_but_large_ones():
    records = [*RECORDS, b"d" * LONGEST, b"e" * (LONGEST + 1)]
    found = list(tfrecords(framed(records), PATH))
    assert found == [record for record in records if len(record) <= LONGEST]


@pytest.mark.parametrize("count", [3, MANY + 3])
@pytest.mark.parametrize("at", [0, 9, 12, 40, -1])
def test_damage_in_an_event_file_is_named_however_checksums_are_computed(count, at):
    records = [bytes([i]) * 60 for i in range(count)]
    assert list(tfrecords(framed(records), PATH)) == records
    size = len(encoded.tfrecord(records[0]))
    data = bytearray(framed(records))
    data[size + at if at >= 0 else 2 * size + at] ^= 4
    with pytest.raises(InputError, match=f"damaged at byte {size}:"):
        list(tfrecords(bytes(data), PATH))


@pytest.mark.parametrize("cut", [1, 60, 70, 75])
def test_an_event_file_that_is_cut_says_so(cut):
    found = list(tfrecords(framed([b"x" * 60, b"y" * 60])[:-cut], PATH))
    assert found == [b"x" * 60, None]


def test_records_that_are_checked_by_portions_are_all_given():
    records = [f"{i:06}".encode() for i in range(AT_ONCE + 5)]
    data = bytearray(framed(records))
    assert list(tfrecords(bytes(data), PATH)) == records
    data[-1] ^= 1
    with pytest.raises(InputError, match=f"damaged at byte {len(data) - 22:,}:"):
        list(tfrecords(bytes(data), PATH))


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with (
        pytest.raises(InputError, match="nowhere cannot be read: No such file"),
        content(tmp_path / "nowhere"),
    ):
        pass


@pytest.mark.parametrize("size", [0, 10, 1 << 20, (1 << 20) + 1])
def test_files_of_any_size_are_given_whole(tmp_path, size):
    path = tmp_path / "file"
    path.write_bytes(b"z" * size)
    with content(path) as data:
        assert data[:] == b"z" * size
