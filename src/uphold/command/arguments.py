"""A command's arguments with fields → the arguments of one run.

In: a list of texts. ``{name}`` in them stands for a value; a text that is wholly ``{name?--flag}``
is ``--flag`` where the value is true and is not there where it is false; ``{{`` and ``}}`` are
braces. Promised: a value stays within its argument, whatever it holds: nothing passes a shell.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

FIELD = re.compile(r"\{\{|\}\}|\{(?P<name>[a-z][a-z0-9_]*)\}|[{}]")
SWITCH = re.compile(r"\{(?P<name>[a-z][a-z0-9_]*)\?(?P<text>[^{}]+)\}")


def fields(texts: Sequence[str]) -> list[str]:
    """Return the fields of some texts, each once, in their order.

    Raises
    ------
    ValueError
        Where a brace belongs to no field; the message says so.
    """
    return list(dict.fromkeys(name for text in texts for name in _fields(text)))


def switches(texts: Sequence[str]) -> list[str]:
    """Return the fields that stand for a flag."""
    return [match["name"] for text in texts if (match := SWITCH.fullmatch(text))]


def filled(texts: Sequence[str], values: Mapping[str, Any]) -> list[str]:
    """Return texts with their fields replaced; every field has a value."""
    found = []
    for text in texts:
        if switch := SWITCH.fullmatch(text):
            if values[switch["name"]] is True:
                found.append(switch["text"])
        else:
            found.append(FIELD.sub(lambda match: _put(match, values), text))
    return found


def as_text(value: object) -> str:
    """Return a value as a command gets it: ``true``, ``0.001``, ``adam``."""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value) if isinstance(value, float) else str(value)


def _fields(text: str) -> Iterator[str]:
    if switch := SWITCH.fullmatch(text):
        yield switch["name"]
        return
    for match in FIELD.finditer(text):
        if match["name"]:
            yield match["name"]
        elif match[0] in "{}":
            raise ValueError(
                f"{text!r} has a brace that belongs to no field: write {{name}}, or"
                f" {match[0] * 2} for a brace"
            )


def _put(match: re.Match[str], values: Mapping[str, Any]) -> str:
    return as_text(values[match["name"]]) if match["name"] else match[0][0]
