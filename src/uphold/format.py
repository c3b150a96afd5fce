"""How numbers, p values, intervals, levels and names are written, wherever they are read.

Sentences, tables, figures and captions all take their texts from here, so that one value has one
spelling on a page. Promised: a number is rounded once, here, and a half away from zero, as people
round by hand; a minus is never lost to rounding; a truth value is ``on`` or ``off``; a name is
looked up, and shown as it stands where no name for it was given.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple, Protocol

MISSING = "–"
HUGE = 1e9
"""From here on a number is written with an exponent."""

TINIEST = 1e-9
"""What is smaller is what sums of binary fractions leave over, and counts as zero."""

NOISE = 12
"""How many decimals of a sum of binary fractions are meant: 0.1 + 0.2 is 0.3."""

POINTS = 100
"""What a proportion is multiplied by to be in percentage points."""

TOGETHER = "\N{NO-BREAK SPACE}"
"""Stands in ``p = .034``, which is one thing and not broken at the end of a line."""

_names: Mapping[str, str] = {}
_NAMESPACE = re.compile(r"((config|params|metrics|tags)\.|params_)(?=.)")


class Bounded(Protocol):
    """What has an interval."""

    @property
    def ci_low(self) -> float | None: ...

    @property
    def ci_high(self) -> float | None: ...


class Estimated(Bounded, Protocol):
    """A value with its interval."""

    @property
    def value(self) -> float | None: ...


class Ends(NamedTuple):
    """An interval on another scale, or cut where values end, and the value in it."""

    ci_low: float | None
    ci_high: float | None
    value: float | None = None


def number(value: float | None, digits: int = 3) -> str:
    """Return a number with a true minus sign; ``–`` for one that could not be computed.

    A negative number that would be printed as zero gets as many digits as show that it is none.
    """
    if value is None or not math.isfinite(value):
        return MISSING
    if abs(value) >= HUGE:
        return _minus(f"{value:.3g}")
    rounded = _rounded(value, digits)
    while value <= -TINIEST and not rounded:
        digits += 1
        rounded = _rounded(value, digits)
    return _minus(f"{rounded or abs(rounded):f}")


def signed(value: float | None, digits: int) -> str:
    """Return a difference, always with its sign."""
    text = number(value, digits)
    return text if text == MISSING or text.startswith("−") else f"+{text}"


def exact(value: float) -> str:
    """Return a number that someone declared, such as a margin, as it was declared: ``0.02``."""
    return _minus(f"{value:.12g}")


def count(many: float) -> str:
    """Return how many there are of something: ``1,234``."""
    return f"{many:,.0f}"


def digits_of(margin: float) -> int:
    """Return how many decimals show a margin to two figures."""
    return max(0, _two_figures(margin))


def _two_figures(size: float) -> int:
    """Return the place of the second figure: 2 for hundredths, −2 for hundreds."""
    return 1 - math.floor(math.log10(size))


def rough(size: float) -> str:
    """Return how large something is to two figures: ``0.0031``, ``120``, ``30000``."""
    return number(size, _two_figures(size) if size > 0 else 0)


def spread(mean: float | None, sd: float | None, digits: int) -> str:
    """Return ``mean ± SD``."""
    return f"{number(mean, digits)} ± {number(sd, digits)}"


def interval(estimate: Bounded, digits: int) -> str:
    """Return ``low to high``: the ends carry no plus; ``–`` where neither could be computed."""
    if estimate.ci_low is None and estimate.ci_high is None:
        return MISSING
    return f"{number(estimate.ci_low, digits)} to {number(estimate.ci_high, digits)}"


def difference(estimate: Estimated, digits: int) -> str:
    """Return a difference with its interval: ``+0.012 (−0.003 to 0.027)``."""
    text = signed(estimate.value, digits)
    return text if estimate.ci_low is None else f"{text} ({interval(estimate, digits)})"


def percent(share: float | None) -> str:
    """Return a share as ``36 %``."""
    return MISSING if share is None else f"{number(POINTS * share, 0)} %"


def cell(share: float) -> str:
    """Return a share as a cell of a confusion matrix has room for it: ``.69``, ``1``."""
    text = number(share, 2)
    return "1" if float(text) == 1 else text.removeprefix("0")


def p_value(p: float | None) -> str:
    """Return a p value without its leading zero: ``.034``, ``< .001``, ``1``."""
    if p is None or not math.isfinite(p):
        return MISSING
    if p < 0.001:
        return f"<{TOGETHER}.001"
    text = number(p, 3)
    return "1" if float(text) == 1 else text.removeprefix("0")


def p_text(p: float | None) -> str:
    """Return ``p = .034`` or ``p < .001``, which stays on one line."""
    text = p_value(p)
    return f"p {text if text.startswith('<') else f'= {text}'}".replace(" ", TOGETHER)


def level(value: object) -> str:
    """Return a factor's level, or a setting's value, as it is shown: ``on``, ``512``, ``linear``.

    Levels that count several things are joined: ``high+medium``.
    """
    if isinstance(value, list | tuple):
        return "+".join(map(level, value))
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int):
        return _minus(str(value))
    if isinstance(value, float):
        return exact(value)
    return MISSING if value is None else _names.get(text := str(value), text)


def name(of: str) -> str:
    """Return the name of a factor or a setting in words: ``label smoothing``.

    What a tracker puts before the names of its settings, results and tags is left out.
    """
    found = _NAMESPACE.match(of)
    return _names.get(of) or (of[found.end() :] if found else of)


def crossed(factors: Iterable[str]) -> str:
    """Return several factors as one term: ``mixup × label smoothing``."""
    return " × ".join(map(name, factors))


def named(factors: Sequence[str]) -> str:
    """Return several factors one after the other: ``mixup, batch size and label smoothing``."""
    *first, last = map(name, factors)
    return f"{', '.join(first)} and {last}" if first else last


def setting(of: str, value: object) -> str:
    """Return a factor or a setting with its value: ``mixup on``, ``hidden units 512``."""
    return f"{name(of)} {level(value)}"


def settings(chosen: Mapping[str, Any]) -> str:
    """Return several of them in one line."""
    return ", ".join(setting(of, value) for of, value in chosen.items())


def short(levels: Mapping[str, Any]) -> str:
    """Name a configuration in few words: what is off goes without saying, and so does what the only
    factor is called where its levels are words.
    """
    if len(levels) == 1 and isinstance(only := next(iter(levels.values())), str):
        return level(only)
    return settings({of: value for of, value in levels.items() if value is not False}) or "all off"


def duration(seconds: float) -> str:
    """Return ``40 s``, ``7 minutes``, ``3 hours``: about how long something takes."""
    for unit, length in (("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{max(1, round(seconds))} s"


def counted(many: int, noun: str, plural: str = "") -> str:
    """Return ``1 run``, ``3 runs``, ``20 values of run_index``."""
    return f"{count(many)} {value_of(noun) if many == 1 else plural or several(noun)}"


def day(date: str) -> str:
    """Return a day, ``2026-11-28``, so that it is broken over no two lines."""
    return date.replace("-", "\N{NON-BREAKING HYPHEN}")


def value_of(noun: str) -> str:
    """Return ``seed``; of a column that is no word, ``value of params.seed``."""
    return f"value of {noun}" if _is_no_word(noun) else noun


def several(noun: str) -> str:
    """Return ``runs``; a column may be called ``episodes``, or be no word: ``params.seed``."""
    if _is_no_word(noun):
        return f"values of {noun}"
    if noun.endswith("s"):
        return noun
    hissing = noun.endswith(("x", "ch", "sh")) and not noun.endswith("epoch")
    return f"{noun}es" if hissing else f"{noun}s"


def _is_no_word(noun: str) -> bool:
    return "." in noun


def a(noun: str) -> str:
    """Return ``a seed``, ``an episode``, be the column called ``episode`` or ``episodes``."""
    noun = noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun
    return f"{'an' if noun[:1].lower() in 'aeio' else 'a'} {noun}"


def use_names(names: Mapping[str, str]) -> None:
    """Show these names from now on.

    Parameters
    ----------
    names : mapping of str to str
        Factor, setting or level, as settings have it, to the words for it. A process tells of one
        study at a time: the analysis and the opening of a page each say whose words hold.
    """
    global _names
    _names = dict(names)


def _rounded(value: float, digits: int) -> Decimal:
    meant = Decimal(repr(round(float(value), NOISE)))
    return meant.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def _minus(text: str) -> str:
    return text.replace("-", "−", 1) if text.startswith("-") else text
