"""Labels as text, and what they say about each class.

The rules are those of BirdNET-Analyzer's training folders. A label is a list of names with commas
between them:

- a name is a class that is present; ``frog,toad`` has both;
- ``noise``, ``other``, ``background``, ``silence`` (in any case) and nothing at all mean that no
  class is present;
- ``-frog`` says that the class frog is absent. Since what is not named counts as absent here, its
  row is the same as that of ``noise``; the rule is kept so that folders made for BirdNET-Analyzer
  (which treats such a row as a hard negative) can be used as they are.

Names that look the same are the same: a Mac gives folders decomposed letters (``o`` and two dots),
which count as the composed ones (``ö``).

A name that is not known is a class of its own, and so is a slip of the keyboard; `misspelt` finds
the names that are probably slips.
"""

import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from uphold.errors import InputError, nearest

NEAR_MISS = 0.8
NEGATIVE_NAMES = frozenset({"noise", "other", "background", "silence"})


@dataclass(frozen=True)
class Label:
    """The classes that a label says are present, and those it says are absent."""

    present: frozenset[str]
    absent: frozenset[str] = frozenset()


def parse(text: str) -> Label:
    """Return what a label says.

    Raises
    ------
    ValueError
        Where it contradicts itself or has an empty name; the message says which.
    """
    text = composed(text)
    names = [name.strip() for name in text.split(",")] if text.strip() else []
    if not all(name.removeprefix("-") for name in names):
        raise ValueError(f"the label {text!r} has an empty name")
    absent = frozenset(name[1:] for name in names if name.startswith("-"))
    named = [name for name in names if not name.startswith("-")]
    present = frozenset(name for name in named if name.lower() not in NEGATIVE_NAMES)
    if len(present) < len(set(named)) and present:
        raise ValueError(f"the label {text!r} names a class together with a word for none")
    if present & absent:
        raise ValueError(f"the label {text!r} says both that a class is present and that it is not")
    return Label(present, absent)


def composed(name: str) -> str:
    """Return a name with each letter and its marks as one character, where there is such a one."""
    return unicodedata.normalize("NFC", name)


def classes(labels: Iterable[Label]) -> list[str]:
    """Return the classes that are present somewhere, sorted: the columns of `multi_hot`."""
    return sorted(set().union(*(label.present for label in labels)))


def misspelt(names: Mapping[str, int], positive: str) -> dict[str, str]:
    """Return the names that are probably misspelt, each with the name that is meant.

    These are names that differ from a better one in nothing but case, blanks or the encoding of a
    letter, and names that nearly read like `positive`, where that is among them
    (`difflib.SequenceMatcher.ratio` of at least 0.8). The positive name is the best, then the
    commonest.

    Parameters
    ----------
    names : mapping of str to int
        How often each name of a class was given.
    positive : str
    """
    meant: dict[str, str] = {}
    found = {}
    by_rank = sorted(names, key=lambda name: (name != positive, -names[name], name))
    for name in by_rank:
        plain = _plain(name)
        best = meant.setdefault(plain, name)
        ratio = difflib.SequenceMatcher(None, _plain(positive), plain).ratio()
        if positive in names and ratio >= NEAR_MISS:
            best = positive
        if name != best:
            found[name] = best
    return found


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def multi_hot(labels: Iterable[Label], columns: list[str]) -> NDArray[np.uint8]:
    """Return one row a label with 1 for each class present, shape (labels, classes)."""
    rows = [[name in label.present for name in columns] for label in labels]
    return np.array(rows, dtype=np.uint8).reshape(-1, len(columns))


def check_positive(positive: str, columns: list[str]) -> None:
    """Refuse a positive class that is not among the classes."""
    if positive not in columns:
        raise InputError(
            f"The data have no class {positive!r}, which the setting data.positive names."
            f"{nearest(positive, columns)}"
        )
