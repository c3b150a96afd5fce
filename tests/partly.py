"""What is found, as far as a test needs it: models of which parts may be missing or exchanged."""

from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from uphold.analysis.model.found import Found


def partly(kind: Any, value: Any) -> Any:
    """Return a value of a model's kind, at any depth, without asking for all of its parts."""
    kind = _plain(kind)
    if value is None or isinstance(value, Found):
        return value
    if get_origin(kind) is dict:
        return {key: partly(_kind(kind, key), each) for key, each in value.items()}
    if get_origin(kind) is tuple:
        return tuple(partly(_kind(kind), each) for each in value)
    if _is_model(kind):
        aliases = {field.alias: name for name, field in kind.model_fields.items()}
        named = {aliases.get(key, key): each for key, each in value.items()}
        unknown = set(named) - set(kind.model_fields)
        assert not unknown, f"{kind.__name__} has no {', '.join(sorted(unknown))}"
        return kind.model_construct(**{k: partly(_kind(kind, k), v) for k, v in named.items()})
    return value


def put(value: Any, found: Any, *path: str) -> None:
    """Exchange the part of what was found that stands at a path."""
    kind, last = type(found), path[-1]
    for part in path[:-1]:
        kind, found = _kind(kind, part), getattr(found, part, None) or found[part]
    parts = vars(found) if isinstance(found, Found) else found
    parts[last] = partly(_kind(kind, last), value)


def _kind(kind: Any, part: str = "") -> Any:
    """Return the kind of a model's part, or of what a container holds."""
    kind = _plain(kind)
    if _is_model(kind):
        return kind.model_fields[part].annotation
    return get_args(kind)[-1 if get_origin(kind) is dict else 0] if get_args(kind) else Any


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Found)


def _plain(kind: Any) -> Any:
    """Return a kind without what it is annotated with, and without the None that it may be."""
    if get_origin(kind) is Annotated:
        return _plain(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        kinds = [each for each in get_args(kind) if each is not NoneType]
        return _plain(kinds[0]) if len(kinds) == 1 else Any
    return kind
