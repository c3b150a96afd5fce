"""Levels of factors as a spec may write them.

In: plain values from YAML. Out: the types ``Level``, ``Where`` and ``Baseline`` for pydantic
models. Promised: a level is a number, a text or a truth value, and 5e-4, which YAML reads as text,
is a number.
"""

import math
import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

_EXPONENT = re.compile(r"[+-]?\d+(\.\d*)?[eE][+-]?\d+")


def _level(value: Any) -> Any:
    """Return one level, checked."""
    if isinstance(value, str) and _EXPONENT.fullmatch(value):
        return float(value)
    if isinstance(value, bool | int | str) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise ValueError(f"{value!r} is no level: give a number, a text, true or false.")


def _condition(value: Any) -> Any:
    return [_level(v) for v in value] if isinstance(value, list | tuple) else _level(value)


def _baseline(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _condition(v) for k, v in value.items()}
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is no baseline: give a number, or a configuration's levels.")
    return float(value)


Level = Annotated[Any, BeforeValidator(_level)]
Where = dict[str, Annotated[Any, BeforeValidator(_condition)]]
Baseline = Annotated[Any, BeforeValidator(_baseline)]
"""A number, or the levels of a configuration."""
