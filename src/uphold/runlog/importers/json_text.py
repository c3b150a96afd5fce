"""JSON that a tracker wrote → plain values, or one `InputError` that says what is wrong."""

import json
from pathlib import Path
from typing import Any

from uphold.errors import InputError

DEEPEST = 50
"""How many objects and lists may stand in one another."""


def read_json(path: Path) -> Any:
    """Return what a file of JSON holds.

    Raises
    ------
    InputError
        It cannot be read, is cut short, is nested too deeply or is not JSON.
    """
    return json_of(read_text(path), str(path))


def read_text(path: Path) -> str:
    """Return a file's text. Raises `InputError` where it cannot be read or is not UTF-8."""
    try:
        with path.open("rb") as file:  # half the time of a file of text
            return file.read().decode("utf-8")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path} is damaged: it is not text in UTF-8 (byte {error.start}). Copy it again from"
            " where it was written, or move its run away."
        ) from None


def json_of(text: str, source: str) -> Any:
    """Return what a text of JSON holds; see `read_json`."""
    try:
        value = json.loads(text)
        if text.count("[") + text.count("{") > DEEPEST:
            shallow(value, source)
        return _encodable(value) if "\\u" in text else value
    except RecursionError:
        raise _too_deep(source) from None
    except ValueError as error:
        raise InputError(
            f"{source} is not whole JSON ({error}): it is damaged, or its program ended while it"
            " was written. Copy it again, or move its run away."
        ) from None


def shallow(value: Any, source: str) -> Any:
    """Return a value of JSON. Raises `InputError` where it is nested too deeply for settings."""
    held = [value]
    for _ in range(DEEPEST):
        inside = [list(v.values()) if isinstance(v, dict) else v for v in held]
        held = [inner for v in inside if isinstance(v, list) for inner in v]
        if not held:
            return value
    raise _too_deep(source)


def _too_deep(source: str) -> InputError:
    return InputError(
        f"{source} is nested more than {DEEPEST} deep, which no settings are: it is damaged."
    )


def _encodable(value: Any) -> Any:
    """Return a value without lone surrogates, which JSON can hold and no encoding can write."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_encodable(inner) for inner in value]
    if isinstance(value, dict):
        return {_encodable(key): _encodable(inner) for key, inner in value.items()}
    return value
