"""Mappings from YAML → checked settings, with errors that say what was meant.

In: a settings model and the mapping that should fit it. Out: the model. Promised: each thing wrong
is named by its place in the file, with the nearest valid key, and a key that stands twice in one
mapping is an error instead of the first being dropped without a word.
"""

import itertools
import math
from collections.abc import Iterable
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from uphold.errors import InputError, nearest
from uphold.wrong_values import explained

Model = TypeVar("Model", bound=BaseModel)
MOST_ERRORS = 20
MOST_VALUES = 100_000


class Settings(BaseModel):
    """Settings that refuse keys they do not know, and cannot change once made."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _ascending(span: tuple[float, float]) -> tuple[float, float]:
    if span[0] > span[1]:
        raise ValueError(f"the lowest value comes first, not {span[0]} before {span[1]}")
    return span


Span = Annotated[tuple[float, float], AfterValidator(_ascending)]
"""The lowest and the highest value of something."""


def _rising(numbers: list[int]) -> list[int]:
    for before, number in itertools.pairwise(numbers):
        if number <= before:
            raise ValueError(
                f"looks rise from one to the next, and {number} follows {before}: name numbers of"
                " seeds, such as [3, 5, 8]"
            )
    return numbers


def _no_truth(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticCustomError("float_type", "true and false are no numbers")
    return value


Whole = Annotated[int, Strict()]
"""A whole number; pydantic alone takes true for 1 and 3.0 for 3."""
Number = Annotated[float, BeforeValidator(_no_truth)]
"""A number, also as text, such as 1e-3, which YAML takes for one."""
Count = Annotated[Whole, Field(gt=0)]
Looks = Annotated[list[Count], AfterValidator(_rising), Field(examples=[[3, 5, 8]])]
"""The numbers of seeds at which claims may be judged."""


def validated(model: type[Model], values: Any, source: str) -> Model:
    """Return ``model`` made of ``values``, or raise `InputError` on everything that is wrong."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        lines = explained(error.errors(), model, source)
        more = [f"… and {len(lines) - MOST_ERRORS} more"] * (len(lines) > MOST_ERRORS)
        raise InputError("\n".join(lines[:MOST_ERRORS] + more)) from None


def known(name: str, valid: Iterable[str], what: str, source: str) -> None:
    """Raise `InputError` unless a name is among the valid ones."""
    valid = list(valid)
    if name not in valid:
        raise InputError(f"{source}: there is no {what} {name!r}.{nearest(name, valid)}")


def read_yaml(text: str, source: str) -> Any:
    """Read YAML into plain values, never into objects.

    Raises
    ------
    InputError
        It is not YAML, a key stands twice, or aliases make it larger than any file should be.
    """
    try:
        loader = _StrictLoader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return None
            if _size(node, {}) > MOST_VALUES:
                raise InputError(f"{source} holds more than {MOST_VALUES:,} values by its aliases.")
            return loader.construct_document(node)
        finally:
            loader.dispose()
    except (yaml.YAMLError, ValueError) as error:  # such as the day 2024-99-99
        mark, problem = (getattr(error, name, None) for name in ("problem_mark", "problem"))
        where = f"line {mark.line + 1}: " if mark else ""
        raise InputError(f"{source} is not valid YAML: {where}{problem or error}.") from None
    except RecursionError:
        raise InputError(f"{source} is nested too deeply to be read.") from None


def _size(node: yaml.Node, known: dict[int, float]) -> float:
    """Return how many values a node stands for; infinitely many where it holds itself."""
    if id(node) not in known:
        known[id(node)] = math.inf
        inner = node.value if isinstance(node, yaml.CollectionNode) else ()
        if isinstance(node, yaml.MappingNode):
            inner = itertools.chain.from_iterable(inner)
        known[id(node)] = 1 + sum(_size(part, known) for part in inner)
    return known[id(node)]


class _StrictLoader(yaml.SafeLoader):  # type: ignore[misc]  # it comes without types
    """PyYAML's safe loader, except that a key may stand once in a mapping."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [str(key.value) for key, _ in node.value]
        for (key, _), name in zip(node.value, keys, strict=True):
            if keys.count(name) > 1:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {name!r} stands twice", key.start_mark
                )
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        return made
