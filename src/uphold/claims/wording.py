"""Numbers, levels and conditions as they are written in sentences.

The forms of claims use it, so that it imports the statistics where it needs them: reading a spec
costs no more than pydantic.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from uphold.claims.levels import Step

MOST_NAMED = 3


def number(value: float, margin: float) -> str:
    """Return a value with as many decimals as show the margin to two figures."""
    decimals = max(0, 1 - math.floor(math.log10(margin)))
    text = f"{value:.{decimals}f}"
    return text.replace("-", "−" if float(text) else "")


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return ``"1 run"``, ``"3 runs"``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {plural or f'{noun}s'}"


def p_text(p: float) -> str:
    """Return ``"p = .034"`` or ``"p < .001"``."""
    if p < 0.001:
        return "p < .001"
    return "p = 1" if p > 0.9995 else f"p = {p:.3f}".replace("0.", ".", 1)


def condition_text(where: Mapping[str, Any]) -> str:
    """Return ``"label_smoothing = true, mixup = false"``."""
    from uphold.statistics.scores import level_text

    parts = []
    for name, wanted in where.items():
        levels = wanted if isinstance(wanted, list) else [wanted]
        parts.append(f"{name} = {' or '.join(map(level_text, levels))}")
    return ", ".join(parts)


def where_text(where: Mapping[str, Any]) -> str:
    """Return ``" (where mixup = false)"``, to stand behind what is narrowed; nothing for all."""
    return f" (where {condition_text(where)})" if where else ""


def step_text(step: Step, verb: str = "goes from") -> str:
    """Return ``"mixup goes from false to true"``."""
    from uphold.statistics.scores import level_text

    return f"{step.factor} {verb} {level_text(step.from_)} to {level_text(step.to)}"


def apart(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return two conditions without what they share, and what they share."""
    shared = {name: one[name] for name in one if name in other and one[name] == other[name]}
    mine, theirs = ({k: v for k, v in c.items() if k not in shared} for c in (one, other))
    return condition_text(mine), condition_text(theirs), condition_text(shared)


def listed(names: Sequence[str], most: int = MOST_NAMED) -> str:
    """Return ``"a, b or c"``, or ``"a, b, c or 4 others"``."""
    named, more = list(names[:most]), len(names) - most
    if more > 0:
        named.append(f"{more} other{'s' if more > 1 else ''}")
    return " or ".join(filter(None, [", ".join(named[:-1]), named[-1]])) if named else ""
