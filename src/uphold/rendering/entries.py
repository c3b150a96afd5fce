"""YAML mappings whose keys know the line they stand on.

In: the YAML text of a front matter, of a cell's options or of ``_quarto.yml``, and the line in the
document on which it begins. Out: key to `Entry`. A key given twice, or a text that is not a
mapping with plain names, is refused; so is a key or a type that the caller's table does not list.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from uphold.errors import InputError, nearest
from uphold.validation import UNMADE


@dataclass(frozen=True)
class Entry:
    """A value, of whatever kind `check` lets pass, and the line of its key."""

    value: Any
    line: int


def read(text: str, path: Path, first: int = 1) -> dict[str, Entry]:
    """Return the entries of a YAML mapping.

    Parameters
    ----------
    text : str
        The YAML, without the fences or comment marks around it.
    path : Path
        The document, for messages.
    first : int
        The line of the document on which `text` begins.

    Raises
    ------
    InputError
        When the text is not YAML, not a mapping, or gives a key twice.
    """
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        values = yaml.safe_load(text)
    except (yaml.YAMLError, *UNMADE) as error:
        mark = getattr(error, "problem_mark", None)
        line = first + (mark.line if mark else 0)
        problem = getattr(error, "problem", None) or error
        raise InputError(f"{path}:{line}: this is not YAML: {problem}.") from None
    if node is None:
        return {}
    if not isinstance(node, yaml.MappingNode):
        raise InputError(f"{path}:{first}: expected lines of the form 'key: value'.")
    lines: dict[str, int] = {}
    for key, line in _keys(node, first):
        if key in lines:
            raise InputError(f"{path}:{line}: {key!r} is already given on line {lines[key]}.")
        lines[key] = line
    return {str(key): Entry(value, lines[str(key)]) for key, value in values.items()}


def check(
    entries: Mapping[str, Entry],
    known: Mapping[str, type | tuple[type, ...]],
    path: Path,
    kind: str,
) -> None:
    """Refuse a key that `known` does not list and a value that is not of the listed type."""
    for name, entry in entries.items():
        if name not in known:
            raise InputError(f"{path}:{entry.line}: unknown {kind} {name!r}.{nearest(name, known)}")
        # bool is a subclass of int, and `toc-depth: true` is a slip
        wrong_bool = isinstance(entry.value, bool) and known[name] is int
        if wrong_bool or not isinstance(entry.value, known[name]):
            listed = known[name]
            types = (listed,) if isinstance(listed, type) else listed
            wanted = " or ".join(_PLAIN[each] for each in types)
            raise InputError(
                f"{path}:{entry.line}: {kind} {name!r} must be {wanted}, not {entry.value!r}."
            )


_PLAIN = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    list: "a list",
    dict: "a mapping",
    date: "a date",
}


def _keys(node: yaml.MappingNode, first: int) -> Iterator[tuple[str, int]]:
    for key, _ in node.value:
        yield str(key.value), first + key.start_mark.line
