"""What a disk may hold after a loss of power, from what a stage asked of it and in which order.

The model is that of POSIX and no stronger. Data of a file are there for certain once that file was
flushed after they were written; an entry of a folder (a file made, renamed, removed) once that
folder was. Of all else that was asked before the power went, each step is there or not, whatever
came before or after it; data that are not there may leave the file short, cut, or as long as it
should be and full of zeros. A rename is one step: both names change or none. Steps of the recorded
stage that the model does not know are refused.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from shim import Step

SINGLY = 4
"""Of so many entries that are not certain, the last ones, each is there alone and missing alone."""
AT_RANDOM = 2
"""So many states a moment keep a random part of what is not certain."""

Tree = dict[str, bytes]
"""What lies below a folder by its path: contents, `FOLDER`, or a link as `LINK` and its target."""
FOLDER, LINK = b"/", b"@"


class Unknown(Exception):
    """A step whose outcome the model cannot tell."""


@dataclass(eq=False)
class Node:
    """A file, a folder or a link, whatever its name."""

    content: bytes
    entries: "dict[str, Node]" = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    """One thing that becomes certain, or not, by itself.

    Attributes
    ----------
    step : int
        The number of the step that asked for it.
    certain : int
        The number of the step from which on it is there in any case.
    node : Node
        The file whose data, or the folder whose entry, it changes.
    data : bytes, optional
        What was written at `offset`; without it the file was cut to that size.
    name : str
        Of an entry, its name; `was` and `new` are what it led to before and after.
    also : Change, optional
        Of a rename, the old name, which goes with the new one.
    """

    step: int
    certain: int
    node: Node
    data: bytes | None = None
    offset: int = 0
    name: str = ""
    was: Node | None = None
    new: Node | None = None
    also: "Change | None" = None


NEVER = 10**9


class Recorded:
    """A recorded stage, as changes of a tree.

    Parameters
    ----------
    before : mapping
        What lay there, all of it certain.
    steps : sequence of Step
        What was done below `folder`; steps elsewhere are left out.
    folder : str
    """

    def __init__(self, before: Mapping[str, bytes], steps: Sequence[Step], folder: str) -> None:
        self.before, self._folder = before, folder
        self.steps = [
            s for s in steps if s.what == "mark" or any(map(self._inside, (s.path, s.to)))
        ]
        self._now: dict[int, dict[str, Node]] = {}
        self._first = self._grown(before)
        self.changes: list[Change] = []
        for number, step in enumerate(self.steps, start=1):
            self._do(number, step)

    def states(self, seed: int) -> list[tuple[int, Tree]]:
        """Return what may lie there, each once, with the last moment at which it may."""
        chance, found = random.Random(seed), dict[int, tuple[int, Tree]]()
        for moment in range(1, len(self.steps) + 1):
            for kept in self._kept(moment, chance):
                state = self._made(kept)
                found[hash(tuple(sorted(state.items())))] = (moment, state)
        return list(found.values())

    def said(self, moment: int) -> list[str]:
        """Return the marks that the stage had set at a moment."""
        return [step.path for step in self.steps[:moment] if step.what == "mark"]

    # -- from steps to changes ------------------------------------------------------------------

    def _inside(self, path: str) -> bool:
        return f"{path}/".startswith(f"{self._folder}/")

    def _grown(self, tree: Mapping[str, bytes]) -> Node:
        """Make the nodes of a tree as it is before the stage; `_now` begins like that."""
        nodes = {"": Node(FOLDER)}
        for path in sorted(tree):
            above, _, name = path.rpartition("/")
            nodes[path] = nodes[above].entries[name] = Node(tree[path])
        self._now = {id(node): dict(node.entries) for node in nodes.values()}
        return nodes[""]

    def _at(self, path: str) -> tuple[Node, str]:
        """Return the folder of a path, as it is while the stage runs, and the name in it."""
        node = self._first
        *above, name = PurePosixPath(path).relative_to(self._folder).parts
        for part in above:
            node = self._entries(node)[part]
        return node, name

    def _node(self, path: str) -> Node | None:
        if path == self._folder:
            return self._first
        folder, name = self._at(path)
        return self._entries(folder).get(name)

    def _entries(self, node: Node) -> dict[str, Node]:
        return self._now.setdefault(id(node), {})

    def _do(self, number: int, step: Step) -> None:
        match step.what:
            case "open":
                if step.size:
                    self._entry(number, step.path, Node(b""))
                elif step.offset and (node := self._node(step.path)):
                    self.changes.append(Change(number, NEVER, node))
            case "mkdir":
                self._entry(number, step.path, Node(FOLDER))
            case "symlink":
                self._entry(number, step.to, Node(LINK + step.path.encode()))
            case "link":
                self._entry(number, step.to, self._node(step.path))
            case "unlink" | "rmdir":
                self._entry(number, step.path, None)
            case "rename":
                self._rename(number, step)
            case "write":
                if node := self._written(step.path):
                    self.changes.append(Change(number, NEVER, node, step.data, step.offset))
            case "truncate":
                if node := self._written(step.path):
                    self.changes.append(Change(number, NEVER, node, None, step.size))
            case "fsync":
                self._flush(number, self._node(step.path))
            case "close" | "mark":
                pass
            case _:
                raise Unknown(f"{step.to or step.what} of {step.path}")

    def _written(self, path: str) -> Node | None:
        """Return the file that is written; none where it has no name any more."""
        return None if path.endswith(" (deleted)") else self._node(path)

    def _entry(self, number: int, path: str, new: Node | None, **also: Change) -> None:
        folder, name = self._at(path)
        entries = self._entries(folder)
        change = Change(number, NEVER, folder, name=name, was=entries.get(name), new=new, **also)
        if new is None:
            entries.pop(name, None)
        else:
            entries[name] = new
        self.changes.append(change)

    def _rename(self, number: int, step: Step) -> None:
        if not (self._inside(step.path) and self._inside(step.to)):
            raise Unknown(f"rename of {step.path} to {step.to}, from or to another folder")
        node = self._node(step.path)
        self._entry(number, step.path, None)
        self._entry(number, step.to, node, also=self.changes.pop())

    def _flush(self, number: int, node: Node | None) -> None:
        """Make all certain that was asked of a file or a folder; of a rename, its new name's."""
        self.changes = [
            replace(c, certain=number) if c.node is node and c.certain == NEVER else c
            for c in self.changes
        ]

    # -- from changes to states -----------------------------------------------------------------

    def _kept(self, moment: int, chance: random.Random) -> Iterator[list[Change]]:
        """Yield what is there of the changes that were asked for until a moment."""
        asked = [c for c in self.changes if c.step <= moment]
        loose = [c for c in asked if c.certain > moment]
        data, names = [c for c in loose if not c.name], [c for c in loose if c.name]

        def but(*gone: Change, instead: Mapping[int, Change] = {}) -> list[Change]:
            left = {id(c) for c in gone}
            return [instead.get(id(c), c) for c in asked if id(c) not in left]

        yield asked
        yield but(*loose)
        yield but(*data)
        yield but(*names)
        for change in (_zeroed, _cut):
            yield but(instead={id(c): change(c) for c in data})
        for one in names[-SINGLY:]:
            yield but(*(c for c in loose if c is not one))
            yield but(one)
        for _ in range(AT_RANDOM if loose else 0):
            gone = [c for c in loose if chance.random() < 0.5]
            cut = {id(c): _cut(c) for c in data if chance.random() < 0.3}
            yield but(*gone, instead=cut)

    def _made(self, kept: Sequence[Change]) -> Tree:
        """Return what lies there once some changes were made, in their order."""
        contents: dict[int, bytes] = {}
        entries: dict[int, dict[str, Node]] = {}

        def of(node: Node) -> dict[str, Node]:
            return entries.setdefault(id(node), dict(node.entries))

        def set_entry(c: Change) -> None:
            if c.new is not None:
                of(c.node)[c.name] = c.new
            elif of(c.node).get(c.name) is c.was:
                of(c.node).pop(c.name, None)

        for c in kept:
            if c.name:
                for change in filter(None, (c.also, c)):
                    set_entry(change)
                continue
            now = contents.get(id(c.node), c.node.content)
            if c.data is None:  # cut, or made longer, to a size
                contents[id(c.node)] = now[: c.offset].ljust(c.offset, b"\0")
            else:
                contents[id(c.node)] = now[: c.offset].ljust(c.offset, b"\0") + c.data
                contents[id(c.node)] += now[c.offset + len(c.data) :]
        found: Tree = {}

        def walk(node: Node, path: str) -> None:
            for name, inner in of(node).items():
                found[f"{path}{name}"] = contents.get(id(inner), inner.content)
                if inner.content == FOLDER:
                    walk(inner, f"{path}{name}/")

        walk(self._first, "")
        return found


def _zeroed(change: Change) -> Change:
    return change if change.data is None else replace(change, data=bytes(len(change.data)))


def _cut(change: Change) -> Change:
    return (
        change
        if change.data is None
        else replace(change, data=change.data[: len(change.data) // 2])
    )
