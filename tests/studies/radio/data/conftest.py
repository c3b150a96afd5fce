"""Small files in the exact formats of the published data sets, written by hand."""

import struct
from collections.abc import Mapping

import numpy as np
import pytest


@pytest.fixture(scope="session")
def python2_pickle():
    """Write {(modulation, SNR): float32 array} as Python 2's cPickle does: (arrays, protocol)."""
    return _python2_pickle


def _python2_pickle(arrays: Mapping[tuple[str, int], np.ndarray], protocol: int) -> bytes:
    return {0: _Text, 1: _First, 2: _Binary}[protocol]().dict(arrays)


class _Text:
    """Protocol 0: one line an argument; a value is put in the memo after it was made."""

    def __init__(self):
        self.next = 0
        self.names = {}

    def put(self):
        self.next += 1
        return b"p%d\n" % self.next

    def name(self, module, name):
        if name in self.names:
            return b"g%d\n" % self.names[name]
        text = b"c%s\n%s\n" % (module, name) + self.put()
        self.names[name] = self.next
        return text

    def string(self, value):
        # repr of bytes escapes as repr of Python 2's str does
        return b"S" + repr(value)[1:].encode() + b"\n" + self.put()

    def number(self, value):
        return b"I%d\n" % value

    def tuple(self, *parts):
        return b"(" + b"".join(parts) + b"t" + self.put()

    def kind(self):
        if "f4" in self.names:
            return b"g%d\n" % self.names["f4"]
        text = self.name(b"numpy", b"dtype")
        text += self.tuple(self.string(b"f4"), self.number(0), self.number(1)) + b"R" + self.put()
        self.names["f4"] = self.next
        state = [self.number(3), self.string(b"<"), b"NNN"]
        state += [self.number(-1), self.number(-1), self.number(0)]
        return text + self.tuple(*state) + b"b"

    def array(self, array):
        text = self.name(b"numpy.core.multiarray", b"_reconstruct")
        empty = [self.name(b"numpy", b"ndarray"), self.tuple(self.number(0)), self.string(b"b")]
        text += self.tuple(*empty) + b"R" + self.put()
        shape = self.tuple(*map(self.number, array.shape))
        content = self.string(array.astype("<f4").tobytes())
        state = [self.number(1), shape, self.kind(), b"I00\n", content]
        return text + self.tuple(*state) + b"b"

    def dict(self, arrays):
        text = b"(d" + self.put()
        for (name, snr), array in arrays.items():
            text += self.tuple(self.string(name.encode()), self.number(snr)) + self.array(array)
            text += b"s"
        return text + b"."


class _Binary(_Text):
    """Protocol 2: the same in binary, entries in one go, small tuples without a mark."""

    def put(self):
        self.next += 1
        return self.indexed(b"q", b"r", self.next)

    def indexed(self, short, long, index):
        return short + bytes([index]) if index < 256 else long + struct.pack("<I", index)

    def name(self, module, name):
        return self.again(super().name(module, name))

    def kind(self):
        return self.again(super().kind())

    def again(self, text):
        if not text.startswith(b"g"):
            return text
        return self.indexed(b"h", b"j", int(text[1:]))

    def string(self, value):
        size = len(value)
        head = b"U" + bytes([size]) if size < 256 else b"T" + struct.pack("<i", size)
        return head + value + self.put()

    def number(self, value):
        if 0 <= value < 256:
            return b"K" + bytes([value])
        if 0 <= value < 65536:
            return b"M" + struct.pack("<H", value)
        return b"J" + struct.pack("<i", value)

    def tuple(self, *parts):
        if len(parts) > 3:
            return super().tuple(*parts)
        return b"".join(parts) + bytes([0x84 + len(parts)]) + self.put()

    def array(self, array):
        return super().array(array).replace(b"I00\n", b"\x89", 1)

    def dict(self, arrays):
        text = b"\x80\x02}" + self.put() + b"("
        for (name, snr), array in arrays.items():
            text += self.tuple(self.string(name.encode()), self.number(snr)) + self.array(array)
        return text + b"u."


class _First(_Binary):
    """Protocol 1: the same without what 2 adds for small tuples and truth values."""

    def tuple(self, *parts):
        return _Text.tuple(self, *parts)

    def array(self, array):
        return _Text.array(self, array)

    def dict(self, arrays):
        return super().dict(arrays).removeprefix(b"\x80\x02")
