"""YAML of the plainest kind, as trackers write settings → its values, without a parser of YAML.

In: a text. Out: what a safe loader of YAML 1.1 makes of it, or None where a line is anything but a
key, and after it nothing or one plain value: then a loader has to be asked. Promised: where it
answers, it answers as the loader does; files are read in a tenth of the time.
"""

import re
from typing import Any

_LINE = re.compile(
    r"(?P<indent> *)(?P<key>[A-Za-z_][\w./-]*):"
    r"(?: +(?:(?P<whole>-?(?:0|[1-9][0-9]*))|(?P<number>-?[0-9]+\.[0-9]+(?:[eE][+-][0-9]+)?)"
    r"|(?P<word>[A-Za-z_/][\w./:-]*(?<!:)|(?!0b)[0-9]+[a-f][0-9a-f]*)|'(?P<quoted>[^'\n]*)'|(?P<empty>\[\]|\{\})))?",
    re.ASCII,
)
_SPECIAL = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_WORDS = {"true": True, "false": False, "null": None}


def read_plain(text: str) -> dict[str, Any] | None:
    """Return the values of a plain text, None where it may be more than that."""
    found: dict[str, Any] = {}
    inside: list[tuple[int, dict[str, Any]]] = [(0, found)]
    opened: tuple[dict[str, Any], str] | None = None
    for line in text.split("\n"):
        if not line:
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            return None
        spaces, key, whole, number, word, quoted, empty = match.groups()
        indent = len(spaces)
        if opened and indent > inside[-1][0]:
            held, above = opened
            held[above] = {}
            inside.append((indent, held[above]))
        while indent < inside[-1][0]:
            inside.pop()
        if indent != inside[-1][0] or key.lower() in _SPECIAL:
            return None
        here = inside[-1][1]
        opened = None
        if whole:
            here[key] = int(whole)
        elif number:
            here[key] = float(number)
        elif word:
            if word.lower() in _SPECIAL and word not in _WORDS:
                return None
            here[key] = _WORDS.get(word, word)
        elif quoted is not None:
            here[key] = quoted
        elif empty:
            here[key] = [] if empty == "[]" else {}
        else:
            here[key] = None
            opened = here, key
    return found or None
