"""Where keys and values stand in a text of YAML, for edits that leave all the rest as it is."""

import re
from typing import Any

import yaml

Pair = tuple[Any, Any]
"""A key and its value, as nodes that know their places in the text."""


_NO_TEXT = re.compile(
    r"~|y|n|yes|no|on|off|true|false|null|[-+]?\.?(?:inf|nan)"
    r"|[-+]?0x[0-9a-f_]+|[-+]?0[ob][0-7_]+|[0-9]+(?:-[0-9]+)+"
    r"|[-+]?[0-9][0-9_]*(?:[.:][0-9:_]*)?(?:e[-+]?[0-9]+)?",
    re.IGNORECASE,
)


def means_itself(name: str) -> bool:
    """Return whether a name is text to every reader of YAML.

    ``on`` is a truth value, ``12`` and ``1e5`` are numbers and ``2024-01-01`` is a day to YAML 1.1
    or to YAML 1.2: readers of either read params.
    """
    return _NO_TEXT.fullmatch(name) is None


def pair(node: Any, key: str) -> Pair | None:
    """Return a key of a mapping with its value, None where there is none."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((pair for pair in pairs if pair[0].value == key), None)


def end(node: Any) -> int:
    """Return where a value ends: in block style where its last part does, before any comment."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)
