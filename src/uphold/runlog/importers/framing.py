"""A file of records, each with its length and checksum before it → the records.

Two ways of framing: LevelDB's log, in which W&B keeps runs
(https://github.com/google/leveldb/blob/main/doc/log_format.md), with the checksum of zlib in the
place of the Castagnoli one; and TFRecord, of which TensorBoard's event files are made
(https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details).

Promised: every record has the checksum that was written with it, and a length is believed only as
far as there are bytes. A file that ends within a record is what a program leaves that was killed:
its records are given up to there, and that it is cut. Any other damage is an `InputError`.
"""

import mmap
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from uphold.errors import InputError
from uphold.format import count

Bytes = bytes | mmap.mmap

BLOCK = 32768
FULL, FIRST, MIDDLE, LAST = 1, 2, 3, 4
LONGEST = 1 << 16
"""Records of TensorBoard above this many bytes are pictures, sounds and graphs: not looked into."""

AT_ONCE = 10_000
"""How many of TensorBoard's records are held in memory."""

MANY = 64
"""From how many records of one length on their checksums are computed all at once."""

_SMALL = 1 << 20
_LEVELDB = struct.Struct("<IHB")
_LENGTH = struct.Struct("<QI")
_CHECK = struct.Struct("<I")
_EIGHT = struct.Struct("<Q")
_KINDS = {kind: zlib.crc32(bytes([kind])) for kind in (FULL, FIRST, MIDDLE, LAST)}
_MASK = 0xA282EAD8
_WORD = 0xFFFFFFFF


@contextmanager
def content(path: Path) -> Iterator[Bytes]:
    """Give a file's bytes, a large file's without reading it into memory.

    Raises
    ------
    InputError
        It cannot be read.
    """
    try:
        with path.open("rb") as file:
            given = file.read(_SMALL)
            if len(given) < _SMALL:
                yield given
            else:
                with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
                    yield mapped
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from None


def leveldb(data: Bytes, start: int, path: Path) -> Iterator[bytes | None]:
    """Yield the records of a log as W&B frames it, and None at the end of one that is cut.

    Parameters
    ----------
    data : bytes
    start : int
        Where the first record begins; blocks are counted from 0 all the same.
    path : Path
        For messages.

    Raises
    ------
    InputError
        A record that is not the last one is damaged.
    """
    at, end = start, len(data)
    parts: list[bytes] | None = None
    while at < end:
        left = BLOCK - at % BLOCK
        if left < _LEVELDB.size:
            if any(data[at : at + left]):
                raise _damaged(path, at)
            at += left
            continue
        body = at + _LEVELDB.size
        if body > end:
            yield None
            return
        check, length, kind = _LEVELDB.unpack_from(data, at)
        if body + length > end and length <= left - _LEVELDB.size and kind in _KINDS:
            if any(_is_record(data, later) for later in range(at + 1, end - _LEVELDB.size)):
                raise _damaged(path, at)
            yield None
            return
        record = data[body : body + length]
        if kind not in _KINDS or zlib.crc32(record, _KINDS[kind]) != check:
            if not data[at:].strip(b"\0"):  # room that was never written to
                yield None
                return
            raise _damaged(path, at)
        if (parts is not None) != (kind in (MIDDLE, LAST)):
            raise _damaged(path, at)
        if kind == FULL:
            yield record
        else:
            parts = [] if parts is None else parts
            parts.append(record)
            if kind == LAST:
                yield b"".join(parts)
                parts = None
        at = body + length
    if parts is not None:
        yield None


def _is_record(data: Bytes, at: int) -> bool:
    check, length, kind = _LEVELDB.unpack_from(data, at)
    body = at + _LEVELDB.size
    return (
        kind in _KINDS
        and body + length <= len(data)
        and zlib.crc32(data[body : body + length], _KINDS[kind]) == check
    )


def tfrecords(data: Bytes, path: Path) -> Iterator[bytes | None]:
    """Yield the records of an event file up to `LONGEST` bytes, and None at the end of a cut one.

    Parameters
    ----------
    data : bytes
    path : Path
        For messages.

    Raises
    ------
    InputError
        A record is damaged.
    """
    at, end = 0, len(data)
    records: list[bytes] = []
    places: list[int] = []
    while at < end:
        body = at + _LENGTH.size
        if body > end:
            break
        length, check = _LENGTH.unpack_from(data, at)
        if _check_of_length(data[at : at + 8]) != check:
            raise _damaged(path, at)
        after = body + length + _CHECK.size
        if after > end:
            break
        if length <= LONGEST:
            records.append(data[body:after])
            places.append(at)
            if len(records) == AT_ONCE:
                yield from _checked(records, places, path)
                records, places = [], []
        at = after
    yield from _checked(records, places, path)
    if at < end:
        yield None


def _checked(records: list[bytes], places: list[int], path: Path) -> Iterator[bytes]:
    """Yield records without their checksums, once all have been found right."""
    by_length: dict[int, list[int]] = {}
    for i, record in enumerate(records):
        by_length.setdefault(len(record), []).append(i)
    for same in by_length.values():
        wrong = _wrong([records[i] for i in same])
        if wrong is not None:
            raise _damaged(path, places[same[wrong]])
    for record in records:
        yield record[:-4]


def _wrong(records: list[bytes]) -> int | None:
    """Return which of some records of one length, each with its checksum, is not what it was."""
    if len(records) < MANY:
        for i, record in enumerate(records):
            if _masked(castagnoli(record[:-4])) != _CHECK.unpack(record[-4:])[0]:
                return i
        return None
    table = np.frombuffer(b"".join(records), dtype=np.uint8).reshape(len(records), -1)
    found = np.full(len(records), _WORD, dtype=np.uint32)
    one = _bytes()
    for column in np.ascontiguousarray(table[:, :-4].T):
        found = one[(found ^ column) & 0xFF] ^ (found >> np.uint32(8))
    found ^= np.uint32(_WORD)
    masked = ((found >> np.uint32(15)) | (found << np.uint32(17))) + np.uint32(_MASK)
    wrong = np.flatnonzero(masked != np.ascontiguousarray(table[:, -4:]).view("<u4")[:, 0])
    return int(wrong[0]) if len(wrong) else None


@cache
def _bytes() -> np.ndarray:
    """Return what a byte does to a checksum by Castagnoli's polynomial."""
    one = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        one = np.where(one & 1, (one >> 1) ^ np.uint32(0x82F63B78), one >> 1).astype(np.uint32)
    return one


@cache
def _tables() -> list[list[int]]:
    """Return what a byte does to a checksum, and two with none, two, four and six more behind."""
    one, pair = _bytes(), np.arange(65536, dtype=np.uint32)
    first = one[pair & 0xFF] ^ (pair >> np.uint32(8))
    two = one[first & 0xFF] ^ (first >> np.uint32(8))
    found = [two]
    for _ in range(3):
        found.append(two[found[-1] & 0xFFFF] ^ (found[-1] >> np.uint32(16)))
    return [table.tolist() for table in (one, *found)]


def castagnoli(data: bytes) -> int:
    """Return the CRC-32C of some bytes (RFC 3720, appendix B.4), eight bytes a step."""
    byte, last, two, four, six = _tables()
    found, whole = _WORD, len(data) & ~7
    for (word,) in _EIGHT.iter_unpack(data[:whole]):
        word ^= found
        found = (
            six[word & 0xFFFF]
            ^ four[word >> 16 & 0xFFFF]
            ^ two[word >> 32 & 0xFFFF]
            ^ last[word >> 48]
        )
    for left in data[whole:]:
        found = byte[(found ^ left) & 0xFF] ^ found >> 8
    return found ^ _WORD


@lru_cache(10_000)
def _check_of_length(data: bytes) -> int:
    """Return the masked checksum of a length: there are few different ones."""
    return _masked(castagnoli(data))


def _masked(check: int) -> int:
    return ((check >> 15 | check << 17) + _MASK) & _WORD


def _damaged(path: Path, at: int) -> InputError:
    return InputError(
        f"{path} is damaged at byte {count(at)}: what stands there is not what was written."
        " Copy the file again from where it was written, or move its run away."
    )
