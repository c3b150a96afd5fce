"""A YAML file of a run's settings → plain values.

Trackers write whatever Python held, so there may be tags such as ``!!python/tuple``. Nothing is
ever made of such a tag: its list, mapping or text is taken for what it is.
"""

from pathlib import Path
from typing import Any

import yaml

from uphold.errors import InputError
from uphold.format import count
from uphold.runlog.importers.plain_yaml import read_plain
from uphold.validation import UNMADE

_FASTEST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MOST_VALUES = 100_000
"""Beyond this a file is no run's settings; aliases can write a billion values in a line."""
DEEPEST = 50
FEW_MARKS = 1000


class _Loader(_FASTEST):  # type: ignore[misc]
    """A safe loader to which a tag says nothing."""


def _untagged(loader: Any, _: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node)


_Loader.add_multi_constructor("", _untagged)


def read_settings(path: Path) -> dict[str, Any]:
    """Return the settings in a YAML file, none where it is empty.

    Raises
    ------
    InputError
        It cannot be read, or it is no mapping in YAML.
    """
    found = _read(path)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise _no_settings(path, f"it holds {type(found).__name__}, not keys with values")
    return found


def read_words(path: Path) -> list[str]:
    """Return the texts in a YAML file that is a list of some, none where it is empty.

    Raises
    ------
    InputError
        It cannot be read, or it is no list of texts in YAML.
    """
    found = _read(path) or []
    if not isinstance(found, list) or not all(isinstance(word, str) for word in found):
        raise _no_settings(path, "it is no list of settings")
    return found


def _read(path: Path) -> Any:
    try:
        with path.open("rb") as file:
            text = file.read().decode("utf-8")
        if (plain := read_plain(text)) is not None:
            return plain
        _refuse_depth(text)
        found = _plain(text)
        _refuse_size(found)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from None
    except (yaml.YAMLError, *UNMADE, RecursionError) as error:
        raise _no_settings(path, " ".join(str(error).split())) from None
    return found


def _plain(text: str) -> Any:
    loader = _Loader(text)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def _no_settings(path: Path, reason: str) -> InputError:
    return InputError(
        f"{path} holds no settings in YAML ({reason[:200]}): copy it again from where it was"
        " written, or move its run away."
    )


def _refuse_depth(text: str) -> None:
    """Raise where values stand too deep in one another: the loader would break Python itself."""
    if sum(map(text.count, "[{-?:")) < FEW_MARKS:  # each level takes one of these
        return
    depth = 0
    for event in yaml.parse(text, Loader=_FASTEST):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise ValueError(f"it is nested more than {DEEPEST} deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _refuse_size(value: Any) -> None:
    """Raise where values are too many or too deep, those of an alias as often as it stands."""
    level, seen = [value], 0
    for _ in range(DEEPEST):
        held = [list(v.values()) if isinstance(v, dict) else v for v in level]
        level = []
        for values in held:
            if isinstance(values, list | tuple | set):
                seen += len(values)
                if seen > MOST_VALUES:
                    raise ValueError(f"more than {count(MOST_VALUES)} values")
                level += values
        if not level:
            return
    raise ValueError(f"it is nested more than {DEEPEST} deep")
