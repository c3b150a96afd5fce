"""A page says of itself that it was written here, and nothing else is ever overwritten.

In: the bytes of an HTML file or of a PDF. Out: the same with a last line, a comment to whatever
shows them, that holds the digest of all before it. A file without this line, or with one that is
not about its content, belongs to somebody else. A marker beside pages would not do: DVC brings
them back from its cache as they were at another time or on another machine, ours all the same.
"""

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from uphold.errors import InputError

SAYS = "uphold wrote what stands above, SHA-256"
_COMMENT = {"html": ("<!-- ", " -->\n"), "pdf": ("% ", "\n")}
"""What stands around it in the last line, by the ending of a file's name."""


def signed(content: bytes, ending: str) -> bytes:
    """Return what is to be written, with its last line."""
    whole = content if content.endswith(b"\n") else content + b"\n"
    return whole + _line(whole, ending)


def ours(path: Path) -> bool:
    """Return whether a file was written here and is as it was."""
    if path.is_symlink() or not path.is_file():
        return False
    content, ending = path.read_bytes(), path.suffix.removeprefix(".")
    length = len(_line(b"", ending))
    return content[-length:] == _line(content[:-length], ending)


def refuse_others(paths: Iterable[Path]) -> None:
    """Refuse to write pages of one folder where there are files that were not written here.

    Raises
    ------
    InputError
        It names them.
    """
    there = [path for path in paths if os.path.lexists(path) and not ours(path)]
    if there:
        named, them = ", ".join(path.name for path in there), "them" if there[1:] else "it"
        raise InputError(
            f"{there[0].parent} holds {named}, which uphold did not write, or not as now, and would"
            f" overwrite: move {them} elsewhere, then run this again."
        )


def _line(content: bytes, ending: str) -> bytes:
    begins, ends = _COMMENT[ending]
    return f"{begins}{SAYS} {hashlib.sha256(content).hexdigest()}{ends}".encode()
