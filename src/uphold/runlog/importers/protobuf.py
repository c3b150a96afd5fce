"""Bytes of a message in protocol buffers' wire format → its fields.

The format is https://protobuf.dev/programming-guides/encoding/. Promised: a length is checked
against the bytes that are left before anything is taken, and what is no message is `Malformed`.
The types of fields are not in the bytes: who reads a message knows them, and asks by `text` and
the others, which refuse a value that cannot be that.
"""

import struct
from collections.abc import Iterator

VARINT, FIXED64, NESTED, FIXED32 = 0, 1, 2, 5
LONGEST_VARINT = 10


class Malformed(ValueError):
    """Bytes that are no message, or a field of another type."""


def fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Yield the fields of a message: each one's number, and an integer or the bytes of all else.

    Parameters
    ----------
    message : bytes

    Raises
    ------
    Malformed
        The bytes are no message.
    """
    at, end = 0, len(message)
    try:
        while at < end:
            tag = message[at]
            at += 1
            if tag > 127:
                tag, at = varint(message, at - 1)
            kind = tag & 7
            if kind == VARINT:
                value, at = varint(message, at)
                yield tag >> 3, value
                continue
            if kind == NESTED:
                size = message[at]
                at += 1
                if size > 127:
                    size, at = varint(message, at - 1)
            elif kind == FIXED32:
                size = 4
            elif kind == FIXED64:
                size = 8
            else:
                raise Malformed(f"a field of the unknown wire type {kind}")
            if size > end - at:
                raise Malformed(f"a field of {size} bytes where {end - at} are left")
            yield tag >> 3, message[at : at + size]
            at += size
    except IndexError:
        raise Malformed("a message that ends within a field") from None


def varint(message: bytes, at: int) -> tuple[int, int]:
    """Return the integer that begins at a byte, and where it ends.

    Raises
    ------
    Malformed
        It has no end.
    """
    value = shift = 0
    for byte in message[at : at + LONGEST_VARINT]:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at + shift // 7
    raise Malformed("an integer without an end")


def nested(value: int | bytes) -> bytes:
    """Return the bytes of a message, a text or a packed list."""
    if isinstance(value, int):
        raise Malformed("an integer where a message belongs")
    return value


def text(value: int | bytes) -> str:
    """Return a text."""
    return nested(value).decode("utf-8")


def integer(value: int | bytes) -> int:
    """Return a signed integer."""
    if not isinstance(value, int):
        raise Malformed("a message where an integer belongs")
    value &= (1 << 64) - 1
    return value - (1 << 64) if value >> 63 else value


def double(value: int | bytes) -> float:
    """Return a number of eight bytes."""
    return _number("<d", value)


def single(value: int | bytes) -> float:
    """Return a number of four bytes."""
    return _number("<f", value)


def _number(form: str, value: int | bytes) -> float:
    given = nested(value)
    if len(given) != struct.calcsize(form):
        raise Malformed(f"a number of {len(given)} bytes")
    return float(struct.unpack(form, given)[0])
