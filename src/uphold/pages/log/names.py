"""Text from anyone's file → text that a page can show.

What comes in: names, levels and sentences as they stand in a file. What goes out: the same without
control characters, in one line. What is promised: a name has at most 40 characters, of which a
longer one keeps the first 24 and the last 12; a word within a sentence likewise; two names that
would look the same are told apart by a number. The CSV tables keep every name as it is.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

LONGEST, HEAD, TAIL = 40, 24, 12
LONGEST_SENTENCE = 1_500
LONGEST_TITLE = 120
SENTENCES = frozenset(
    {
        "says",
        "sentence",
        "brief",
        "shown",
        "message",
        "text",
        "reason",
        "takes",
        "left_out",
        "rows",
        "where",
    }
    | {"what", "why", "log_file", "read_as", "spec_file"}
)
BY_FACTOR = "levels"
"""Under this key stand levels, by factors of any name."""

_LONG_WORD = re.compile(rf"\S{{{LONGEST + 1},}}")
# Marks that turn the direction of all text after them, what they enclose included.
_TURNS = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
_UNSHOWN = frozenset({"Cc", "Cs", "Zl", "Zp"})


class Names:
    """Shows names, each always in the same way.

    Attributes
    ----------
    shortened : int
        How many names and words were shown shortened so far.
    """

    def __init__(self) -> None:
        self._shown: dict[str, str] = {}
        self._taken: set[str] = set()
        self.shortened = 0

    def name(self, text: str) -> str:
        """Return a name as it is shown."""
        if text not in self._shown:
            whole = in_one_line(text)
            self.shortened += len(whole) > LONGEST
            first = short = shortened(whole)
            number = 1
            while short in self._taken:
                number += 1
                short = f"{first} ({number})"
            self._taken.add(short)
            self._shown[text] = short
        return self._shown[text]

    def sentence(self, text: str) -> str:
        """Return a sentence as it is shown."""
        whole = in_one_line(text)
        cut = _LONG_WORD.sub(lambda word: shortened(word[0]), whole)
        if len(cut) > LONGEST_SENTENCE:
            cut = f"{cut[:LONGEST_SENTENCE]}…"
        self.shortened += cut != whole
        return cut

    def all(self, value: Any, key: str = "") -> Any:
        """Return a nested value with all of its text as it is shown, keys included.

        What stands under a key of `SENTENCES`, and text in lists of text under one, is a sentence;
        everything else is a name.
        """
        if isinstance(value, Mapping):
            return {
                self.name(k): self.all(v, "" if key == BY_FACTOR else k) for k, v in value.items()
            }
        if isinstance(value, list | tuple):
            return [self.all(each, key) for each in value]
        if isinstance(value, str):
            return self.sentence(value) if key in SENTENCES else self.name(value)
        return value


def in_one_line(text: str) -> str:
    """Return a text with single spaces and without what cannot be shown."""
    kept = (
        " " if c.isspace() or unicodedata.category(c) in _UNSHOWN or c in _TURNS else c
        for c in text
    )
    return " ".join("".join(kept).split())


def titled(text: str) -> str:
    """Return a title as it is shown: words as in a sentence, at most 120 characters."""
    whole = Names().sentence(text)
    return whole if len(whole) <= LONGEST_TITLE else f"{whole[:LONGEST_TITLE]}…"


def shortened(text: str) -> str:
    """Return a text of at most `LONGEST` characters, its middle left out where it is longer."""
    return text if len(text) <= LONGEST else f"{text[:HEAD]}…{text[-TAIL:]}"
