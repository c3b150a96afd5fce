"""The list of pages in ``reports/_quarto.yml``: a further page → the file's new text.

What is promised: all that stands in the file stays, comments included. A repository whose file has
no such list gets none: its pages lead to no others.
"""

import json
from pathlib import Path

import yaml

from uphold.errors import InputError
from uphold.pipeline.yaml_text import end, pair

FILE = Path("reports", "_quarto.yml")
_WAY = ("website", "sidebar", "contents")


def with_page(text: str, name: str, title: str) -> str:
    """Return the text of the file with a page at the end of the list, before its sections.

    Parameters
    ----------
    text : str
    name : str
        The document's, without its suffix.
    title : str
        What other pages call it.

    Raises
    ------
    InputError
        Where the list is written in one line.
    """
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    for key in _WAY:
        found = pair(node, key)
        if found is None:
            return text
        node = found[1]
    pages = node.value if isinstance(node, yaml.SequenceNode) and not node.flow_style else []
    pages = [each for each in pages if pair(each, "section") is None]
    if not pages:
        raise InputError(
            f"{FILE}: {'.'.join(_WAY)} is not a list with a page a line: give each of its pages a"
            " line of its own."
        )
    last = pages[-1]
    indent = " " * node.start_mark.column
    stop = text.find("\n", end(last))
    stop = len(text) if stop < 0 else stop
    shown = json.dumps(title, ensure_ascii=False)
    line = f"\n{indent}- {{text: {shown}, href: {name}.qmd}}"
    return text[:stop] + line + text[stop:]
