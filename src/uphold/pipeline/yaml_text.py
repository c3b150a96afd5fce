"""Where keys and values stand in a text of YAML, for edits that leave all the rest as it is."""

from typing import Any

import yaml

Pair = tuple[Any, Any]
"""A key and its value, as nodes that know their places in the text."""


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
