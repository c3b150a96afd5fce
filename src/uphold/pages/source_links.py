"""Links from a page to places in the code, found there when the page is made.

Files are read and never imported, and only the file and the name are given: lines move whenever the
code is touched, names seldom.
"""

import ast
from pathlib import Path

from uphold.errors import InputError
from uphold.rendering.vocabulary import CODE, SOURCE

DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def source_place(file: str, name: str, source: Path = SOURCE) -> str:
    """Return ``src/<file>: name`` of a function, class or method, having found it there.

    Parameters
    ----------
    file : str
        Below ``src``.
    name : str
        ``function``, ``Class`` or ``Class.method``.
    source : Path
        The folder of the code that is running.

    Raises
    ------
    InputError
        Where the code has no such thing: the page would lead nowhere.
    """
    path = f"src/{file}"
    try:
        body = ast.parse((source / file).read_text("utf-8")).body
    except FileNotFoundError:
        raise InputError(f"The page leads to {path}, which is not there.") from None
    for part in name.split("."):
        node = next((n for n in body if isinstance(n, DEFINITIONS) and n.name == part), None)
        if node is None:
            raise InputError(f"The page leads to {name} in {path}, which is not there.")
        body = node.body
    return f"{path}: {name}"


def linked(file: str, name: str) -> str:
    """Return what `source_place` does, as a link in Markdown that leads from a page to the file.

    The path may be broken after its folders, where a column is narrow.
    """
    shown = source_place(file, name).replace("/", "/\u200b")
    return f"[{shown}]({CODE}{file})"
