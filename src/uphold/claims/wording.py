"""Numbers, levels and conditions as they are written in sentences, by the rules of `format`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from uphold import format
from uphold.claims.levels import Step
from uphold.format import counted, p_text

if TYPE_CHECKING:
    from uphold.claims.judgement import Judgement

__all__ = [
    "apart",
    "condition_text",
    "counted",
    "going",
    "interval",
    "listed",
    "named_contexts",
    "narrow",
    "not_after",
    "number",
    "p_text",
    "signed",
    "step_text",
    "where_text",
]

MOST_NAMED = 3


class Narrow(Protocol):
    """What has one-sided 95 % bounds."""

    def lower(self) -> float: ...

    def upper(self) -> float: ...


def number(value: float, margin: float) -> str:
    """Return a value with as many decimals as show the margin to two figures."""
    return format.number(value, format.digits_of(margin))


def signed(value: float, margin: float) -> str:
    """Return a difference so, which is always with its sign, as in tables."""
    return format.signed(value, format.digits_of(margin))


def interval(o: format.Bounded, margin: float) -> str:
    """Return an interval so: ``"−0.003 to 0.027"``."""
    return format.interval(o, format.digits_of(margin))


def not_after(j: Judgement) -> str:
    """Return what keeps from deciding what looks clear alone: ``"not after 2 claims"``."""
    causes = [f"after {counted(j.family, 'claim')}"] * (j.family > 1)
    if j.looks and not j.look:
        first = "first " * (j.next_look == j.looks[0])
        before = f"before the {first}look at {j.next_look}"
        causes.append(before if j.next_look else f"beyond the last look at {j.looks[-1]}")
    elif len(j.looks) > 1:
        causes.append(f"at look {j.looks.index(j.look) + 1} of {len(j.looks)}")
    return f"not {' and '.join(causes)}" if causes else "but not enough to decide"


def narrow(o: Narrow, margin: float) -> str:
    """Return the 90 % interval, which both one-sided tests against a margin go by."""
    ends = format.Ends(o.lower(), o.upper())
    return f"90 % interval {interval(ends, margin)}"


def named_contexts(j: Judgement) -> str:
    """Return the contexts that may be beyond the margin, the furthest first."""
    more = len(j.beyond) - MOST_NAMED
    return "; ".join(j.beyond[:MOST_NAMED]) + f"; and {more} more" * (more > 0)


def condition_text(where: Mapping[str, Any]) -> str:
    """Return ``"label smoothing on, hidden units 256 or 512"``."""
    parts = []
    for name, wanted in where.items():
        levels = wanted if isinstance(wanted, list) else [wanted]
        parts.append(f"{format.name(name)} {' or '.join(map(format.level, levels))}")
    return ", ".join(parts)


def where_text(where: Mapping[str, Any]) -> str:
    """Return ``" (with mixup off)"``, to stand behind what is narrowed; nothing for all."""
    return f" (with {condition_text(where)})" if where else ""


def step_text(step: Step) -> str:
    """Return ``"mixup from off to on"``."""
    return f"{format.name(step.factor)} from {format.level(step.from_)} to {format.level(step.to)}"


def going(step: Step, where: Mapping[str, Any]) -> str:
    """Return ``"when going from mixup off to on (with ratio 0)"``, be its name one or many."""
    moved = f"{format.setting(step.factor, step.from_)} to {format.level(step.to)}"
    return f"when going from {moved}{where_text(where)}"


def apart(one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]]:
    """Return two conditions without what they share, and the levels that they share."""
    shared = {name: one[name] for name in one if name in other and one[name] == other[name]}
    mine, theirs = ({k: v for k, v in c.items() if k not in shared} for c in (one, other))
    return condition_text(mine), condition_text(theirs), shared


def listed(names: Sequence[str], most: int = MOST_NAMED) -> str:
    """Return ``"a, b or c"``, or ``"a, b, c or 4 others"``."""
    named, more = list(names[:most]), len(names) - most
    if more > 0:
        named.append(f"{more} other{'s' if more > 1 else ''}")
    return " or ".join(filter(None, [", ".join(named[:-1]), named[-1]])) if named else ""
