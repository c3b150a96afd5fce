"""A definition → what of it can change a result, as text, and the names outside it that it uses.

Left out: comments, docstrings, annotations that nothing looks at, layout, the wording of errors.
A name of the module is written as what it stands for: a name of another package in full, a
definition of ours as a mark whose meaning is that definition's own digest. So neither an alias nor
a definition's place counts, and what it does, does.
"""

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from uphold.pipeline.code_modules import (
    MODULE,
    SETTINGS,
    Module,
    Node,
    OurModule,
    Outside,
    SymbolTable,
    Target,
    bound,
    dotted,
    origin,
)

MARK = "\0"

# What finds code, or text, in ways that reading names cannot follow.
UNTRACEABLE_NAMES = frozenset(
    "__import__ eval exec compile globals __file__ __path__ __spec__ __loader__ __doc__".split()  # noqa: SIM905
)
UNTRACEABLE_ATTRIBUTES = frozenset(
    "__subclasses__ __annotations__ __doc__ __globals__ __code__ __defaults__ __file__".split()  # noqa: SIM905
)
UNTRACEABLE_MODULES = ("importlib", "imp", "pkgutil", "runpy", "inspect", "gc")
UNTRACEABLE = ("sys.modules", "typing.get_type_hints", "typing_extensions.get_type_hints")

# What looks at an error without having caught it by name.
READING_ATTRIBUTES = frozenset({"exception", "exc_info", "__cause__", "__context__"})
READING_MODULES = ("traceback",)

READING_TORCH = ("torch.jit.", "torch.library.")
"""What of torch takes types from annotations, for code or for a schema."""

MARKS = tuple(
    f"{module}.{name}"
    for module in ("typing", "typing_extensions")
    for name in ("final", "override")
)
"""Decorators for type checkers: they change nothing."""
MEANINGFUL = ("ClassVar", "InitVar", "KW_ONLY")
"""Annotations by which dataclasses and settings tell a field from another thing."""


Decorated = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class Text:
    """The text of some statements, filled by `write`.

    Parameters
    ----------
    names : SymbolTable
    module : Module
        Where the statements stand.
    looked_at : callable
        Takes a function or a class; returns whether something may look at its annotations.
    compiled : callable
        Takes one as well; returns whether those of all that stands within it count.
    wording : bool
        Whether the wording of errors counts.

    Attributes
    ----------
    parts : list of str
    uses : list of Node
        The definitions that the marks in `parts` stand for, in their order.
    imports : list of str
        The modules that its import statements run.
    untraceable : bool
        Whether it uses something that cannot be followed.
    reads_errors : bool
        Whether it looks at an error that it caught, so that wording can reach a result.
    """

    def __init__(
        self,
        names: SymbolTable,
        module: Module,
        looked_at: Callable[[Decorated], bool],
        compiled: Callable[[Decorated], bool],
        wording: bool,
    ) -> None:
        self.names, self.module, self.wording = names, module, wording
        self.looked_at, self.compiled = looked_at, compiled
        self.parts: list[str] = []
        self.uses: list[Node] = []
        self.imports: list[str] = []
        self.untraceable = False
        self.reads_errors = False
        self._within_compiled = False
        self._scopes: list[set[str]] = []
        self._caught: list[str] = []

    def write(self, node: object) -> None:
        """Add a statement, an expression, a list of them, or a plain value."""
        if isinstance(node, list):
            self.parts.append("[")
            for part in node:
                self.write(part)
            self.parts.append("]")
        elif not isinstance(node, ast.AST):
            self.parts.append(f"{type(node).__name__}:{node!r},")
        elif (special := getattr(self, f"_{type(node).__name__}", None)) is not None:
            special(node)
        else:
            self._plainly(node)

    def use(self, target: Target) -> None:
        """Add what a name stands for."""
        if isinstance(target, Outside):
            top = target.name.partition(".")[0]
            known = not target.name.startswith("importlib.metadata")
            self.untraceable |= top in UNTRACEABLE_MODULES and known
            self.reads_errors |= top in READING_MODULES or target.name == "sys.exc_info"
            self.untraceable |= any(f"{target.name}.".startswith(f"{u}.") for u in UNTRACEABLE)
            self.parts.append(f"outside:{target.name},")
            return
        self.uses.append(Node(target.name, "", MODULE) if isinstance(target, OurModule) else target)
        self.parts.append(MARK)

    def settings(self, node: ast.ClassDef, kept: list[ast.stmt]) -> None:
        """Add a class of settings: its bases and the part of its body that training can call."""
        self.parts.append("Settings(")
        self._decorators(node)
        for base in node.bases:
            found, rest = self._chain(base)
            if isinstance(found, Node) and not rest:
                self.use(Node(found.module, found.name, SETTINGS))
            else:
                self.write(base)
        self._body(kept)

    # One method a kind of syntax that is not written as it stands.

    def _FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.parts.append(f"{type(node).__name__}:{node.name}(")
        self._decorators(node)
        with self._compiling(node):
            annotated = self._within_compiled or self.looked_at(node)
            self._arguments(node.args, annotated)
            if annotated:
                self.write(node.returns)
            with self._scope(bound(node.body) | _parameters(node.args)):
                self._body(node.body)

    _AsyncFunctionDef = _FunctionDef

    def _Lambda(self, node: ast.Lambda) -> None:
        self.parts.append("Lambda(")
        self._arguments(node.args, annotated=False)
        with self._scope(_parameters(node.args)):
            self.write(node.body)

    def _Call(self, node: ast.Call) -> None:
        called, _ = self._chain(node.func)
        if isinstance(called, Outside) and called.name.startswith(READING_TORCH):
            # What it is given is ours: no decorator says so where that is defined.
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            self.untraceable |= any(self._chain(part)[0] is not None for part in given)
        self._plainly(node)

    def _ClassDef(self, node: ast.ClassDef) -> None:
        self.parts.append(f"ClassDef:{node.name}(")
        self._decorators(node)
        self.write(node.bases)
        self.write(node.keywords)
        with self._compiling(node):
            for statement in _telling(node.body):
                if isinstance(statement, ast.AnnAssign):
                    self._field(statement, self._within_compiled or self.looked_at(node))
                else:
                    self.write(statement)
        self.parts.append(")")

    def _AnnAssign(self, node: ast.AnnAssign) -> None:
        if self._within_compiled:
            self.write(node.annotation)
        if node.value is not None:  # without a value it declares, and does nothing
            self._plainly(ast.Assign([node.target], node.value))

    def _Assign(self, node: ast.Assign) -> None:
        self._plainly(ast.Assign(node.targets, node.value))  # no comment on its type

    def _Name(self, node: ast.Name) -> None:
        name, stored = node.id, not isinstance(node.ctx, ast.Load)
        self.reads_errors |= name in self._caught and not stored
        here = any(name in scope for scope in self._scopes)
        found = None if here else self.names.resolve(self.module.name, name)
        if found is None or (stored and not self._scopes):
            self.untraceable |= not here and name in UNTRACEABLE_NAMES
            self.parts.append(f"{type(node.ctx).__name__}:{name},")
            return
        self.parts.append(f"{type(node.ctx).__name__}:{name}=" if stored else "")
        self.use(found)

    def _Attribute(self, node: ast.Attribute) -> None:
        self.untraceable |= not UNTRACEABLE_ATTRIBUTES.isdisjoint(dotted(node) or [node.attr])
        self.reads_errors |= node.attr in READING_ATTRIBUTES
        found, rest = self._chain(node)
        if found is None or not isinstance(node.ctx, ast.Load):
            self._plainly(node)
            return
        self.use(found)
        self.parts += [f".{name}" for name in rest]

    def _Import(self, node: ast.Import | ast.ImportFrom) -> None:
        """Within a function or a block: names of its own for what it imports."""
        base = "" if isinstance(node, ast.Import) else origin(self.module, node)
        self.imports += self.names.imported(self.module, node)
        for alias in node.names:
            self.parts.append(f"import:{alias.asname or alias.name}=")
            if not base:
                name = alias.name if alias.asname else alias.name.partition(".")[0]
                self.use(OurModule(name) if self.names.ours(name) else Outside(name))
            elif alias.name == "*" and self.names.ours(base):
                self.use(OurModule(base))
            else:
                self.use(self.names.attribute(base, alias.name))

    _ImportFrom = _Import

    def _Raise(self, node: ast.Raise) -> None:
        self.parts.append("Raise(")
        error, caught = node.exc, self._caught
        self._caught = []  # raising it again does not look at it
        if self.wording or not isinstance(error, ast.Call):
            self.write(error)
        else:
            self.write(error.func)
            for argument in error.args:
                # An argument that is no text may be what the error is raised to carry.
                self.parts.append("text,") if _is_text(argument) else self.write(argument)
            self.write([k for k in error.keywords if not _is_text(k.value)])
        self._caught = caught

    def _Assert(self, node: ast.Assert) -> None:
        self.parts.append("Assert(")
        self.write(node.test)
        if self.wording:
            self.write(node.msg)

    def _ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self.parts.append(f"Except:{node.name}(")
        self.write(node.type)
        self._caught.append(node.name or "")
        self._body(node.body)
        self._caught.pop()

    def _comprehended(self, node: Comprehension) -> None:
        self.parts.append(f"{type(node).__name__}(")
        first, *_ = node.generators
        self.write(first.iter)  # read outside the scope that the comprehension opens
        stored = (n for g in node.generators for n in ast.walk(g.target))
        with self._scope({n.id for n in stored if isinstance(n, ast.Name)}):
            for generator in node.generators:
                self.write(generator.target)
                self.write(None if generator is first else generator.iter)
                self.write(generator.ifs)
                self.write(generator.is_async)
            self.write([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt])

    _ListComp = _SetComp = _DictComp = _GeneratorExp = _comprehended

    def _plainly(self, node: ast.AST) -> None:
        self.parts.append(f"{type(node).__name__}(")
        for name, value in ast.iter_fields(node):
            if isinstance(value, list) and name in ("body", "orelse", "finalbody"):
                self._body(value)
            elif name not in ("kind", "type_comment", "type_params"):
                self.write(value)
        self.parts.append(")")

    def _decorators(self, node: Decorated) -> None:
        self.write([d for d in node.decorator_list if not self._is_mark(d)])

    def _is_mark(self, decorator: ast.expr) -> bool:
        found, _ = self._chain(decorator)
        return isinstance(found, Outside) and found.name in MARKS

    def _body(self, statements: list[ast.stmt]) -> None:
        self.write(_telling(statements))

    def _arguments(self, node: ast.arguments, annotated: bool) -> None:
        every = [*node.posonlyargs, *node.args, *node.kwonlyargs, node.vararg, node.kwarg]
        counts = (len(node.posonlyargs), len(node.args), len(node.kwonlyargs))
        self.parts.append(f"{counts}{[a and a.arg for a in every]}")
        self.write(node.defaults)
        self.write(node.kw_defaults)
        if annotated:
            self.write([a and a.annotation for a in every])

    def _field(self, node: ast.AnnAssign, annotated: bool) -> None:
        text = ast.unparse(node.annotation)
        marks = [word for word in MEANINGFUL if word in text]
        self.parts.append(f"Field:{ast.unparse(node.target)}{marks}=")
        self.write(node.value)
        if annotated:
            self.write(node.annotation)

    def _chain(self, node: ast.AST) -> tuple[Target | None, list[str]]:
        names = dotted(node)
        if names is None or any(names[0] in scope for scope in self._scopes):
            return None, []
        return self.names.chain(self.module.name, names)

    @contextmanager
    def _compiling(self, node: Decorated) -> Iterator[None]:
        before = self._within_compiled
        self._within_compiled = before or self.compiled(node)
        yield
        self._within_compiled = before

    @contextmanager
    def _scope(self, names: set[str]) -> Iterator[None]:
        self._scopes.append(names)
        yield
        self._scopes.pop()


def _telling(statements: list[ast.stmt]) -> list[ast.stmt]:
    """Leave out statements that do nothing: docstrings, ``...`` and ``pass``."""

    def idle(s: ast.stmt) -> bool:
        constant = isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant)
        return constant or isinstance(s, ast.Pass)

    return [s for s in statements if not idle(s)]


def _parameters(node: ast.arguments) -> set[str]:
    every = [*node.posonlyargs, *node.args, *node.kwonlyargs, node.vararg, node.kwarg]
    return {argument.arg for argument in every if argument}


def _is_text(node: ast.expr) -> bool:
    """Whether an expression is text by its form: a literal, or literals put together."""
    match node:
        case ast.JoinedStr() | ast.Constant(value=str()):
            return True
        case ast.BinOp(op=ast.Add() | ast.Mod()):
            return _is_text(node.left)
        case ast.Call(func=ast.Attribute(attr="join" | "format", value=text)):
            return _is_text(text)
        case ast.IfExp():
            return _is_text(node.body) and _is_text(node.orelse)
    return False
