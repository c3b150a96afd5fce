"""Numbers as write-ups print them."""

import math
from collections.abc import Mapping

MISSING = "–"
HUGE = 1e9
"""From here on a number is written with an exponent."""


def number(value: float | None, digits: int = 3) -> str:
    """Return a number with a true minus sign; ``–`` for one that could not be computed."""
    if value is None or not math.isfinite(value):
        return MISSING
    text = f"{value:.{digits}f}" if abs(value) < HUGE else f"{value:.3g}"
    return text.replace("-", "−") if float(text) else text.replace("-", "")


def signed(value: float | None, digits: int = 3) -> str:
    """Return a difference, always with its sign."""
    text = number(value, digits)
    return text if text == MISSING or text.startswith("−") else f"+{text}"


def spread(mean: float | None, sd: float | None, digits: int = 2) -> str:
    """Return ``mean ± SD``."""
    return f"{number(mean, digits)} ± {number(sd, digits)}"


def interval(estimate: Mapping, digits: int = 3) -> str:
    """Return ``low to high``."""
    return f"{signed(estimate['ci_low'], digits)} to {signed(estimate['ci_high'], digits)}"


def p_value(p: float | None) -> str:
    """Return a p value without its leading zero: ``.034``, ``< .001``."""
    if p is None or not math.isfinite(p):
        return MISSING
    return "< .001" if p < 0.001 else f"{p:.3f}".removeprefix("0")


def level(value: object) -> str:
    """Return a factor's level as tables show it."""
    if isinstance(value, list):
        return "+".join(map(level, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def name(factor: str) -> str:
    """Return a setting's name as prose shows it: ``label smoothing``."""
    return factor.replace("_", " ")


def short(levels: Mapping) -> str:
    """Name a configuration in few words: switches by what is on, numbers with their names."""
    parts = []
    for factor, value in levels.items():
        if value is True:
            parts.append(name(factor))
        elif value is not False:
            parts.append(f"{name(factor)} {level(value)}")
    return ", ".join(parts) or "all off"


def counted(count: int, noun: str) -> str:
    """Return ``1 run``, ``3 runs``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
