"""Numbers, levels and conditions as they are written in sentences.

The forms of claims use it, so that it imports the statistics where it needs them: reading a spec
costs no more than pydantic.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from uphold import format
from uphold.claims.levels import Step
from uphold.format import counted, p_text

__all__ = [
    "apart",
    "condition_text",
    "counted",
    "listed",
    "number",
    "p_text",
    "step_text",
    "where_text",
]

MOST_NAMED = 3


def number(value: float, margin: float) -> str:
    """Return a value with as many decimals as show the margin to two figures."""
    return format.number(value, format.digits_of(margin))


def condition_text(where: Mapping[str, Any]) -> str:
    """Return ``"label smoothing = on, mixup = off"``."""
    parts = []
    for name, wanted in where.items():
        levels = wanted if isinstance(wanted, list) else [wanted]
        parts.append(f"{format.name(name)} = {' or '.join(map(_level, levels))}")
    return ", ".join(parts)


def where_text(where: Mapping[str, Any]) -> str:
    """Return ``" (where mixup = off)"``, to stand behind what is narrowed; nothing for all."""
    return f" (where {condition_text(where)})" if where else ""


def step_text(step: Step, verb: str = "goes from") -> str:
    """Return ``"mixup goes from off to on"``."""
    return f"{format.name(step.factor)} {verb} {_level(step.from_)} to {_level(step.to)}"


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


def _level(value: Any) -> str:
    from uphold.statistics.scores import plain

    return format.level(plain(value))
