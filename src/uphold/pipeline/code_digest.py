"""The digest of the code that a run passes through: by definition, not by file.

In: where a run enters the code. Out: one digest over all definitions (functions, classes, tables)
that can be reached from there by the names they use, and over what the modules that are imported on
the way do when they are imported: a definition moved, an alias renamed, a function added that
nobody calls, an annotation or the wording of an error keep it; a constant, a default, an operator,
a decorator, a helper many calls away change it.

What is promised: it may be too wide, never too narrow. Where code is found by a computed name
(``importlib``, ``eval``, ``globals``) or reads its own text or files beside it, every file of the
packages counts.

How it is computed: each definition's text (see `code_text`) has marks where it uses others. A
definition's digest starts as that of its text; then, as often as the farthest definition is steps
away from an entry, all digests are taken anew over the text and the digests of those it uses.
Definitions that call each other in a circle need nothing else.
"""

import ast
import builtins
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from uphold.errors import InputError
from uphold.pipeline import digest
from uphold.pipeline.code_modules import (
    EFFECTS,
    MODULE,
    SETTINGS,
    WHOLE,
    Module,
    Node,
    OurModule,
    Outside,
    SymbolTable,
    Target,
    dotted,
)
from uphold.pipeline.code_text import Decorated, Text

CONTRACT = "uphold.training.contract"

# Of calls and decorators: what only makes a value (or wraps a function) and leaves all else alone.
MAKING = frozenset(
    "abc collections contextlib dataclasses decimal enum fractions functools itertools math "  # noqa: SIM905
    "operator pathlib pydantic re reprlib types typing typing_extensions".split()
)
ACTING_BUILTINS = frozenset(
    "__import__ delattr eval exec globals input open print setattr".split()  # noqa: SIM905
)
READING_METHODS = frozenset(
    "copy count format get index items join keys lower replace split strip upper union values "  # noqa: SIM905
    "setter getter deleter".split()
)
DISPATCHING = ("functools.singledispatch", "functools.singledispatchmethod")
RUNNING_HOOKS = frozenset(
    "__init__ __new__ __post_init__ __init_subclass__ __set_name__".split()  # noqa: SIM905
)


@cache
def of_training(study: str, settings: str, root: Path | None = None) -> str:
    """Return the digest of what determines a run of a study, its settings and data apart.

    It is what ``load`` and ``train`` of ``studies.<study>.training`` reach, and what these may call
    of the run's settings: methods and properties. Fields, their defaults and validators, and
    ``canonical`` act through the canonical settings, which stand in the run key themselves.
    ``plan`` does not count: in which lane a run is trained changes no result.

    Parameters
    ----------
    study : str
        The study's name.
    settings : str
        The class of its run settings, as ``module:name``.
    root : Path, optional
        The folder of the packages; by default where the import system finds them.
    """
    module, _, name = settings.partition(":")
    training = f"studies.{study}.training"
    entries = [Node(training, "load"), Node(training, "train")]
    entries += [Node(module, name, SETTINGS), Node(CONTRACT, "Task", SETTINGS)]
    return of_code(entries, root)


def of_code(entries: Iterable[Node], root: Path | None = None) -> str:
    """Return one digest over what some definitions reach.

    Raises
    ------
    InputError
        Where an entry is not defined.
    """
    names = SymbolTable(root)
    starts = [_definition(names, entry) for entry in entries]
    graph = Graph(names).follow(starts)
    if graph.reads_errors:  # a caught error's words can reach a result: then they count
        graph = Graph(names, wording=True).follow(starts)
    return _of_all_files(root) if graph.untraceable else graph.digest()


class Graph:
    """The definitions that are reached, each with its text and the others that it uses."""

    def __init__(self, names: SymbolTable, *, wording: bool = False) -> None:
        self.names, self.wording = names, wording
        self.texts: dict[Node, Text] = {}
        self.starts: list[Node] = []

    def follow(self, starts: list[Node]) -> "Graph":
        """Add everything that is reached from some definitions."""
        self.starts, waiting = starts, [*starts]
        while waiting:
            node = waiting.pop()
            if node not in self.texts:
                text = self.texts[node] = self._text(node)
                waiting += text.uses
                for module in (node.module, *text.imports):
                    waiting += self._imported(module)
        return self

    @property
    def untraceable(self) -> bool:
        """Whether something of it cannot be followed by its names."""
        return any(text.untraceable for text in self.texts.values())

    @property
    def reads_errors(self) -> bool:
        """Whether something of it looks at an error that was raised."""
        return any(text.reads_errors for text in self.texts.values())

    def digest(self) -> str:
        """Return the digest of the whole."""
        effects = [n for n, text in self.texts.items() if n.view == EFFECTS and text.parts]
        own = {node: _sha("".join(text.parts)) for node, text in self.texts.items()}
        found = own
        for _ in range(self._steps([*self.starts, *effects])):
            found = {
                node: _sha(own[node], *(found[used] for used in text.uses))
                for node, text in self.texts.items()
            }
        # Sorted: where a module lies does not count, nor one that does nothing.
        return _sha(*(found[node] for node in self.starts), *sorted(found[n] for n in effects))

    def _steps(self, level: Iterable[Node]) -> int:
        """Return how many uses the farthest definition is away; imports alone do not count."""
        seen, steps = set(level), 0
        while level := {used for node in level for used in self.texts[node].uses} - seen:
            seen |= level
            steps += 1
        return steps

    def _text(self, node: Node) -> Text:
        module = self.names.module(node.module)
        text = Text(self.names, module, _Looks(self.names, module), self.wording)
        if node.view == MODULE:
            for name in sorted({*module.bindings, *module.imports}):
                text.parts.append(f"{name}=")
                text.use(self.names.attribute(module.name, name))
            text.use(Node(module.name, "", EFFECTS))
            for part in self.names.inside(module.name):
                text.use(Node(part, "", MODULE))
            for base in module.stars:
                text.use(OurModule(base) if self.names.ours(base) else Outside(base))
            return text
        if node.view == EFFECTS:
            for statement in self._acting(module):
                text.write(statement)
            return text
        for statement in module.bindings[node.name]:
            if node.view == SETTINGS and isinstance(statement, ast.ClassDef):
                self._settings(module, statement, text)
            else:
                text.write(statement)
        for statement in self._filling(module, node.name):
            text.write(statement)
        return text

    def _settings(self, module: Module, node: ast.ClassDef, text: Text) -> None:
        """Add what training may call of a class of settings, and of those that it holds."""
        kept = [s for s in node.body if not self._speaks_through_its_key(module, s)]
        text.settings(node, kept)
        held = (s.annotation for s in node.body if isinstance(s, ast.AnnAssign))
        for name in sorted({name for annotation in held for name in _names(annotation)}):
            for found in self._classes(module.name, name.split("."), set()):
                text.use(found)

    def _speaks_through_its_key(self, module: Module, statement: ast.stmt) -> bool:
        """Whether a part of a class of settings acts on the canonical settings alone."""
        if isinstance(statement, ast.AnnAssign):
            name = ast.unparse(statement.target)
            return not name.startswith("_") and "ClassVar" not in ast.unparse(statement.annotation)
        if isinstance(statement, ast.FunctionDef):
            made = [self._callee(module, decorator) for decorator in statement.decorator_list]
            called = [t.name for t in made if isinstance(t, Outside)]
            checks = [n for n in called if n.startswith("pydantic.") and "computed" not in n]
            return statement.name == "canonical" or bool(checks)
        return False

    def _classes(self, module: str, names: list[str], seen: set[Node]) -> list[Node]:
        """Return the classes of ours that an annotation's name stands for, through aliases."""
        found, rest = self.names.chain(module, names)
        if not isinstance(found, Node) or rest or found.view != WHOLE or found in seen:
            return []
        seen.add(found)
        classes = []
        for statement in self.names.module(found.module).bindings[found.name]:
            if isinstance(statement, ast.ClassDef):
                classes.append(Node(found.module, found.name, SETTINGS))
            else:
                for name in sorted(_names(statement)):
                    classes += self._classes(found.module, name.split("."), seen)
        return classes

    def _imported(self, module: str) -> list[Node]:
        """Return what is done when a module is imported: by it and by those above and below it."""
        parts = module.split(".")
        reached = [".".join(parts[: i + 1]) for i in range(len(parts))]
        here = self.names.module(module)
        for statement in here.statements:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                reached += self.names.imported(here, statement)
        return [Node(name, "", EFFECTS) for name in reached]

    # What a module does beyond defining names.

    def _acting(self, module: Module) -> list[ast.stmt]:
        filling = {id(s) for name in module.bindings for s in self._filling(module, name)}
        return [s for s in module.statements if id(s) not in filling and self._acts(module, s)]

    def _filling(self, module: Module, name: str) -> list[ast.stmt]:
        """Return the statements that fill a table of the module itself: they belong to it."""
        first, *more = module.bindings.get(name, [None])
        value = first.value if isinstance(first, ast.Assign | ast.AnnAssign) else None
        if value is None or not self._fresh(module, value):
            return []
        if any(isinstance(s, ast.Import | ast.ImportFrom) for s in more):
            return []
        return [s for s in module.statements if self._fills(module, s, name)]

    def _fills(self, module: Module, statement: ast.stmt, name: str) -> bool:
        """Whether a statement changes the table of that name alone: no deeper than its entries."""
        match statement:
            case ast.Assign(targets=targets, value=value):
                inside = [t for t in targets for t in (t.elts if isinstance(t, ast.Tuple) else [t])]
                places = [t for t in inside if isinstance(t, ast.Subscript | ast.Attribute)]
                if len(places) < len(inside):
                    return False
                tables = [place.value for place in places]
                parts = [value, *(t.slice for t in inside if isinstance(t, ast.Subscript))]
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=table)) as call):
                tables = [table]
                parts = [*call.args, *(k.value for k in call.keywords)]
            case _:
                return False
        ours = all(isinstance(table, ast.Name) and table.id == name for table in tables)
        return ours and not any(self._acts_inside(module, part) for part in parts)

    def _fresh(self, module: Module, value: ast.expr) -> bool:
        """Whether a value is made here and shares nothing with another table."""
        if isinstance(value, ast.Call):
            made = self._callee(module, value)
            arguments = [*value.args, *(k.value for k in value.keywords)]
            named = any(isinstance(part, ast.Name) for a in arguments for part in ast.walk(a))
            return isinstance(made, Outside) and not named and self._makes(module, value)
        return isinstance(value, ast.List | ast.Dict | ast.Set | ast.ListComp | ast.DictComp)

    def _acts(self, module: Module, statement: ast.stmt) -> bool:
        """Whether a statement, when its module is imported, may do more than bind its names."""
        match statement:
            case ast.Import() | ast.ImportFrom() | ast.Pass():
                return False
            case ast.Expr(value=ast.Constant()):
                return False
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                defaults = [*statement.args.defaults, *filter(None, statement.args.kw_defaults)]
                return self._decorated(module, statement) or any(
                    self._acts_inside(module, default) for default in defaults
                )
            case ast.ClassDef():
                return (
                    self._decorated(module, statement)
                    or bool(statement.keywords)
                    or any(self._hooked(module, base) for base in statement.bases)
                    or any(self._acts(module, part) for part in statement.body)
                )
            case ast.Assign() | ast.AnnAssign():
                targets: list[ast.expr] = (
                    [statement.target]
                    if isinstance(statement, ast.AnnAssign)
                    else statement.targets
                )
                plain = all(
                    isinstance(
                        part, ast.Name | ast.Starred | ast.Tuple | ast.List | ast.expr_context
                    )
                    for target in targets
                    for part in ast.walk(target)
                )
                value = statement.value
                return not plain or (value is not None and self._acts_inside(module, value))
        return True

    def _decorated(self, module: Module, node: Decorated) -> bool:
        return any(
            not self._makes(module, decorator) or self._acts_inside(module, decorator)
            for decorator in node.decorator_list
        )

    def _acts_inside(self, module: Module, value: ast.AST) -> bool:
        return any(
            isinstance(part, ast.NamedExpr | ast.Await)
            or (isinstance(part, ast.Call) and not self._makes(module, part))
            for part in ast.walk(value)
        )

    def _makes(self, module: Module, call: ast.expr) -> bool:
        """Whether a call, or a decorator, only makes a value."""
        match self._callee(module, call):
            case Outside(name):
                top, _, rest = name.partition(".")
                if top == "builtins":
                    return rest not in ACTING_BUILTINS and not self._passes_a_function(module, call)
                if top in ("functools", "itertools", "operator") and isinstance(call, ast.Call):
                    return not self._passes_a_function(module, call)
                return top in MAKING and name not in DISPATCHING
            case Node() as node:
                return self._plain_class(node)
        function = call.func if isinstance(call, ast.Call) else call
        return isinstance(function, ast.Attribute) and function.attr in READING_METHODS

    def _passes_a_function(self, module: Module, call: ast.expr) -> bool:
        arguments = (
            [*call.args, *(k.value for k in call.keywords)] if isinstance(call, ast.Call) else []
        )
        found = (self._callee(module, argument) for argument in arguments)
        return any(isinstance(t, Node) and not self._is_value(t) for t in found)

    def _is_value(self, node: Node) -> bool:
        statements = self.names.module(node.module).bindings.get(node.name, [])
        return bool(statements) and all(
            isinstance(s, ast.Assign | ast.AnnAssign | ast.ClassDef) for s in statements
        )

    def _plain_class(self, node: Node) -> bool:
        """Whether making an instance of a class of ours runs no code of ours."""
        module = self.names.module(node.module)
        statements = module.bindings.get(node.name, [])
        classes = [s for s in statements if isinstance(s, ast.ClassDef)]
        if node.view != WHOLE or len(classes) < len(statements):
            return False
        for one in classes:
            methods = {s.name for s in one.body if isinstance(s, ast.FunctionDef)}
            bases = (self._callee(module, base) for base in one.bases)
            plain = all(self._plain_class(b) for b in bases if isinstance(b, Node))
            if one.keywords or not plain or not RUNNING_HOOKS.isdisjoint(methods):
                return False
        return bool(classes)

    def _hooked(self, module: Module, base: ast.expr) -> bool:
        """Whether a base class of ours does something when a class is derived from it."""
        found = self._callee(module, base)
        if not isinstance(found, Node):
            return False
        there = self.names.module(found.module)
        for one in there.bindings.get(found.name, []):
            if not isinstance(one, ast.ClassDef) or one.keywords:
                return True
            hooks = any(getattr(s, "name", "") == "__init_subclass__" for s in one.body)
            if hooks or any(self._hooked(there, more) for more in one.bases):
                return True
        return False

    def _callee(self, module: Module, node: ast.expr) -> Target | None:
        """Return what is called, derived from or decorated with; None where that is no name."""
        while isinstance(node, ast.Call | ast.Subscript):
            node = node.func if isinstance(node, ast.Call) else node.value
        if (names := dotted(node)) is None:
            return None
        found, rest = self.names.chain(module.name, names)
        if found is None and len(names) == 1 and hasattr(builtins, names[0]):
            return Outside(f"builtins.{names[0]}")
        return None if rest else found


class _Looks:
    """Whether something may look at the annotations of a function or of a class."""

    def __init__(self, names: SymbolTable, module: Module) -> None:
        self.graph, self.module = Graph(names), module

    def __call__(self, node: Decorated) -> bool:
        seen_by = [*node.decorator_list]
        if isinstance(node, ast.ClassDef):
            if any(k.arg == "metaclass" for k in node.keywords):
                return True
            if self._models(self.module, node):
                return True
        return any(not self._blind(decorator) for decorator in seen_by)

    def _blind(self, decorator: ast.expr) -> bool:
        found = self.graph._callee(self.module, decorator)
        outside = isinstance(found, Outside) and not found.name.startswith("pydantic")
        if found is None:  # such as ``@total.setter``
            function = decorator.func if isinstance(decorator, ast.Call) else decorator
            return isinstance(function, ast.Attribute) and function.attr in READING_METHODS
        torch = outside and found.name.startswith("torch.")
        return torch or (outside and self.graph._makes(self.module, decorator))

    def _models(self, module: Module, node: ast.ClassDef) -> bool:
        """Whether a class derives from one that converts values to what its fields say."""
        for base in node.bases:
            found = self.graph._callee(module, base)
            if isinstance(found, Outside) and found.name.startswith("pydantic"):
                return True
            if isinstance(found, Node):
                there = self.graph.names.module(found.module)
                classes = there.bindings.get(found.name, [])
                if any(not isinstance(c, ast.ClassDef) or self._models(there, c) for c in classes):
                    return True
        return False


def _definition(names: SymbolTable, entry: Node) -> Node:
    """Return where an entry is defined: a package may have imported it from one of its modules."""
    found = names.resolve(entry.module, entry.name) if names.ours(entry.module) else None
    if not isinstance(found, Node):
        raise InputError(
            f"{entry.module} defines no {entry.name!r}: define it at the top level of the module, "
            "or import it there by its name."
        )
    return Node(found.module, found.name, entry.view)


def _of_all_files(root: Path | None) -> str:
    total = hashlib.sha256()
    for package in digest.PACKAGES:
        source = SymbolTable(root).source(package)
        if source is not None:
            every = (p for p in source.parent.rglob("*") if p.is_file())
            files = [p for p in every if "__pycache__" not in p.parts]
            total.update(digest.of_files(files, source.parent).encode())
    return total.hexdigest()


def _names(node: ast.AST) -> set[str]:
    """Return the dotted names in an annotation or an alias, those in strings among them."""
    names = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute | ast.Name) and (chain := dotted(part)):
            names.add(".".join(chain))
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            try:
                names |= _names(ast.parse(part.value, mode="eval"))
            except SyntaxError:
                continue  # a literal, such as "warmup-cosine run"
    return names


def _sha(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
