"""What a stage wrote is known by a marker, and nothing else is ever deleted or overwritten.

A folder that stages write holds ``.written.json``: the name of each thing that they put there, and
what it was (the SHA-256 of a file; a few where a process may have died between two of them). What
is not named there, or is not as it was, belongs to somebody else.

A folder is replaced as a whole (`replaced`): its successor is made beside it, the old one becomes
``.<name>.old``, the new one takes its name, and of the old one exactly the things that its marker
names are removed. A process that dies in between leaves the old folder or the new one, and the next
one mends the rest. Where files are replaced one by one (`publish_all`), other files stay.
"""

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from uphold.disk import PARTIAL, beside, discard, flush, flush_below, make_folder, publish
from uphold.errors import InputError
from uphold.pipeline import digest
from uphold.pipeline.digest import MARKER

FOLDER = "folder"
NAMED = 3
"""So many names are told of what is in the way."""
MOVE = "move it elsewhere, then run this again"


@contextmanager
def replaced(folder: Path) -> Iterator[Path]:
    """Yield an empty folder that takes the place of `folder` once the block has filled it.

    Raises
    ------
    InputError
        Where `folder` holds anything that was not written like this, before and after the block.
    """
    old = folder.with_name(f".{folder.name}.old")
    _mend(folder, old)
    _refuse(folder)
    new = folder.with_name(f".{folder.name}.{os.getpid()}.{secrets.token_hex(4)}{PARTIAL}")
    make_folder(folder.parent)
    new.mkdir()
    try:
        yield new
        _mark(new, _contents(new))
        flush_below(new)  # before it has its name: a marker that is there speaks for what is whole
        if folder.exists():
            _refuse(folder)  # again, because the block takes its time
            folder.rename(old)
        new.rename(folder)
        flush(folder.parent)
    finally:
        shutil.rmtree(new, ignore_errors=True)
    _remove(old)


def abandoned(folder: Path) -> list[Path]:
    """Return what processes that died left of successors of a folder.

    Only a part of each is there, so that nothing tells who wrote what: a person deletes it.
    """
    return sorted(folder.parent.glob(f".{folder.name}.*{PARTIAL}"))


def publish_all(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder that may hold others; `refuse_overwriting` comes first."""
    before = _written(folder)
    now = {name: [hashlib.sha256(content).hexdigest()] for name, content in files.items()}
    made = [path for path in _folders(folder, files) if not path.exists()]
    partials: dict[str, Path] = {}
    try:
        # All beside their places first: a disk that becomes full leaves what was there before.
        for name, content in files.items():
            partials[name] = beside(folder / name, content)
        # until all are in their places, each may be what it was or what it becomes
        _mark(folder, before | {name: [*before.get(name, []), *now[name]] for name in now})
        for name, partial in partials.items():
            os.replace(partial, folder / name)  # noqa: PTH105 (every step on disk goes through os)
        for inner in _folders(folder, files):
            flush(inner)
        _mark(folder, before | now)
    finally:
        for partial in partials.values():
            discard(partial)
        for path in reversed(made):
            with suppress(OSError):  # of one that holds something, as it should
                path.rmdir()


def refuse_overwriting(folder: Path, names: Iterable[str], way_out: str = MOVE) -> None:
    """Refuse to write files where there are files of these names that `publish_all` did not write.

    Parameters
    ----------
    folder : Path
    names : iterable of str
        Of files in it, as ``/``-separated paths.
    way_out : str
        What the error says to do.

    Raises
    ------
    InputError
        It names them.
    """
    names = list(names)
    written = _written(folder)
    refuse_no_folders(folder, names)
    _refuse_any(folder, [name for name in names if not _ours(folder, name, written)], way_out)


def refuse_no_folders(folder: Path, names: Iterable[str]) -> None:
    """Refuse to write files into a folder where an inner one of theirs is a file or a link.

    Raises
    ------
    InputError
        It names the first.
    """
    for path in _folders(folder, names)[1:]:
        if path.is_symlink() or (path.exists() and not path.is_dir()):
            raise InputError(f"{path} is to be a folder, and is a file or a link: move it.")


def overlap(one: Path, other: Path) -> bool:
    """Return whether two places are the same, or one lies in the other."""
    one, other = one.resolve(), other.resolve()
    return one == other or one in other.parents or other in one.parents


def _folders(folder: Path, names: Iterable[str]) -> list[Path]:
    """Return a folder and those in it that files of some names lie in, outer ones first."""
    inner = {parent for name in names for parent in PurePosixPath(name).parents}
    return sorted({folder, *(folder / parent for parent in inner)})


def _mend(folder: Path, old: Path) -> None:
    """Finish what a process that died in the middle of a replacement left."""
    if not os.path.lexists(old):
        return
    _refuse(old)
    if os.path.lexists(folder):
        _remove(old)
    else:
        old.rename(folder)


def _refuse(folder: Path) -> None:
    """Refuse a folder that holds anything that was not written by a stage, or not as it is now."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise InputError(
            f"{folder} is to be a folder of the pipeline's own, and is a file or a link: move it."
        )
    written = _written(folder)
    found = (path.relative_to(folder).as_posix() for path in sorted(folder.rglob("*")))
    _refuse_any(folder, [name for name in found if not _ours(folder, name, written)])


def _refuse_any(folder: Path, names: list[str], way_out: str = MOVE) -> None:
    if names:
        listed = ", ".join(names[:NAMED])
        listed += f" and {len(names) - NAMED} more" if names[NAMED:] else ""
        raise InputError(
            f"{folder} holds {listed}, which the pipeline did not write, or not as it is now, and "
            f"would overwrite or delete: {way_out}."
        )


def _ours(folder: Path, name: str, written: Mapping[str, list[str]]) -> bool:
    path = folder / name
    if not os.path.lexists(path):
        return True
    if name in written:
        return _content(path) in written[name]
    # what lies in such a folder speaks for itself
    return path.is_dir() and not path.is_symlink() and any(path.iterdir())


def _written(folder: Path) -> dict[str, list[str]]:
    """Return what a folder's marker names, the marker too; nothing where there is none."""
    try:
        content = (folder / MARKER).read_bytes()
        named = {name: list(was) for name, was in json.loads(content).items()}
    except FileNotFoundError:
        return _carded(folder)
    except (OSError, ValueError, TypeError, AttributeError):
        return {}
    return named | {MARKER: [hashlib.sha256(content).hexdigest()]}


def _carded(folder: Path) -> dict[str, list[str]]:
    """Return all that is in a folder of prepared data from before there were markers.

    Its card gives the digest of all the rest, so that nothing else can be there.
    """
    try:
        recorded = json.loads((folder / digest.CARD).read_text("utf-8"))["digest"]
    except (OSError, ValueError, TypeError, KeyError):
        return {}
    contents = _contents(folder)
    empty = [p for p in folder.rglob("*") if p.is_dir() and not any(p.iterdir())]
    return contents if recorded == digest.of_data(folder) and not empty else {}


def _mark(folder: Path, named: Mapping[str, list[str]]) -> None:
    named = {name: named[name] for name in sorted(named) if name != MARKER}
    publish(folder / MARKER, (json.dumps(named, indent=1, ensure_ascii=False) + "\n").encode())


def _contents(folder: Path) -> dict[str, list[str]]:
    return {
        path.relative_to(folder).as_posix(): [_content(path)]
        for path in sorted(folder.rglob("*"))
        if path != folder / MARKER
    }


def _content(path: Path) -> str:
    if path.is_symlink():
        return f"link to {path.readlink()}"
    if path.is_dir():
        return FOLDER
    if not path.is_file():
        return "neither file nor folder"  # a pipe, say: reading it might never end
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _remove(folder: Path) -> None:
    """Remove a folder that holds what its marker names and nothing else; the marker goes last."""
    if not folder.exists():
        return
    _refuse(folder)
    written = _written(folder)
    for path in sorted(folder.rglob("*"), reverse=True):  # what is in a folder before the folder
        if path.relative_to(folder).as_posix() not in written or path == folder / MARKER:
            continue
        if path.is_symlink() or not path.is_dir():
            path.unlink()
        elif not any(path.iterdir()):
            path.rmdir()
    if {path.name for path in folder.iterdir()} <= {MARKER}:
        flush(folder)  # what a loss of power brings back is then named by the marker
        (folder / MARKER).unlink(missing_ok=True)
        folder.rmdir()
    else:  # something has come into it meanwhile
        _refuse(folder)
