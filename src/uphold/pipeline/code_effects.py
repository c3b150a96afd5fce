"""What a module does when it is imported, beyond defining its names.

In: modules read as text. Out: the statements that act, those that only fill a table of the module,
and what a call or a decorator calls. Promised: a call acts where the text does not tell that it
only makes a value. Taken for granted: attributes, items and operators only make values.
"""

import ast
import builtins

from uphold.pipeline.code_modules import WHOLE, Module, Node, Outside, SymbolTable, Target, dotted
from uphold.pipeline.code_text import Decorated

# Of calls and decorators: what only makes a value (or wraps a function) and leaves all else alone.
MAKING = frozenset(
    "abc collections contextlib dataclasses datetime decimal enum fractions functools itertools "  # noqa: SIM905
    "math operator pathlib pydantic re reprlib types typing typing_extensions".split()
)
MAKERS = frozenset(
    "logging.getLogger numpy.arange numpy.array numpy.dtype numpy.eye numpy.finfo numpy.float32 "  # noqa: SIM905
    "numpy.float64 numpy.int64 numpy.linspace numpy.ones numpy.zeros typer.Argument typer.Option "
    "typer.Typer".split()
)
"""The same, of packages whose other functions act."""
CALLING = ("functools", "itertools", "operator", "re")
"""Those of `MAKING` that may call a function which they are given."""
ACTING_OPERATORS = frozenset(
    "call delitem setitem iadd iand iconcat ifloordiv ilshift imatmul imod imul ior ipow irshift "  # noqa: SIM905
    "isub itruediv ixor".split()
)
ACTING_BUILTINS = frozenset(
    "__import__ delattr eval exec globals input open print setattr".split()  # noqa: SIM905
)
READING_METHODS = frozenset(
    "copy count format fromkeys get index items join keys lower replace split strip upper union "  # noqa: SIM905
    "values setter getter deleter".split()
)
DISPATCHING = ("functools.singledispatch", "functools.singledispatchmethod")
RUNNING_HOOKS = frozenset(
    "__init__ __new__ __post_init__ __init_subclass__ __set_name__".split()  # noqa: SIM905
)


class Effects:
    """Tells what acts from what only makes a value."""

    def __init__(self, names: SymbolTable) -> None:
        self.names = names

    def acting(self, module: Module) -> list[ast.stmt]:
        """Return the statements that act when the module is imported."""
        filling = {id(s) for name in module.bindings for s in self.filling(module, name)}
        return [s for s in module.statements if id(s) not in filling and self._acts(module, s)]

    def filling(self, module: Module, name: str) -> list[ast.stmt]:
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
            made = self.callee(module, value)
            arguments = [*value.args, *(k.value for k in value.keywords)]
            named = any(isinstance(part, ast.Name) for a in arguments for part in ast.walk(a))
            return isinstance(made, Outside) and not named and self.makes(module, value)
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
            not self.makes(module, decorator) or self._acts_inside(module, decorator)
            for decorator in node.decorator_list
        )

    def _acts_inside(self, module: Module, value: ast.AST) -> bool:
        return any(
            isinstance(part, ast.NamedExpr | ast.Await)
            or (isinstance(part, ast.Call) and not self.makes(module, part))
            for part in ast.walk(value)
        )

    def makes(self, module: Module, call: ast.expr) -> bool:
        """Whether a call, or a decorator, only makes a value."""
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Call):
            return False  # what it gives is called in its turn
        match self.callee(module, call):
            case Outside(name):
                top, _, rest = name.partition(".")
                if top == "builtins":
                    return rest not in ACTING_BUILTINS and not self._passes_a_function(module, call)
                if top == "operator" and rest.strip("_") in ACTING_OPERATORS:
                    return False
                if top in CALLING and isinstance(call, ast.Call):
                    return not self._passes_a_function(module, call)
                return name in MAKERS or (top in MAKING and name not in DISPATCHING)
            case Node() as node:
                return self._plain_class(node)
        function = call.func if isinstance(call, ast.Call) else call
        return isinstance(function, ast.Attribute) and function.attr in READING_METHODS

    def _passes_a_function(self, module: Module, call: ast.expr) -> bool:
        arguments = (
            [*call.args, *(k.value for k in call.keywords)] if isinstance(call, ast.Call) else []
        )
        found = (self.callee(module, argument) for argument in arguments)
        return any(isinstance(t, Node) and not self._is_value(t) for t in found) or any(
            self._is_method(module, argument) for argument in arguments
        )

    def _is_method(self, module: Module, argument: ast.expr) -> bool:
        """Whether an argument may be a method of an object of ours, such as ``TABLE.append``."""
        if not isinstance(argument, ast.Attribute) or argument.attr in READING_METHODS:
            return False
        found, rest = self.names.chain(module.name, dotted(argument) or [""])
        return isinstance(found, Node) and bool(rest)

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
            bases = (self.callee(module, base) for base in one.bases)
            plain = all(self._plain_class(b) for b in bases if isinstance(b, Node))
            if one.keywords or not plain or not RUNNING_HOOKS.isdisjoint(methods):
                return False
        return bool(classes)

    def _hooked(self, module: Module, base: ast.expr) -> bool:
        """Whether a base class of ours does something when a class is derived from it."""
        found = self.callee(module, base)
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

    def callee(self, module: Module, node: ast.expr) -> Target | None:
        """Return what is called, derived from or decorated with; None where that is no name."""
        while isinstance(node, ast.Call | ast.Subscript):
            node = node.func if isinstance(node, ast.Call) else node.value
        if (names := dotted(node)) is None:
            return None
        found, rest = self.names.chain(module.name, names)
        if found is None and len(names) == 1 and hasattr(builtins, names[0]):
            return Outside(f"builtins.{names[0]}")
        return None if rest else found
