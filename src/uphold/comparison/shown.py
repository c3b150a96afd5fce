"""Names and numbers as a table of Markdown can hold them.

Names come from files: what would end a cell, a code span or a line is replaced.
"""

from math import isfinite
from typing import Protocol

from uphold.format import Ends, digits_of, exact, interval, number

LONGEST = 120
MOST_DIGITS = 6
NO_CODE = str.maketrans({"`": "'", "|": "¦"})
"""A code span ends with the first and a cell with the second, escaped or not."""
ESCAPED = str.maketrans({"<": "&lt;", ">": "&gt;"} | {sign: f"\\{sign}" for sign in "\\`*_[]|#"})


class _Spanned(Protocol):
    @property
    def ci_low(self) -> float | None: ...

    @property
    def ci_high(self) -> float | None: ...


def cut(text: str, longest: int = LONGEST) -> str:
    """Return a text in one line, cut where it is too long."""
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def code(name: str) -> str:
    """Return a name as code."""
    return f"`{cut(name).translate(NO_CODE)}`"


def words(text: str) -> str:
    """Return a sentence of someone's, with nothing in it that Markdown or HTML would take up."""
    return cut(text).translate(ESCAPED)


def digits_for(spanned: _Spanned) -> int:
    """Return how many decimals show half an interval to two figures."""
    if spanned.ci_low is None or spanned.ci_high is None:
        return 3
    half = (spanned.ci_high - spanned.ci_low) / 2
    return min(MOST_DIGITS, digits_of(half)) if half > 0 and isfinite(half) else MOST_DIGITS


def estimate(value: float | None, low: float | None, high: float | None) -> str:
    """Return an estimate with its interval: ``0.754 (0.741 to 0.767)``."""
    ends = Ends(low, high)
    if low is None and high is None:
        return number(value)
    digits = digits_for(ends)
    return f"{number(value, digits)} ({interval(ends, digits)})"


def plain(value: float | None, digits: int) -> str:
    """Return a number; one without any noise as it is."""
    return exact(value) if digits == MOST_DIGITS and value is not None else number(value, digits)
