"""The one pickle that this project reads, without the machine that runs pickles.

In: a file in the format of ``RML2016.10a_dict.pkl`` and ``RML2016.10b.dat``, which Python 2 wrote:
a dict that maps (modulation, SNR) to a float32 array, under protocol 0, 1 or 2; or the same dict as
Python 3 saves it under protocols 0 to 4. Out: that dict.

A pickle is a program, and Python's `pickle` runs it. Here the stream is read by a small machine of
its own, which knows the instructions that such a file is made of and no others. The names that the
file refers to (`_Name`) stay names: nothing is imported and nothing is called. What follows them
must be just what numpy writes for a little-endian float32 array.

Promised: whatever the file contains, nothing is run, and no more memory is taken than a few times
the size of the file.
"""

import pickletools
import re
import struct
from enum import Enum
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from uphold.errors import InputError

LONGEST = 2**26
"""Bytes that one value may have."""

NAMES = {operation.code.encode("latin-1"): operation.name for operation in pickletools.opcodes}
"""The instructions' names. Their arguments are read here: pickletools takes numbers such as 1_0,
texts of any length, and of the texts that Python 2 wrote only those in ASCII."""

# What Python 2 writes between quotes. Possessive, so that no text takes long to refuse.
ESCAPED = re.compile(rb"(?:[^\\]++|\\(?:[\\'\"nrt]|x[0-9a-f]{2}))*+")

Arrays = dict[tuple[str, int], NDArray[np.float32]]


# How files of another kind begin, what they are, and what to do.
UNPACK = "unpack it there"
AGAIN = "get the file again from its publisher"
BEGINNINGS = {
    b"\x1f\x8b": ("a gzip archive", UNPACK),
    b"BZh": ("a bzip2 archive", UNPACK),
    b"\xfd7zXZ": ("an xz archive", UNPACK),
    b"7z\xbc\xaf": ("a 7z archive", UNPACK),
    b"PK\x03\x04": ("a ZIP archive or an npz file", UNPACK),
    b"\x89HDF": ("an HDF5 file", "set source: radioml2018, if it is RML2018.01A"),
    b"<": ("a web page", AGAIN),
    b"version https://git-lfs": ("a pointer of Git LFS", "get its content by git lfs pull"),
}
LAYOUT = (
    "save {(modulation, SNR): array}, of text, int and float32 in shape (frames, 2, samples), by "
    "pickle.dump(arrays, file, protocol=4)"
)

MOVED = {b"numpy._core.multiarray": b"numpy.core.multiarray"}
"""What numpy 2 calls the module that the genuine file names."""


class Refused(Exception):
    """The stream holds something else; the message continues "… at byte n"."""


class _Name(Enum):
    """A name that the stream refers to: module and object."""

    RECONSTRUCT = b"numpy.core.multiarray", b"_reconstruct"
    ARRAY = b"numpy", b"ndarray"
    TYPE = b"numpy", b"dtype"
    BYTES = b"_codecs", b"encode"
    """Python 3 writes bytes as a text and this name where the protocol, 0 to 2, has no bytes."""


class _Array:
    """An array whose content comes later in the stream."""

    values: NDArray[np.float32] | None = None


class _Type:
    """The array's type, float32; its byte order comes later in the stream."""

    complete = False


NEW_ARRAY = (_Name.ARRAY, (0,), "b")
NEW_TYPE = ("f4", 0, 1)
FORM = [int, tuple, _Type, bool, str]
LITTLE_ENDIAN = (3, "<", None, None, None, -1, -1, 0)


def read(path: Path) -> Arrays:
    """Return the arrays of a file.

    Raises
    ------
    InputError
        Where there is anything in it that the genuine file has not. The message says what the file
        is, or at which byte it differs.
    """
    with path.open("rb") as file:
        _refuse_others(file.read(64), path)
        file.seek(0)
        machine = _Machine(file)
        try:
            return machine.result()
        except Refused as refusal:
            raise InputError(
                f"{path} is not a pickle of RML2016.10: {refusal} at byte {file.tell()}. Nothing "
                f"in it was run. {AGAIN.capitalize()}; if you saved it yourself, {LAYOUT}."
            ) from None


def _refuse_others(start: bytes, path: Path) -> None:
    """Refuse what is plainly a file of another kind, and say of which."""
    if not start:
        raise InputError(f"{path} is empty, not a pickle of RML2016.10: {AGAIN}.")
    for beginning, (kind, way_out) in BEGINNINGS.items():
        if start.lstrip(b"\xef\xbb\xbf\r\n\t ").startswith(beginning):
            raise InputError(f"{path} is {kind}, not a pickle of RML2016.10: {way_out}.")


class _Machine:
    """A stack, its marks, and a memo of values that are used again."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}

    def result(self) -> Arrays:
        while (code := self.take(1)) != b".":
            self.step(code)
        if len(self.stack) != 1 or type(self.stack[0]) is not dict or self.marks:
            raise Refused("something else than one dict")
        if self.file.read(1):
            raise Refused("something after the end of the pickle")
        return {key: array.values for key, array in self.stack[0].items()}

    def step(self, code: bytes) -> None:
        match NAMES.get(code):
            case "PROTO":
                if (protocol := self.number("<B")) > 4:
                    raise Refused(f"protocol {protocol}, of which 0 to 4 are read,")
            case "FRAME":
                self.number("<Q")
            case "MARK":
                self.marks.append(len(self.stack))
            case "NONE":
                self.stack.append(None)
            case "INT":
                line = self.line()
                self.stack.append({b"00": False, b"01": True}.get(line, _whole(line)))
            case "LONG":
                self.stack.append(_whole(self.line().removesuffix(b"L")))
            case "BININT":
                self.stack.append(self.number("<i"))
            case "BININT1":
                self.stack.append(self.number("<B"))
            case "BININT2":
                self.stack.append(self.number("<H"))
            case "NEWTRUE":
                self.stack.append(True)
            case "NEWFALSE":
                self.stack.append(False)
            case "STRING":
                self.stack.append(_unquoted(self.line()))
            case "SHORT_BINSTRING":
                self.stack.append(self.take(self.number("<B")).decode("latin-1"))
            case "BINSTRING":
                self.stack.append(self.take(self.number("<i")).decode("latin-1"))
            # Bytes of Python 3 are the texts of Python 2.
            case "SHORT_BINBYTES":
                self.stack.append(self.take(self.number("<B")).decode("latin-1"))
            case "BINBYTES":
                self.stack.append(self.take(self.number("<I")).decode("latin-1"))
            case "SHORT_BINUNICODE":
                self.stack.append(self.text(self.number("<B")))
            case "BINUNICODE":
                self.stack.append(self.text(self.number("<I")))
            case "UNICODE":
                self.stack.append(_unescaped(self.line()))
            case "FLOAT" | "BINFLOAT":
                raise Refused("a number with a fraction")
            case "EMPTY_TUPLE":
                self.stack.append(())
            case "TUPLE1":
                self.stack.append(tuple(self.popped(1)))
            case "TUPLE2":
                self.stack.append(tuple(self.popped(2)))
            case "TUPLE3":
                self.stack.append(tuple(self.popped(3)))
            case "TUPLE":
                self.stack.append(tuple(self.marked()))
            case "EMPTY_DICT":
                self.stack.append({})
            case "DICT":
                pairs = self.marked()
                self.stack.append({})
                self.fill(pairs)
            case "SETITEM":
                self.fill(self.popped(2))
            case "SETITEMS":
                self.fill(self.marked())
            case "PUT":
                self.memo[_whole(self.line())] = self.top()
            case "BINPUT":
                self.memo[self.number("<B")] = self.top()
            case "LONG_BINPUT":
                self.memo[self.number("<I")] = self.top()
            case "MEMOIZE":
                self.memo[len(self.memo)] = self.top()
            case "GET":
                self.recall(_whole(self.line()))
            case "BINGET":
                self.recall(self.number("<B"))
            case "LONG_BINGET":
                self.recall(self.number("<I"))
            case "GLOBAL":
                self.stack.append(_name(self.line(), self.line()))
            case "STACK_GLOBAL":
                parts = self.popped(2)
                if [type(part) for part in parts] != [str, str]:
                    raise Refused("a name that is no text")
                self.stack.append(_name(*(part.encode() for part in parts)))
            case "REDUCE":
                self.stack.append(_new(*self.popped(2)))
            case "BUILD":
                (state,) = self.popped(1)
                _complete(self.top(), state)
            case _:
                raise Refused(f"the instruction {code!r}")

    def take(self, size: int) -> bytes:
        if not 0 <= size <= LONGEST:
            raise Refused("a value of impossible length")
        data = self.file.read(size)
        if len(data) < size:
            raise Refused("the end of a file that was cut short")
        return data

    def line(self) -> bytes:
        data = self.file.readline(LONGEST)
        if not data.endswith(b"\n"):
            raise Refused("a line without end, of a file that was cut short,")
        return data[:-1]

    def number(self, form: str) -> int:
        return struct.unpack(form, self.take(struct.calcsize(form)))[0]

    def recall(self, index: int) -> None:
        if index not in self.memo:
            raise Refused("a value that is not there")
        self.stack.append(self.memo[index])

    def text(self, size: int) -> str:
        try:
            return self.take(size).decode()
        except UnicodeDecodeError:
            raise Refused("a text in another form") from None

    def top(self) -> Any:
        self.need(1)
        return self.stack[-1]

    def popped(self, count: int) -> list[Any]:
        self.need(count)
        values = self.stack[-count:]
        del self.stack[-count:]
        return values

    def need(self, count: int) -> None:
        # A value below the last mark belongs to what is still open.
        if len(self.stack) - (self.marks[-1] if self.marks else 0) < count:
            raise Refused("an instruction without its values")

    def marked(self) -> list[Any]:
        if not self.marks:
            raise Refused("an end without a beginning")
        start = self.marks.pop()
        values = self.stack[start:]
        del self.stack[start:]
        return values

    def fill(self, pairs: list[Any]) -> None:
        target = self.top()
        if type(target) is not dict or len(pairs) % 2:
            raise Refused("entries without a dict")
        for key, value in zip(pairs[::2], pairs[1::2], strict=True):
            # Looked at before it is hashed: hashing can be made to take for ever.
            if type(key) is not tuple or [type(part) for part in key] != [str, int]:
                raise Refused("a key other than (modulation, SNR)")
            if type(value) is not _Array or value.values is None:
                raise Refused("a value other than an array")
            if key in target:
                raise Refused(f"the key {str(key)[:80]} for the second time")
            target[key] = value


def _name(module: bytes, name: bytes) -> _Name:
    if MOVED.get(module, module) == _Name.RECONSTRUCT.value[0] and name == b"scalar":
        raise Refused("a number of numpy's instead of Python's")
    try:
        return _Name((MOVED.get(module, module), name))
    except ValueError:
        raise Refused(f"the name {b' '.join((module, name))[:80]!r}") from None


def _new(name: Any, arguments: Any) -> _Array | _Type | str:
    if name is _Name.RECONSTRUCT and arguments == NEW_ARRAY:
        return _Array()
    if name is _Name.TYPE and arguments == NEW_TYPE:
        return _Type()
    if type(arguments) is not tuple or not arguments or type(arguments[0]) is not str:
        raise Refused("a call")
    if name is _Name.TYPE:
        raise Refused(f"an array of type {arguments[0][:8]!r} instead of 'f4'")
    if name is _Name.BYTES and arguments[1:] == ("latin1",):
        return arguments[0]
    raise Refused("a call")


def _complete(target: Any, state: Any) -> None:
    if type(target) is _Type:
        if state != LITTLE_ENDIAN:
            raise Refused("an array in another byte order")
        target.complete = True
    elif type(target) is _Array and target.values is None:
        target.values = _values(state)
    else:
        raise Refused("a state for something else than an array")


def _values(state: Any) -> NDArray[np.float32]:
    """Return the array of a state (version, shape, type, whether in Fortran's order, content)."""
    if type(state) is not tuple or [type(part) for part in state] != FORM:
        raise Refused("an array in another form")
    version, shape, kind, fortran, content = state
    if version != 1 or not kind.complete:
        raise Refused("an array in another form")
    if fortran:
        raise Refused("an array in another order of its values (make it one by ascontiguousarray)")
    if not all(type(n) is int and 0 < n <= LONGEST for n in shape):
        raise Refused("an array of another shape")
    if len(shape) != 3:
        raise Refused(f"an array of shape {shape[:5]}")
    if shape[0] * shape[1] * shape[2] * 4 != len(content):
        raise Refused("an array whose content does not fill its shape")
    try:
        return np.frombuffer(content.encode("latin-1"), dtype="<f4").reshape(shape)
    except UnicodeEncodeError:
        raise Refused("an array in another form") from None


def _whole(line: bytes) -> int:
    if not line.removeprefix(b"-").isdigit() or len(line) > 20:
        raise Refused("a number in another form")
    return int(line)


def _unescaped(line: bytes) -> str:
    try:
        return line.decode("raw_unicode_escape")
    except UnicodeDecodeError:
        raise Refused("a text in another form") from None


def _unquoted(line: bytes) -> str:
    inner = line[1:-1]
    if len(line) < 2 or line[:1] not in (b"'", b'"') or line[-1:] != line[:1]:
        raise Refused("a text without quotes")
    if not ESCAPED.fullmatch(inner):
        raise Refused("a text in another form")
    return inner.decode("unicode_escape")
