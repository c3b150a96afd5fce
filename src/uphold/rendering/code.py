"""Documents format and never compute: the Python of cells and inline expressions, checked.

A cell may import from `uphold.pages` and from `studies.<study>.page`, call what it imported or
made, and give results names. It may not calculate, define, loop or branch, and it may not call
builtins: whatever a write-up says is worked out where tests reach it.
"""

import ast
import re
from collections.abc import Iterator

from uphold.rendering.document import Document, Problem, Prose

SOURCE = "uphold.pages"
_PAGE = re.compile(r"studies\.\w+\.page(\.|$)")
_ALLOWED = (
    *(ast.Module, ast.Expression, ast.Expr, ast.Assign, ast.Import, ast.ImportFrom, ast.alias),
    *(ast.Name, ast.Attribute, ast.Subscript, ast.Call, ast.keyword, ast.Constant),
    *(ast.List, ast.Tuple, ast.Dict, ast.expr_context),
)
_WORDS = {
    ast.BinOp: "arithmetic",
    ast.AugAssign: "arithmetic",
    ast.UnaryOp: "arithmetic",
    ast.Compare: "a comparison",
    ast.BoolOp: "a condition",
    ast.IfExp: "a condition",
    ast.If: "a condition",
    ast.For: "a loop",
    ast.While: "a loop",
    ast.Lambda: "a function",
    ast.FunctionDef: "a function",
    ast.ClassDef: "a class",
    ast.JoinedStr: "a format string",
}


def problems(document: Document) -> Iterator[Problem]:
    """Yield each place where the document's Python does more than call `uphold.pages`."""
    names: set[str] = set()  # what the code so far has imported or assigned
    for part in document.parts:
        if isinstance(part, Prose):
            for expression in part.expressions:
                yield from _expression(expression.source, expression.line, names)
        else:
            yield from _cell(part.source, part.source_line, names)


def imported(document: Document) -> list[str]:
    """Return what a document's cells import, by dotted names: modules, and names in them."""
    found: dict[str, None] = {}
    for cell in document.cells:
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.ImportFrom):
                found |= {f"{node.module}.{alias.name}": None for alias in node.names}
            elif isinstance(node, ast.Import):
                found |= {alias.name: None for alias in node.names}
    return list(found)


def _expression(source: str, line: int, names: set[str]) -> Iterator[Problem]:
    try:
        tree = ast.parse(source, mode="eval")
    except SyntaxError:
        yield Problem(line, f"inline expression {source!r} is not a Python expression.")
        return
    yield from (Problem(line, each.text) for each in _refused(tree, line, names))
    if not any(isinstance(node, ast.Name) for node in ast.walk(tree)):
        yield Problem(line, f"inline expression {source!r} is a constant, not a result.")


def _cell(source: str, line: int, names: set[str]) -> Iterator[Problem]:
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        yield Problem(line + (error.lineno or 1) - 1, f"this is not Python: {error.msg}.")
        return
    for statement in tree.body:
        yield from _refused(statement, line, names)
        names.update(_bound(statement))


def _refused(tree: ast.AST, line: int, names: set[str]) -> Iterator[Problem]:
    """Yield what a statement or expression may not do; `line` is that of the code's first line."""
    for node in ast.walk(tree):
        here = line + getattr(node, "lineno", 1) - 1
        if isinstance(node, ast.Import | ast.ImportFrom):
            for module in _modules(node):
                if not _is_allowed(module):
                    yield Problem(
                        here,
                        f"imports {module!r}; documents import {SOURCE} and a study's page alone.",
                    )
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            if node.id not in names:
                yield Problem(here, f"{node.id!r} is not imported or made by this document.")
        elif isinstance(node, ast.Attribute) and node.attr.startswith("_"):
            yield Problem(here, f"uses the private name {node.attr!r}.")
        elif not isinstance(node, _ALLOWED) and isinstance(node, ast.stmt | ast.expr):
            what = _WORDS.get(type(node), type(node).__name__)
            yield Problem(
                here,
                f"{what} in a document: it formats and never computes; move it to the code.",
            )


def _modules(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    source = "." * node.level + (node.module or "")
    # Of a study, which is no room for documents, only its page may be taken.
    return [f"{source}.{a.name}" if source.startswith("studies") else source for a in node.names]


def _is_allowed(module: str) -> bool:
    return module == SOURCE or module.startswith(f"{SOURCE}.") or bool(_PAGE.match(module))


def _bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement gives to things."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return {(alias.asname or alias.name).split(".")[0] for alias in statement.names}
    stored = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
    return {node.id for node in stored if isinstance(node.ctx, ast.Store)}
