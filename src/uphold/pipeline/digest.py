"""Digests of files and of prepared data, and the modules that others reach by their imports."""

import ast
import hashlib
import importlib.util
from collections.abc import Iterable
from functools import cache
from pathlib import Path

PACKAGES = ("uphold", "studies")
"""Whose modules are followed: the framework's and the studies'."""
CARD = "card.json"
MARKER = ".written.json"
"""What prepared data hold beside the data: their card, and the list of what was written."""


def of_files(paths: Iterable[Path], root: Path) -> str:
    """Return one digest over the names (relative to `root`) and contents of files."""
    total = hashlib.sha256()
    for path in sorted(paths):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        total.update(f"{path.relative_to(root).as_posix()}\0{content}\n".encode())
    return total.hexdigest()


def of_data(folder: Path) -> str:
    """Return the digest of prepared data; their card, which no training reads, does not count."""
    described = {folder / CARD, folder / MARKER}
    files = [path for path in folder.rglob("*") if path.is_file() and path not in described]
    return of_files(files, folder)


def reached(*entries: str) -> set[str]:
    """Return the modules of this package that the entries import, directly or not, and the entries.

    Parameters
    ----------
    *entries : str
        Full module names, such as ``"studies.calls.training"``.
    """
    seen: set[str] = set()
    waiting = [name for entry in entries for name in _with_parents(entry)]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += [m for found in _imports(name) for m in _with_parents(found)]
    return seen


def _imports(name: str) -> set[str]:
    """Return the modules of this package that one module's import statements name."""
    source = _source_of(name)
    package = name if source.name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                base = importlib.util.resolve_name("." * node.level + base, package)
            found |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return {m for m in found if m.split(".")[0] in PACKAGES and _source(m) is not None}


def _with_parents(name: str) -> list[str]:
    # Importing a.b.c runs a and a.b first.
    parts = name.split(".")
    return [".".join(parts[: i + 1]) for i in range(len(parts))]


def _source_of(name: str) -> Path:
    """Return the file of a module that is there."""
    if (source := _source(name)) is None:
        raise ModuleNotFoundError(f"There is no module {name}.", name=name)
    return source


@cache
def _source(name: str) -> Path | None:
    """Return the file of a module, None where the name is no module (but a name in one)."""
    found = importlib.util.find_spec(name.partition(".")[0])
    places = (found.submodule_search_locations or ()) if found else ()
    return source_in([Path(place).parent for place in places], name)


def source_in(roots: Iterable[Path], name: str) -> Path | None:
    """Return the file of a module below one of some folders, None where there is none."""
    for root in roots:
        base = root.joinpath(*name.split("."))
        for path in (base / "__init__.py", base.with_suffix(".py")):
            if path.is_file():
                return path
    return None
