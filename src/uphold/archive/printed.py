"""A printed number, and how far the exact one may lie from it.

In: text as it stood on the page (``0.81 ± 0.02``, ``−0.54 pp``, ``~33 %``, ``0.74–0.77``). Out: its
value and the half unit of its last decimal. Promised: two printed numbers disagree only where
rounding cannot explain it, and a number that was called approximate is read generously.
"""

import re
from dataclasses import dataclass

import numpy as np

from uphold.errors import InputError
from uphold.format import POINTS, p_text, signed

ABOUT = 0.05
"""How far a number that was called approximate (``≈``, ``~``) may be off, in parts of itself."""

_NUMBER = r"[+\-−–]?\d+(?:\.\d+)?"
_ONE = re.compile(rf"(?P<about>[~≈])?\s*(?P<value>{_NUMBER})\s*(?:±\s*(?P<sd>{_NUMBER}))?")
_RANGE = re.compile(r"(?P<about>[~≈])?\s*(?P<low>\d+(?:\.\d+)?)\s*[-–]\s*(?P<high>\d+(?:\.\d+)?)")
_SPAN = re.compile(rf"{_RANGE.pattern}\s*(?:pp|%)?")
_UNIT = re.compile(r"\s*(?:(?P<hundredth>pp|%)|[a-zA-Z]\w*)?\s*")


@dataclass(frozen=True)
class Printed:
    """One printed number.

    Attributes
    ----------
    value : float
        Percentages and percentage points as parts of 1.
    half : float
        Half a unit of the last decimal that was printed.
    about : bool
        Whether it was called approximate.
    sd : Printed, optional
        What stood after ``±``.
    """

    value: float
    half: float
    about: bool = False
    sd: "Printed | None" = None

    @property
    def slack(self) -> float:
        """How far the number meant may lie from the one printed."""
        return max(self.half, ABOUT * abs(self.value) if self.about else 0.0)

    def agrees(self, value: float, half: float = 0.0) -> bool:
        """Whether rounding (and ``≈``) can explain the distance to another number.

        Intervals that only touch do not agree: .80 and .81 are two numbers.
        """
        return bool(abs(self.value - value) < self.slack + half - 1e-12)


def read(text: str) -> Printed:
    """Return one printed number.

    Raises
    ------
    InputError
        Where the text is not one number with an optional SD and unit.
    """
    found = _ONE.match(text)
    unit = _UNIT.fullmatch(text, found.end()) if found else None
    if found is None or unit is None:
        raise InputError(f"{text!r} is no printed number such as '0.81 ± 0.02' or '~33 %'.")
    scale = 0.01 if unit["hundredth"] else 1.0
    about = found["about"] is not None
    sd = _exact(found["sd"], scale, about) if found["sd"] else None
    whole = _exact(found["value"], scale, about)
    return Printed(whole.value, whole.half, about, sd)


def read_range(text: str) -> tuple[Printed, Printed]:
    """Return the two ends of a printed range, such as ``0.74–0.77`` or ``5-13%``."""
    found = _RANGE.match(text)
    unit = _UNIT.fullmatch(text, found.end()) if found else None
    if found is None or unit is None:
        raise InputError(f"{text!r} is no printed range such as '0.74–0.77' or '5-13%'.")
    scale = 0.01 if unit["hundredth"] else 1.0
    about = found["about"] is not None
    return _exact(found["low"], scale, about), _exact(found["high"], scale, about)


def range_in(sentence: str) -> tuple[Printed, Printed]:
    """Return the two ends of the one range that a sentence prints.

    Raises
    ------
    InputError
        Where it prints none, or several.
    """
    found = [span[0] for span in _SPAN.finditer(sentence)]
    if len(found) != 1:
        raise InputError(
            f"{sentence!r} prints {len(found) or 'no'} ranges, such as '5-13%', not one."
        )
    return read_range(found[0])


def points(value: float) -> str:
    """Return a difference of proportions in percentage points."""
    return f"{signed(POINTS * value, 2)} pp"


def p_shown(p: float) -> str:
    """Return a p value: ``p = .200``, ``p < .001``."""
    return p_text(p) if np.isfinite(p) else "no p value can be had"


def _exact(text: str, scale: float, about: bool) -> Printed:
    plain = text.replace("−", "-").replace("–", "-")
    places = len(plain.partition(".")[2])
    return Printed(float(plain) * scale, 0.5 * 10.0**-places * scale, about)
