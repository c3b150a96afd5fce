"""Why a value does not fit its key, in plain English, with one that does.

In: an error of a settings model and the model. Out: one sentence. Promised: it names the file and
the key, says what was found there and what belongs there, and its example is one that the key
takes: that of the field where it declares one, else one made of the field's type.
"""

import difflib
import itertools
from collections.abc import Iterator, Mapping, Sequence
from inspect import isabstract
from reprlib import Repr
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import yaml
from pydantic import BaseModel, PydanticSchemaGenerationError, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from uphold.errors import nearest

SCALARS: dict[Any, tuple[Any, ...]] = {
    bool: (True, False),
    int: (3, 1, 0, 10, 100, 1000),
    float: (0.1, 0.5, 1.5, 2.0, 10.0, 100.0),
    str: ("name",),
    Any: ("name", 0.1),
}
"""What examples are made of, the first that a field takes."""
KINDS = {
    "string_type": "text",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "a mapping of keys to values",
    "model_type": "a mapping of keys to values",
    "greater_than": "more than {gt}",
    "greater_than_equal": "{ge} or more",
    "less_than": "less than {lt}",
    "less_than_equal": "{le} or less",
    "short": "a longer list",
    "too_short": "of {min_length} or more",
    "too_long": "of {max_length} or fewer",
    "literal_error": "{expected}",
}
"""What belongs there, by the type of the error."""
LONGEST = 160
"""Characters of an example."""


class _Short(Repr):
    """Values as a file has them, cut where they are long."""

    maxlevel, maxstring, maxother = 2, 80, 80

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel, self.maxstring, self.maxother = 2, 80, 80

    def repr_bool(self, value: bool, level: int) -> str:
        return str(value).lower()

    def repr_NoneType(self, value: None, level: int) -> str:
        return "null"


def as_written(value: Any) -> str:
    """Return a value as a file has it, cut where it is long."""
    return _Short().repr(value)


def explained(
    errors: Sequence[Mapping[str, Any]], model: type[BaseModel], source: str
) -> list[str]:
    """Return what is wrong, a sentence for each value.

    Parameters
    ----------
    errors : sequence of mapping
        Pydantic's ``errors()``.
    model : type of BaseModel
        That was asked for.
    source : str
        The file, and the place in it where the model begins.
    """
    errors = [_of_the_list(error) for error in errors]
    # What is wrong within a value says why the whole of it does not fit.
    wholes = {error["loc"][:end] for error in errors for end in range(len(error["loc"]))}
    inner = (error for error in errors if error["loc"] not in wholes)
    return list(dict.fromkeys(_explained(error, model, source) for error in inner))


def _of_the_list(error: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an error of the whole list where it has too few elements."""
    path = error["loc"]
    if error["type"] == "missing" and isinstance(path[-1], int):
        return {**error, "loc": path[:-1], "type": "short"}
    return error


def _explained(error: Mapping[str, Any], model: type[BaseModel], source: str) -> str:
    path, kind, found = error["loc"], error["type"], error["input"]
    place = ".".join(map(str, path))
    start = f"{source}: {place}" if place else source
    if kind == "extra_forbidden":
        return f"{start} is not a key.{nearest(str(path[-1]), _keys_at(model, path[:-1]))}"
    if kind == "value_error":
        return f"{start}: {str(error['ctx']['error']).rstrip('.')}."
    if path[-1:] == ("[key]",) and isinstance(found, bool):
        quoted = '"yes"' if found else '"no"'
        whole = f"{source}: {'.'.join(map(str, path[:-2]))}" if path[:-2] else source
        return (
            f"{whole} has the key {as_written(found)}: YAML reads yes, no, on and off as true and"
            f" false. Put the key in quotes, such as {quoted}."
        )
    if path[-1:] == ("[key]",):
        return f"{start.removesuffix('.[key]')} is not a key: it should be {_kind(error)}."
    example = _such_as(model, path, None if kind == "missing" else found)
    if kind == "missing":
        return f"{start} is missing: give it{example}."
    near = ""
    if kind == "literal_error":
        near = _near(str(found), error["ctx"]["expected"])
    if kind == "too_short" and not found:
        return f"{start} is empty: it should hold at least one{example}."
    return f"{start} is {as_written(found)}: it should be {_kind(error)}{example}.{near}"


def _kind(error: Mapping[str, Any]) -> str:
    words: str = KINDS.get(error["type"], error["msg"].lower())
    return words.format(**error.get("ctx", {}))


def _near(found: str, expected: str) -> str:
    """Return a hint at the word that was meant, where one is near."""
    words = [word for word in expected.split("'") if word.strip(" ,") not in ("", "or")]
    close = difflib.get_close_matches(found, words, n=1)
    return f" Did you mean {close[0]!r}?" if close else ""


def _such_as(model: Any, path: Sequence[Any], found: Any) -> str:
    """Return ``", such as key: value"`` with a value that the key takes, or nothing."""
    while path and isinstance(path[-1], int):
        path = path[:-1]
        found = None
    if not path:
        return ""
    annotation, field = _at(model, path)
    for example in _examples(annotation, field, found):
        text = yaml.safe_dump(
            {str(path[-1]): example}, default_flow_style=True, sort_keys=False, width=10**6
        )
        if len(text) < LONGEST and _fits(annotation, field, example):
            return f", such as {text.strip()[1:-1]}"
    return ""


def example_of(model: type[BaseModel], key: str) -> Any:
    """Return a value that a key of a model takes: one that its field declares, else one made."""
    return next(_elements(*_at(model, (key,))))


def _examples(annotation: Any, field: FieldInfo | None, found: Any) -> Iterator[Any]:
    """Yield values that may fit, the most telling first."""
    metadata = [*_metadata(annotation), *([field] if field else [])]
    for one in metadata:
        yield from getattr(one, "examples", None) or ()
    if isinstance(found, int | float) and not isinstance(found, bool):
        yield str(found)
    if isinstance(found, str | int | float):
        yield [found]
    default = getattr(field, "default", None)
    if isinstance(default, bool | int | float | str) and default != "":
        yield default
    if isinstance(default, list | dict | tuple) and default:
        yield default if isinstance(default, dict) else list(default)
    yield from _made(annotation)


def _made(annotation: Any) -> Iterator[Any]:
    """Yield values of a type."""
    for kind in _kinds(annotation):
        origin, inner = get_origin(kind), get_args(kind)
        if origin is Literal:
            yield from inner
        elif origin is list or (origin is tuple and inner[1:] == (...,)):
            yield from ([one] for one in _elements(inner[0]))
            yield from (list(itertools.islice(_elements(inner[0]), many)) for many in (2, 3))
        elif origin is tuple:
            yield list(itertools.islice(_elements(inner[0]), len(inner)))
        elif origin is dict:
            yield {next(_elements(inner[0])): next(_elements(inner[1]), None)}
        elif isinstance(kind, type) and issubclass(kind, BaseModel) and not isabstract(kind):
            yield {
                field.alias or name: next(_elements(field.annotation, field), None)
                for name, field in kind.model_fields.items()
                if field.is_required()
            }
        else:
            yield from SCALARS.get(kind, ())


def _elements(annotation: Any, field: FieldInfo | None = None) -> Iterator[Any]:
    return (one for one in _examples(annotation, field, None) if _fits(annotation, field, one))


def _fits(annotation: Any, field: FieldInfo | None, value: Any) -> bool:
    """Return whether a field takes a value."""
    metadata = field.metadata if field else []
    whole: Any = Annotated[(annotation, *metadata)] if metadata else annotation
    try:
        TypeAdapter(whole).validate_python(value)
    except (ValidationError, PydanticSchemaGenerationError):
        return False
    return True


def _at(model: Any, path: Sequence[Any]) -> tuple[Any, FieldInfo | None]:
    """Return the type at a path, and the field where a model has it."""
    found: tuple[Any, FieldInfo | None] = model, None
    for part in path:
        steps = (_step(kind, part) for kind in _kinds(found[0]))
        found = next(filter(None, steps), (Any, None))
    return found


def _keys_at(model: Any, path: Sequence[Any]) -> list[str]:
    """Return the keys of the model at a path, as they are written in the file."""
    kinds = _kinds(_at(model, path)[0])
    fields = [pair for k in kinds for pair in getattr(k, "model_fields", {}).items()]
    return list(dict.fromkeys(field.alias or name for name, field in fields))


def _metadata(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        yield from metadata
        yield from _metadata(inner)


def _kinds(annotation: Any) -> Iterator[Any]:
    """Yield the members of a union, or the one type that it is; of an abstract model those made."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType):
        yield from itertools.chain.from_iterable(map(_kinds, get_args(annotation)))
        return
    yield annotation
    if (
        isinstance(annotation, type)
        and issubclass(annotation, BaseModel)
        and isabstract(annotation)
    ):
        yield from itertools.chain.from_iterable(map(_kinds, annotation.__subclasses__()))


def _step(kind: Any, part: Any) -> tuple[Any, FieldInfo | None] | None:
    """Return the type of a model's field, or of a mapping's or list's elements."""
    for name, field in getattr(kind, "model_fields", {}).items():
        if part in (name, field.alias):
            return field.annotation, field
    if get_origin(kind) in (dict, list):
        return get_args(kind)[-1], None
    return (get_args(kind)[0], None) if get_origin(kind) is tuple else None
