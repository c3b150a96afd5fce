"""The digest of the code that a run passes through: by definition, not by file.

In: where a run enters the code. Out: one digest over all definitions (functions, classes, tables)
that can be reached from there by the names they use, and over what the modules that are imported on
the way do when they are imported: a definition moved, an alias renamed, a function added that
nobody calls, an annotation or the wording of an error keep it; a constant, a default, an operator,
a decorator, a helper many calls away change it.

What is promised: where code is found by a computed name (``importlib``, ``eval``, ``globals``) or
reads its own text or files beside it, and where ``torch.jit`` or ``torch.library`` is handed a
function, whose types it reads, every file of the packages counts.

Where it is too wide: what another package's function makes while a module is imported, unless it is
known to do nothing else (`code_effects`), counts; so do the name of a local variable, a new field
with a default in a class that a run makes, and every method of the settings, because names that are
computed or read off objects could tell them apart.

What it does not see, so that reviews have to: a property, an operator or an item's access that
changes something else while its module is imported; and what the functions around training
(validators, ``plan``, the journal, worker pipes) change in other modules' objects. For torch a test
holds that they do not reach for it. The machine, environment variables and other packages are no
code of ours.

How it is computed: each definition's text (see `code_text`) has marks where it uses others. A
definition's digest starts as that of its text; then, as often as the farthest definition is steps
away from an entry, all digests are taken anew over the text and the digests of those it uses.
Definitions that call each other in a circle need nothing else.
"""

import ast
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from uphold.errors import InputError
from uphold.pipeline import digest
from uphold.pipeline.code_annotations import Looks
from uphold.pipeline.code_effects import Effects
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
    dotted,
)
from uphold.pipeline.code_text import Text

CONTRACT = "uphold.training.contract"
ARITHMETIC = "uphold.training.arithmetic"
"""What every study's ``load`` and ``train`` are called by."""
COMMAND = ("uphold.cli", "uphold.cli.train")
"""What trains: what its modules do when they are imported is done in every process that does."""


@cache
def of_training(study: str, settings: str, root: Path | None = None) -> str:
    """Return the digest of what determines a run of a study, its settings and data apart.

    It is what ``load`` and ``train`` of ``studies.<study>.training`` reach, and those of
    `uphold.training.arithmetic`, which call them; what these may call of the run's settings:
    methods and properties; and what is done on import by all modules that a process which trains
    the study imports. Fields, their defaults and validators, and ``canonical`` act through the
    canonical settings, which stand in the run key themselves. ``plan`` does not count: in which
    lane a run is trained changes no result. Nor do the functions around: which run is trained
    when, in which process, and what is told of it.

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
    entries += [Node(ARITHMETIC, "load"), Node(ARITHMETIC, "train")]
    entries += [Node(module, name, SETTINGS), Node(CONTRACT, "Task", SETTINGS)]
    return of_code(entries, root, imported=(*COMMAND, f"studies.{study}.study"))


def of_command(root: Path | None = None) -> str:
    """Return the digest of what determines a run of a command beside its program.

    It is how its arguments are formed and how what it has written is read. Its files are data, and
    stand in the run key as those do; what lies around a run (folders, processes, limits) decides
    nothing.
    """
    ours = "uphold.command"
    entries = [Node(f"{ours}.arguments", "filled")]
    entries += [Node(f"{ours}.results", part) for part in ("numbers", "history")]
    return of_code(entries, root)


def of_code(entries: Iterable[Node], root: Path | None = None, imported: Iterable[str] = ()) -> str:
    """Return one digest over what some definitions reach.

    Parameters
    ----------
    entries : iterable of Node
    root : Path, optional
        The folder of the packages; by default where the import system finds them.
    imported : iterable of str
        Modules that count only by what is done when they are imported, and when those are that
        they import, within functions too.

    Raises
    ------
    InputError
        Where an entry is not defined.
    """
    names = SymbolTable(root)
    starts = [_definition(names, entry) for entry in entries]
    done = [Node(module, "", EFFECTS) for module in sorted(names.reached(imported))]
    graph = Graph(names).follow(starts, done)
    if graph.reads_errors:  # a caught error's words can reach a result: then they count
        graph = Graph(names, wording=True).follow(starts, done)
    return _of_all_files(root) if graph.untraceable else graph.digest()


class Graph:
    """The definitions that are reached, each with its text and the others that it uses."""

    def __init__(self, names: SymbolTable, *, wording: bool = False) -> None:
        self.names, self.wording = names, wording
        self.effects = Effects(names)
        self.texts: dict[Node, Text] = {}
        self.starts: list[Node] = []

    def follow(self, starts: list[Node], done: Iterable[Node] = ()) -> "Graph":
        """Add everything that is reached from some definitions, and from what imports do."""
        self.starts, waiting = starts, [*starts, *done]
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
        looks = Looks(self.effects, module)
        text = Text(self.names, module, looks, looks.compiled, self.wording)
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
            for statement in self.effects.acting(module):
                text.write(statement)
            return text
        for statement in module.bindings[node.name]:
            if node.view == SETTINGS and isinstance(statement, ast.ClassDef):
                self._settings(module, statement, text)
            else:
                text.write(statement)
        for statement in self.effects.filling(module, node.name):
            text.write(statement)
        return text

    def _settings(self, module: Module, node: ast.ClassDef, text: Text) -> None:
        """Add what training may call of a class of settings, and of those that it holds."""
        keeps = any(_is_private(statement) for statement in node.body)
        kept = [s for s in node.body if not self._speaks_through_its_key(module, s, keeps)]
        text.settings(node, kept)
        held = (s.annotation for s in node.body if isinstance(s, ast.AnnAssign))
        for name in sorted({name for annotation in held for name in _names(annotation)}):
            for found in self._classes(module.name, name.split("."), set()):
                text.use(found)

    def _speaks_through_its_key(self, module: Module, statement: ast.stmt, keeps: bool) -> bool:
        """Whether a part of a class of settings acts on the canonical settings alone.

        A validator does, unless the class has, or the validator sets, what is no field.
        """
        if isinstance(statement, ast.AnnAssign):
            name, kind = ast.unparse(statement.target), ast.unparse(statement.annotation)
            return not name.startswith("_") and "ClassVar" not in kind and "Final" not in kind
        if isinstance(statement, ast.FunctionDef):
            made = [
                self.effects.callee(module, decorator) for decorator in statement.decorator_list
            ]
            called = [t.name for t in made if isinstance(t, Outside)]
            checks = [n for n in called if n.startswith("pydantic.") and "computed" not in n]
            hides = keeps or any(_hides(node) for node in ast.walk(statement))
            return statement.name == "canonical" or (bool(checks) and not hides)
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


def _is_private(statement: ast.stmt) -> bool:
    """Whether a part of a class is an attribute of its instances that is no field."""
    match statement:
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
            return name.startswith("_")
    return False


def _hides(node: ast.AST) -> bool:
    """Whether a part of a validator may set something that is no field."""
    match node:
        case ast.Attribute(attr=name):
            return name.startswith("_")
        case ast.Name(id=name):
            return name in ("setattr", "vars")
    return False


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
