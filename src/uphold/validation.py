"""Mappings from YAML → checked settings, with errors that say what was meant.

In: a settings model and the mapping that should fit it. Out: the model. Promised: each thing wrong
is named by its place in the file, with the nearest valid key, and a key that stands twice in one
mapping is an error instead of the first being dropped without a word.
"""

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from reprlib import Repr
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, PositiveInt, ValidationError

from uphold.errors import InputError, nearest

Model = TypeVar("Model", bound=BaseModel)
MOST_ERRORS = 20
MOST_VALUES = 100_000
_SHORT = Repr()
_SHORT.maxlevel, _SHORT.maxstring, _SHORT.maxother = 2, 80, 80


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


Looks = Annotated[list[PositiveInt], AfterValidator(_rising)]
"""The numbers of seeds at which claims may be judged."""


def validated(model: type[Model], values: Any, source: str) -> Model:
    """Return ``model`` made of ``values``, or raise `InputError` on everything that is wrong."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        lines = list(dict.fromkeys(_explain(e, model, source) for e in error.errors()))
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


def _explain(error: Mapping[str, Any], model: type[BaseModel], source: str) -> str:
    path = error["loc"]
    place = ".".join(map(str, path))
    start = f"{source}: {place}" if place else source
    if error["type"] == "extra_forbidden":
        return f"{start} is not a key.{nearest(str(path[-1]), _keys_at(model, path[:-1]))}"
    if error["type"] == "missing":
        return f"{start} is missing."
    if error["type"] == "value_error":
        return f"{start}: {str(error['ctx']['error']).rstrip('.')}."
    if error["type"] in ("model_type", "dict_type"):
        return f"{start} should be a mapping of keys to values."
    if path[-1:] == ("[key]",):
        return f"{start.removesuffix('.[key]')} is not a key: {error['msg'].lower()}."
    return f"{start} is {_SHORT.repr(error['input'])}: {error['msg'].lower()}."


def _keys_at(model: Any, path: Sequence[Any]) -> list[str]:
    """Return the keys of the model at a path, as they are written in the file."""
    for part in path:
        model = next(filter(None, (_step(kind, part) for kind in _kinds(model))), None)
    fields = [pair for k in _kinds(model) for pair in getattr(k, "model_fields", {}).items()]
    return list(dict.fromkeys(field.alias or name for name, field in fields))


def _kinds(annotation: Any) -> Iterator[Any]:
    """Yield the members of a union, or the one type that it is; after a model those made of it."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType):
        yield from itertools.chain.from_iterable(map(_kinds, get_args(annotation)))
        return
    yield annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield from itertools.chain.from_iterable(map(_kinds, annotation.__subclasses__()))


def _step(kind: Any, part: Any) -> Any:
    """Return the type of a model's field, or of a mapping's or list's elements."""
    for name, field in getattr(kind, "model_fields", {}).items():
        if part in (name, field.alias):
            return field.annotation
    return get_args(kind)[-1] if get_origin(kind) in (dict, list, tuple) else None
