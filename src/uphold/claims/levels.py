"""Levels of factors, and steps between them, as a spec may write them.

In: plain values from YAML. Out: the types ``Level``, ``Where``, ``Baseline`` and ``Step`` for
pydantic models, and whether two conditions mean the same. Promised: a level is a number, a text
or a truth value; 5e-4, which YAML reads as text, is a number; a quoted level is the one without
quotes; and a step has two.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from uphold.validation import Settings
from uphold.wrong_values import as_written

_EXPONENT = re.compile(r"[+-]?\d+(\.\d*)?[eE][+-]?\d+")
_WORDS = {True: ("true", "yes", "on"), False: ("false", "no", "off")}


def _level(value: Any) -> Any:
    """Return one level, checked."""
    if isinstance(value, str) and _EXPONENT.fullmatch(value):
        return float(value)
    if isinstance(value, bool | int | str) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise ValueError(f"{as_written(value)} is no level: give a number, a text, true or false.")


def _condition(value: Any) -> Any:
    return [_level(v) for v in value] if isinstance(value, list | tuple) else _level(value)


def _baseline(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _condition(v) for k, v in value.items()}
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(
            f"{as_written(value)} is no baseline: give a number, or a configuration's levels."
        )
    return float(value)


def same_level(one: Any, other: Any) -> bool:
    """Return whether two levels are one: ``0.5`` and ``"0.5"``, ``true`` and ``"true"``.

    Two texts are one where they are equal: "1.1" and "1.10" may be versions.
    """
    if isinstance(one, str) == isinstance(other, str):
        return bool(one == other)
    text, value = (one, other) if isinstance(one, str) else (other, one)
    if isinstance(value, bool):
        return text.lower() in _WORDS[value]
    try:
        return bool(float(text) == value)
    except ValueError:
        return False


def implies(narrow: Mapping[str, Any], wide: Mapping[str, Any]) -> bool:
    """Return whether every run that meets the one condition meets the other."""
    return all(
        name in narrow
        and all(any(same_level(a, b) for b in listed(levels)) for a in listed(narrow[name]))
        for name, levels in wide.items()
    )


def listed(wanted: Any) -> list[Any]:
    """Return the levels of a condition, which may be one level."""
    return wanted if isinstance(wanted, list) else [wanted]


def in_order(where: Mapping[str, Any]) -> dict[str, Any]:
    """Return a condition in one of the ways in which it may be written.

    Of several levels the order is nothing, and one in a list is the level itself.
    """
    levels = {name: sorted(listed(wanted), key=_written) for name, wanted in where.items()}
    return {name: wanted[0] if len(wanted) == 1 else wanted for name, wanted in levels.items()}


def spelled(value: Any) -> Any:
    """Return a value with each number in one of the ways in which it may be spelled: 512.0 is 512.

    Lists stay as they are: only whoever knows what one means knows whether its order does.
    """
    if isinstance(value, Mapping):
        return {name: spelled(part) for name, part in value.items()}
    if isinstance(value, list | tuple):
        return [spelled(part) for part in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _written(value: Any) -> str:
    return json.dumps(spelled(value), sort_keys=True)


Level = Annotated[Any, BeforeValidator(_level)]
Where = dict[str, Annotated[Any, BeforeValidator(_condition)]]
Baseline = Annotated[Any, BeforeValidator(_baseline)]
"""A number, or the levels of a configuration."""


class Step(Settings):
    """One factor going from one level to another."""

    factor: Annotated[str, Field(examples=["mixup"])]
    from_: Level = Field(alias="from", examples=[False])
    to: Annotated[Level, Field(examples=[True])]

    @model_validator(mode="after")
    def _two_levels(self) -> "Step":
        if same_level(self.from_, self.to):
            raise ValueError(
                f"'from' and 'to' are one level, {as_written(self.to)}: a step takes two."
            )
        return self

    def one_way(self) -> tuple[Self, bool]:
        """Return it in one of its two directions, and whether that is the way back."""
        if _written(self.from_) <= _written(self.to):
            return self, False
        return self.model_copy(update={"from_": self.to, "to": self.from_}), True
