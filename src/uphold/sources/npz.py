"""Guarded reading of an ``.npz`` file: the arrays that were asked for, and nothing else.

In: a path and the names of arrays. Out: the arrays. Promised: nothing is unpickled; no memory is
taken that the checked headers do not account for; a file with a name twice, with bytes that belong
to no array or, unless the caller allows it, with other members is refused, since nobody meant to
put them there.

The layout of a zip archive is that of PKWARE's APPNOTE, sections 4.3.7 and 4.3.9; of ``.npy``,
NEP 1.
"""

import math
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from uphold.errors import InputError

LARGEST = 2**31
"""Bytes that all arrays together may take, unless the caller allows more."""

LOCAL_HEADER = 30
DESCRIPTOR = 24  # at most, where sizes follow the data (bit 3 of a member's flags)
FIX = "Save it again with np.savez_compressed."


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
            headers = {name: _header(archive, member, path) for name, member in members.items()}
            total = sum(size for *_, size in headers.values())
            if total > largest:
                raise InputError(
                    f"{path}: its arrays would take {total:,} bytes; at most {largest:,} are read."
                )
            return {name: _array(archive, members[name], *headers[name]) for name in members}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
        raise InputError(f"{path} cannot be read as an .npz file: {error}. {FIX}") from error


def _members(
    archive: zipfile.ZipFile,
    path: Path,
    required: Sequence[str],
    optional: Sequence[str],
    others: bool,
) -> dict[str, zipfile.ZipInfo]:
    wanted = {f"{name}.npy": name for name in (*required, *optional)}
    given = [member.filename for member in archive.infolist()]
    lacking = [f"the array {name!r} is missing" for name in required if f"{name}.npy" not in given]
    if lacking:
        raise InputError(f"{path}: {'; '.join(lacking)}. {FIX}")
    twice = sorted({file for file in given if given.count(file) > 1})
    if twice:
        raise InputError(f"{path} holds {', '.join(map(repr, twice))} more than once. {FIX}")
    more = sorted(set(given) - set(wanted))
    if more and not others:
        raise InputError(
            f"{path} holds {', '.join(map(repr, more))} beside "
            f"{' and '.join(map(repr, wanted.values()))}. {FIX}"
        )
    members = {member.filename: member for member in archive.infolist()}
    return {name: members[file] for file, name in wanted.items() if file in members}


def _refuse_hidden(archive: zipfile.ZipFile, path: Path) -> None:
    """Refuse bytes before, between and after the members."""
    end = 0
    for member in sorted(archive.infolist(), key=lambda member: member.header_offset):
        if not 0 <= member.header_offset - end <= (DESCRIPTOR if end else 0):
            break
        with path.open("rb") as file:
            file.seek(member.header_offset + 26)
            name, extra = struct.unpack("<HH", file.read(4))
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
    with archive.open(member) as file:
        try:
            version = np.lib.format.read_magic(file)
            readers = {(1, 0): np.lib.format.read_array_header_1_0}
            readers[2, 0] = np.lib.format.read_array_header_2_0
            shape, columns_first, dtype = readers[version](file)
        except (ValueError, KeyError) as error:
            raise InputError(f"{path}: {member.filename} is no array: {error}. {FIX}") from error
        start = file.tell()
    if dtype.hasobject:
        name = member.filename.removesuffix(".npy")
        raise InputError(
            f"{path}: {member.filename} holds Python objects, which are not loaded because loading "
            "them can run any code. If you trust the file, save it again as plain arrays: old = "
            "dict(np.load(path, allow_pickle=True)); "
            f"old[{name!r}] = np.array(old[{name!r}].tolist()); np.savez_compressed(path, **old)"
        )
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
    with archive.open(member) as file:
        content = file.read(member.file_size)
    return np.frombuffer(content[-size:] if size else b"", dtype).reshape(
        shape, order="F" if columns_first else "C"
    )
