"""A YAML file of a run's settings → plain values.

Trackers write whatever Python held, so there may be tags such as ``!!python/tuple``. Nothing is
ever made of such a tag: its list, mapping or text is taken for what it is.
"""

from pathlib import Path
from typing import Any

import yaml

from uphold.errors import InputError

_FASTEST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MOST_VALUES = 100_000
"""Beyond this a file is no run's settings; aliases can write a billion values in a line."""


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
    try:
        found = yaml.load(path.read_text("utf-8"), Loader=_Loader)
        _count(found)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}.") from None
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise _no_settings(path, " ".join(str(error).split())) from None
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise _no_settings(path, f"it holds {type(found).__name__}, not keys with values")
    return found


def _no_settings(path: Path, reason: str) -> InputError:
    return InputError(
        f"{path} holds no settings in YAML ({reason[:200]}): copy it again from where it was"
        " written, or move its run away to read the others."
    )


def _count(value: Any) -> None:
    waiting, seen = [value], 0
    while waiting:
        taken = waiting.pop()
        if isinstance(taken, dict):
            waiting += taken.values()
        elif isinstance(taken, list | tuple | set):
            waiting += taken
        seen += 1
        if seen + len(waiting) > MOST_VALUES:
            raise ValueError(f"more than {MOST_VALUES:,} values")
