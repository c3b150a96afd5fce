"""Guarded reading of an ``.npz`` file: the arrays that were asked for, and nothing else.

In: a path and the names of arrays. Out: the arrays. Promised: nothing is unpickled; no memory is
taken that the checked headers and the file's own size do not account for (`unpacked`); whatever
is wrong with the file is one error; and a file with a name twice, with bytes that belong
to no array or, unless the caller allows it, with other members is refused, since nobody meant to
put them there.

The layout of a zip archive is that of PKWARE's APPNOTE, sections 4.3.7 and 4.3.9; of ``.npy``,
NEP 1.
"""

import math
import tokenize
import zipfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uphold.errors import InputError
from uphold.sources import unpacked

LARGEST = 2**31
"""Bytes that all arrays together may take, unless the caller allows more."""

MOST_MEMBERS = 1_000
MOST_NAMED = 5
PIECE = 2**24
"""Bytes that are unpacked at once."""
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""How numpy packs."""
KINDS = "biufcSU"
"""Truth values, numbers and text, by the letters of numpy's types."""
NO_HEADER = (
    *(ValueError, KeyError, TypeError, SyntaxError, tokenize.TokenError),
    *(RecursionError, MemoryError, EOFError),
)
"""What numpy raises of a header, which is Python's source and read by Python's parser."""
LAST_LETTER, SURROGATES = 0x10FFFF, (0xD800, 0xDFFF)
LOCAL_HEADER = 30
DESCRIPTOR = 24  # at most, where sizes follow the data (bit 3 of a member's flags)
FIX = "Save it again with np.savez_compressed."
PLAINLY = "save it without compression, by np.savez"


def read(
    path: Path,
    required: Sequence[str],
    optional: Sequence[str] = (),
    *,
    others: bool = False,
    largest: int = LARGEST,
) -> dict[str, NDArray[Any]]:
    """Read arrays of a file.

    Parameters
    ----------
    path : Path
    required, optional : sequence of str
        Names of arrays; what is optional and not there is left out.
    others : bool
        Whether the file may hold other members, which are not read.
    largest : int
        Bytes that the arrays may take together.

    Raises
    ------
    InputError
        Where the file is not there or not what it should be; the message says how to mend it.
    """
    if not path.is_file():
        raise InputError(f"There is no file {path} (studies.<study>.path in params.yaml).")
    try:
        with zipfile.ZipFile(path) as archive:
            members = _members(archive, path, required, optional, others)
            _refuse_hidden(archive, path)
            # Before the headers, which can be as long as anything else.
            size = sum(member.file_size for member in members.values())
            unpacked.refuse_larger(path, size, PLAINLY)
            headers = {name: _header(archive, member, path) for name, member in members.items()}
            total = sum(size for *_, size in headers.values())
            if total > largest:
                raise InputError(
                    f"{path}: its arrays would take {total:,} bytes; at most {largest:,} are read."
                )
            return {name: _array(archive, members[name], *headers[name]) for name in members}
    except InputError:
        raise
    # zipfile and the decoders below it raise a dozen kinds of error on damage, some undocumented.
    except Exception as error:
        said = str(error).rstrip(".") or type(error).__name__
        raise InputError(f"{path} cannot be read as an .npz file: {said}. {FIX}") from error


def _members(
    archive: zipfile.ZipFile,
    path: Path,
    required: Sequence[str],
    optional: Sequence[str],
    others: bool,
) -> dict[str, zipfile.ZipInfo]:
    wanted = {f"{name}.npy": name for name in (*required, *optional)}
    given = [member.filename for member in archive.infolist()]
    if len(given) > MOST_MEMBERS:
        raise InputError(f"{path} holds {len(given):,} members, and arrays are few. {FIX}")
    lacking = [f"the array {name!r} is missing" for name in required if f"{name}.npy" not in given]
    if lacking:
        raise InputError(f"{path}: {'; '.join(lacking)}. {FIX}")
    twice = sorted(file for file, count in Counter(given).items() if count > 1)
    if twice:
        raise InputError(f"{path} holds {_named(twice)} more than once. {FIX}")
    more = sorted(set(given) - set(wanted))
    if more and not others:
        raise InputError(
            f"{path} holds {_named(more)} beside {' and '.join(map(repr, wanted.values()))}. {FIX}"
        )
    members = {member.filename: member for member in archive.infolist()}
    return {name: members[file] for file, name in wanted.items() if file in members}


def _named(files: list[str]) -> str:
    rest = len(files) - MOST_NAMED
    return ", ".join(map(repr, files[:MOST_NAMED])) + (f" and {rest:,} more" if rest > 0 else "")


def _refuse_hidden(archive: zipfile.ZipFile, path: Path) -> None:
    """Refuse bytes before, between and after the members."""
    end = 0
    for member in sorted(archive.infolist(), key=lambda member: member.header_offset):
        if not 0 <= member.header_offset - end <= (DESCRIPTOR if end else 0):
            break
        with path.open("rb") as file:
            file.seek(member.header_offset + 26)
            name, extra = (int.from_bytes(file.read(2), "little") for _ in range(2))
        end = member.header_offset + LOCAL_HEADER + name + extra + member.compress_size
    else:
        if 0 <= archive.start_dir - end <= DESCRIPTOR and not archive.comment:
            return
    raise InputError(f"{path} holds bytes that belong to no array. {FIX}")


def _header(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path
) -> tuple[tuple[int, ...], bool, np.dtype, int]:
    """Return an array's shape, whether columns come first, its type and its size in bytes.

    Nothing of the array itself is read.
    """
    if member.flag_bits & 1:
        raise InputError(f"{path}: {member.filename} is encrypted. {FIX}")
    if member.compress_type not in METHODS:
        raise InputError(f"{path}: {member.filename} is packed as numpy packs nothing. {FIX}")
    with archive.open(member) as file:
        try:
            version = np.lib.format.read_magic(file)
            readers = {(1, 0): np.lib.format.read_array_header_1_0}
            readers[2, 0] = np.lib.format.read_array_header_2_0
            shape, columns_first, dtype = readers[version](file)
        except NO_HEADER as error:
            said = str(error).rstrip(".") or type(error).__name__
            raise InputError(f"{path}: {member.filename} is no array: {said}. {FIX}") from error
        start = file.tell()
    if dtype.hasobject:
        name = member.filename.removesuffix(".npy")
        raise InputError(
            f"{path}: {member.filename} holds Python objects, which are not loaded because loading "
            "them can run any code. If you trust the file, save it again as plain arrays: old = "
            "dict(np.load(path, allow_pickle=True)); "
            f"old[{name!r}] = np.array(old[{name!r}].tolist()); np.savez_compressed(path, **old)"
        )
    if dtype.kind not in KINDS or (not dtype.itemsize and dtype.kind not in "SU"):
        raise InputError(f"{path}: {member.filename} holds {dtype}, no numbers or text. {FIX}")
    if not all(type(length) is int and length >= 0 for length in shape):
        raise InputError(f"{path}: {member.filename} has the shape {shape}. {FIX}")
    size = math.prod(shape) * dtype.itemsize
    if start + size != member.file_size:
        raise InputError(
            f"{path}: {member.filename} should have {start + size:,} bytes by its own header and "
            f"has {member.file_size:,}. {FIX}"
        )
    return shape, columns_first, dtype, size


def _array(
    archive: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    shape: tuple[int, ...],
    columns_first: bool,
    dtype: np.dtype,
    size: int,
) -> NDArray[Any]:
    array = np.empty(math.prod(shape), dtype)
    with archive.open(member) as file:
        file.read(member.file_size - size)
        if size:
            rest = array.view(np.uint8)
            while len(rest):
                piece = file.read(min(len(rest), PIECE))
                if not piece:
                    raise EOFError(f"{member.filename} ends before it should")
                rest[: len(piece)] = np.frombuffer(piece, np.uint8)
                rest = rest[len(piece) :]
    if dtype.kind == "U":
        _refuse_no_letters(array, member.filename)
    return array.reshape(shape, order="F" if columns_first else "C")


def _refuse_no_letters(array: NDArray[Any], name: str) -> None:
    """Raise where a number stands for no letter: Python fails on it wherever it meets it."""
    letters = array.astype(array.dtype.newbyteorder("=")).view(np.uint32)
    first, last = SURROGATES
    if ((letters > LAST_LETTER) | ((first <= letters) & (letters <= last))).any():
        raise ValueError(f"{name} holds text that is no Unicode")
