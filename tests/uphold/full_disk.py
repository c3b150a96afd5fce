"""A disk on which there is no room for one file: the system's error, which names none."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def told_of(name: str) -> Iterator[None]:
    """Have the disk full for files of a name, and the error of it name such a file."""

    def full(path: Path, real, *given, **named) -> int:
        if path.name == name:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(path, *given, **named)

    text, content = Path.write_text, Path.write_bytes
    with pytest.MonkeyPatch.context() as patch, pytest.raises(OSError) as refused:
        patch.setattr(Path, "write_text", lambda path, *a, **b: full(path, text, *a, **b))
        patch.setattr(Path, "write_bytes", lambda path, *a, **b: full(path, content, *a, **b))
        yield
    assert refused.value.errno == errno.ENOSPC
    assert Path(refused.value.filename or "").name == name
