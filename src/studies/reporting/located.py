"""Places in the code that a page leads to, found there when the page is made.

Files are read and never imported, and only the file and the name are told: lines move whenever the
code is touched, names seldom.
"""

import ast
from pathlib import Path

from studies.errors import InputError


def located(root: Path, file: str, name: str) -> str:
    """Return ``path: name`` of a function, class or method, having found it there.

    Raises
    ------
    InputError
        Where the code has no such thing: the page would lead nowhere.
    """
    path = Path("src/studies") / file
    try:
        body = ast.parse((root / path).read_text("utf-8")).body
    except FileNotFoundError:
        raise InputError(f"The page leads to {path}, which is not there.") from None
    for part in name.split("."):
        node = next((n for n in body if getattr(n, "name", None) == part), None)
        if node is None:
            raise InputError(f"The page leads to {name} in {path}, which is not there.")
        body = node.body
    return f"{path.as_posix()}: {name}"
