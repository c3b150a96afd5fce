"""Modules read as text: what each defines at its top level, and what a name in it stands for.

In: the folders of the packages `PACKAGES`. Out: `Module`, one file's top-level statements by the
names that they bind, and `SymbolTable.resolve`, which follows a name through imports, aliases and
re-exports to the definition behind it. Promised: nothing is imported or run.
"""

import ast
import importlib.util
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from uphold.pipeline.digest import PACKAGES, _source, _with_parents, source_in

WHOLE, SETTINGS, EFFECTS, MODULE = "whole", "settings", "effects", "module"


@dataclass(frozen=True)
class Node:
    """A definition, seen in one of four ways.

    Attributes
    ----------
    module, name : str
    view : {"whole", "settings", "effects", "module"}
        All of it; a class of settings without its fields; all that a module does when it is
        imported (`name` is empty); everything that a module defines (the same).
    """

    module: str
    name: str
    view: str = WHOLE


@dataclass(frozen=True)
class Outside:
    """A name of another package or a built-in one: ``torch.nn.functional.relu``."""

    name: str


@dataclass(frozen=True)
class OurModule:
    """A module of ours."""

    name: str


Target = Node | Outside | OurModule


@dataclass
class Module:
    """The top level of one file.

    Attributes
    ----------
    name : str
    package : str
        What its relative imports start from.
    statements : list of ast.stmt
        In their order. Blocks for type checkers and for a module that is run as a script are left
        out: neither runs when the module is imported.
    bindings : dict of str to list of ast.stmt
        The statements that bind a name, imports apart.
    imports : dict of str to (str, str or None)
        What a name is imported from: a module, and the name in it unless it is the module itself.
    stars : list of str
        Modules from which everything is imported.
    """

    name: str
    package: str
    statements: list[ast.stmt]
    bindings: dict[str, list[ast.stmt]] = field(default_factory=dict)
    imports: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)


class SymbolTable:
    """What names stand for, over all modules below one root.

    Parameters
    ----------
    root : Path or None
        The folder of the packages; None: where the import system finds them.
    """

    def __init__(self, root: Path | None = None) -> None:
        self.root = root
        self.module = cache(self._module)
        self.source = cache(self._find)
        self.resolve = cache(self._resolve)
        self._open: set[tuple[str, str]] = set()

    def attribute(self, module: str, name: str) -> Target:
        """Return what ``module.name`` stands for; the whole module where that cannot be told."""
        if not self.ours(module):
            return Outside(f"{module}.{name}")
        return self.resolve(module, name) or Node(module, "", MODULE)

    def ours(self, module: str) -> bool:
        """Whether a module belongs to the packages and is there."""
        return module.partition(".")[0] in PACKAGES and self.source(module) is not None

    def chain(self, module: str, names: list[str]) -> tuple[Target | None, list[str]]:
        """Follow ``a.b.c`` from a module's names; return the target and what is left of it."""
        found, rest = self.resolve(module, names[0]), names[1:]
        while isinstance(found, OurModule) and rest:
            found, rest = self.attribute(found.name, rest[0]), rest[1:]
        if isinstance(found, Outside):
            return Outside(".".join([found.name, *rest])), []
        return found, rest

    def imported(self, module: Module, statement: ast.Import | ast.ImportFrom) -> list[str]:
        """Return the modules of ours that an import statement runs, their packages among them."""
        if isinstance(statement, ast.Import):
            names = [alias.name for alias in statement.names]
        else:
            base = origin(module, statement)
            names = [base, *(f"{base}.{alias.name}" for alias in statement.names)]
        parts = [name.split(".") for name in names]
        every = {".".join(p[: i + 1]) for p in parts for i in range(len(p))}
        return sorted(filter(self.ours, every))

    def reached(self, modules: Iterable[str]) -> set[str]:
        """Return modules and all that are imported by them, within functions too, or by those."""
        seen: set[str] = set()
        waiting = [part for name in modules for part in _with_parents(name)]
        while waiting:
            if (name := waiting.pop()) not in seen:
                seen.add(name)
                here = self.module(name)
                for node in (n for s in here.statements for n in ast.walk(s)):
                    if isinstance(node, ast.Import | ast.ImportFrom):
                        waiting += self.imported(here, node)
        return seen

    def inside(self, package: str) -> list[str]:
        """Return the modules directly inside a package, sorted; none inside a plain module."""
        source = self._file(package)
        if source.name != "__init__.py":
            return []
        found = {path.stem for path in source.parent.glob("*.py")} - {"__init__"}
        found |= {path.parent.name for path in source.parent.glob("*/__init__.py")}
        return sorted(f"{package}.{name}" for name in found)

    def _find(self, name: str) -> Path | None:
        return _source(name) if self.root is None else source_in([self.root], name)

    def _file(self, name: str) -> Path:
        if (path := self.source(name)) is None:
            raise ModuleNotFoundError(f"There is no module {name}.", name=name)
        return path

    def _module(self, name: str) -> Module:
        path = self._file(name)
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        module = Module(name, package, _running(ast.parse(path.read_text("utf-8")).body))
        for statement in module.statements:
            _bind(module, statement)
        return module

    def _resolve(self, module: str, name: str) -> Target | None:
        if (module, name) in self._open:  # ``from . import part`` in a package: it is the module
            return OurModule(f"{module}.{name}") if self.ours(f"{module}.{name}") else None
        self._open.add((module, name))
        try:
            return self._follow(module, name)
        finally:
            self._open.remove((module, name))

    def _follow(self, module: str, name: str) -> Target | None:
        here = self.module(module)
        if name in here.bindings:
            return Node(module, name)
        if name in here.imports:
            base, attribute = here.imports[name]
            if attribute is None:
                return OurModule(base) if self.ours(base) else Outside(base)
            if not self.ours(base) and base.partition(".")[0] in PACKAGES:
                return Outside(f"{base}.{attribute}")  # not there: importing it will say so
            return self.attribute(base, attribute)
        if self.ours(f"{module}.{name}"):
            return OurModule(f"{module}.{name}")
        for base in here.stars:
            found = self.resolve(base, name) if self.ours(base) else Outside(f"{base}.*.{name}")
            if found is not None:
                return found
        return None


def origin(module: Module, statement: ast.ImportFrom) -> str:
    """Return the full name of the module that ``from … import`` names."""
    base = statement.module or ""
    if statement.level:
        return importlib.util.resolve_name("." * statement.level + base, module.package)
    return base


def bound(statements: list[ast.stmt]) -> set[str]:
    """Return the names that statements bind in their own scope, nested scopes left out."""
    names: set[str] = set()
    declared: set[str] = set()
    waiting: list[ast.AST] = list(statements)
    while waiting:
        node = waiting.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.add(node.name)
                continue
            case ast.Lambda():
                continue
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                # Its own names stay inside; what := binds in it does not.
                inside = (n for n in ast.walk(node) if isinstance(n, ast.NamedExpr))
                names |= {n.target.id for n in inside}
                continue
            case ast.Global() | ast.Nonlocal():
                declared |= set(node.names)
            case ast.Name(ctx=ast.Store() | ast.Del()):
                names.add(node.id)
            case ast.Import() | ast.ImportFrom():
                names |= {a.asname or a.name.partition(".")[0] for a in node.names}
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)):
                names.add(name)
            case ast.MatchStar(name=str(name)) | ast.MatchMapping(rest=str(name)):
                names.add(name)
        waiting += ast.iter_child_nodes(node)
    return names - declared


def dotted(node: ast.AST) -> list[str] | None:
    """Return ``["a", "b", "c"]`` for ``a.b.c``, None for anything else."""
    names: list[str] = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return [node.id, *reversed(names)] if isinstance(node, ast.Name) else None


def _running(statements: list[ast.stmt]) -> list[ast.stmt]:
    """Leave out what does not run when a module is imported."""
    kept: list[ast.stmt] = []
    for statement in statements:
        if isinstance(statement, ast.If) and _never(statement.test):
            kept += _running(statement.orelse)
        else:
            kept.append(statement)
    return kept


def _never(test: ast.expr) -> bool:
    if (names := dotted(test)) is not None:
        return names[-1] == "TYPE_CHECKING"
    return ast.unparse(test) in ("__name__ == '__main__'", "'__main__' == __name__")


def _bind(module: Module, statement: ast.stmt) -> None:
    if not isinstance(statement, ast.Import | ast.ImportFrom):
        for name in bound([statement]):
            if name in module.imports:  # bound twice: which of the two counts cannot be told
                module.bindings[name] = [_import(name, *module.imports.pop(name))]
            module.bindings.setdefault(name, []).append(statement)
        return
    base = "" if isinstance(statement, ast.Import) else origin(module, statement)
    for alias in statement.names:
        if alias.name == "*":
            module.stars.append(base)
            continue
        name = alias.asname or alias.name.partition(".")[0]
        target = (base, alias.name) if base else (alias.name if alias.asname else name, None)
        if name in module.bindings or module.imports.get(name, target) != target:
            module.bindings.setdefault(name, []).append(_import(name, *target))
            if name in module.imports:
                module.bindings[name].insert(0, _import(name, *module.imports.pop(name)))
        else:
            module.imports[name] = target


def _import(name: str, base: str, attribute: str | None) -> ast.stmt:
    if attribute is None:
        return ast.Import([ast.alias(base, name)])
    return ast.ImportFrom(base, [ast.alias(attribute, name)], 0)
