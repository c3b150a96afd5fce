"""The places in the code that pages lead to, and whether they are there.

In: a document, or a module that makes a part of pages. Out: a problem for each link to a file that
does not exist, and for each place, a file below ``src`` and a name in it, that the code does not
have. A page opens no code while it is made, so that it does not depend on what it leads to; here
the code is opened, and nothing is run. That is why a place must be written out where a link is
made of it: ``("training/mixup.py", "mix")``.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from uphold.errors import nearest
from uphold.rendering import skeleton, tree
from uphold.rendering.document import Problem, parse
from uphold.rendering.vocabulary import CODE

LINKED = "linked"
"""The function of `uphold.pages.source_links` that makes a link of a place."""

_FILE = re.compile(r"[\w./-]+\.py")
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def in_document(path: Path) -> list[Problem]:
    """Return what is wrong with the places that a document leads to, in prose and in its code."""
    document = parse(path)
    source = path.resolve().parent.parent / "src"
    parts = [(c.source, c.source_line) for c in document.cells]
    parts += [(e.source, e.line) for e in document.expressions]
    found = [problem for text, line in parts for problem in _in_python(text, line, source)]
    read = skeleton.read(document)
    for element in tree.walk([read.blocks, *(phrase.inlines for phrase in read.phrases)]):
        target = element["c"][2][0] if element["t"] == "Link" else ""
        file = target.removeprefix(CODE).partition("#")[0]
        if target.startswith(CODE) and not (source / file).exists():
            line = document.find(re.escape(target))
            found.append(Problem(line, f"link to {target!r}, but there is no src/{file}."))
    return sorted(set(found))


def page_modules(source: Path) -> list[Path]:
    """Return the modules that make pages: those in folders ``page`` or ``pages`` below ``src``."""
    modules = sorted(source.rglob("*.py"))
    return [m for m in modules if {"page", "pages"} & set(m.relative_to(source).parts[:-1])]


def in_module(path: Path, source: Path) -> list[Problem]:
    """Return what is wrong with the places that a module of Python writes out.

    Parameters
    ----------
    path : Path
    source : Path
        The folder ``src``, below which the places lie.
    """
    return sorted(set(_in_python(path.read_text("utf-8"), 1, source)))


def _in_python(text: str, first: int, source: Path) -> Iterator[Problem]:
    try:
        code = ast.parse(text)
    except SyntaxError as error:
        yield Problem(first + (error.lineno or 1) - 1, f"this is not Python: {error.msg}.")
        return
    nodes = list(ast.walk(code))
    places = [place for node in nodes for place in _places(node)]
    paired = [place.node for place in places]
    for place in places:
        if wrong := _missing(place, source):
            yield Problem(first + place.node.lineno - 1, wrong)
    links = [node for node in nodes if isinstance(node, ast.Call) and _makes_link(node)]
    for link in links:
        if not any(isinstance(a, ast.Starred) or a in paired for a in link.args):
            yield Problem(
                first + link.lineno - 1,
                "a link whose place is not written out: its file and its name stand in it, or in"
                " a table of such pairs, as texts.",
            )
    for node in nodes if links else ():
        if isinstance(node, ast.Constant) and _is_file(node.value) and node not in paired:
            yield Problem(
                first + node.lineno - 1,
                f"{node.value!r} stands without the name that it leads to.",
            )


class _Place(NamedTuple):
    node: ast.Constant
    file: str
    name: str


def _places(node: ast.AST) -> Iterator[_Place]:
    """Yield the place of which a tuple or the arguments of a call consist."""
    match node:
        case ast.Tuple(elts=parts) | ast.Call(args=parts):
            match parts:
                case [ast.Constant(value=str(file)) as first, ast.Constant(value=str(name))]:
                    if _is_file(file):
                        yield _Place(first, file, name)


def _is_file(value: object) -> bool:
    return isinstance(value, str) and bool(_FILE.fullmatch(value))


def _makes_link(call: ast.Call) -> bool:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name == LINKED
    return False


def _missing(place: _Place, source: Path) -> str:
    """Say what of a place is not there: nothing, where it is."""
    _, file, name = place
    if not (source / file).is_file():
        return f"leads to src/{file}, which does not exist."
    body = ast.parse((source / file).read_text("utf-8")).body
    for part in name.split("."):
        here = {node.name: node.body for node in body if isinstance(node, _DEFINITIONS)}
        if part not in here:
            return f"leads to {name!r}, which src/{file} does not have.{nearest(part, here)}"
        body = here[part]
    return ""
