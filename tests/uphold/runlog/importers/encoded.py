"""Messages and framed records made by hand, for what no tracker writes when it is well."""

import struct
import zlib

from uphold.runlog.importers.framing import BLOCK, castagnoli

FULL, FIRST, MIDDLE, LAST = 1, 2, 3, 4


def varint(value: int) -> bytes:
    """Return an integer in seven bits a byte."""
    written = bytearray()
    while value > 127:
        written.append(value & 127 | 128)
        value >>= 7
    return bytes([*written, value])


def message(*fields: tuple[int, int | float | str | bytes]) -> bytes:
    """Return a message: integers as such, floats in eight bytes, all else with its length."""
    written = b""
    for number, value in fields:
        if isinstance(value, int):
            written += varint(number << 3) + varint(value)
        elif isinstance(value, float):
            written += varint(number << 3 | 1) + struct.pack("<d", value)
        else:
            data = value.encode() if isinstance(value, str) else value
            written += varint(number << 3 | 2) + varint(len(data)) + data
    return written


def leveldb(records: list[bytes], header: bytes) -> bytes:
    """Return a log as W&B frames it."""
    log = bytearray(header)
    for record in records:
        first = True
        while first or record:
            left = BLOCK - len(log) % BLOCK
            if left < 7:
                log += bytes(left)
                left = BLOCK
            part, record = record[: left - 7], record[left - 7 :]
            kind = (FULL if first else LAST) if not record else (FIRST if first else MIDDLE)
            check = zlib.crc32(part, zlib.crc32(bytes([kind])))
            log += struct.pack("<IHB", check, len(part), kind) + part
            first = False
    return bytes(log)


def tfrecord(record: bytes) -> bytes:
    """Return a record as TensorBoard frames it."""
    length = struct.pack("<Q", len(record))
    return length + checked(length) + record + checked(record)


def checked(data: bytes) -> bytes:
    """Return a masked checksum."""
    check = castagnoli(data)
    return struct.pack("<I", ((check >> 15 | check << 17) + 0xA282EAD8) & 0xFFFFFFFF)
