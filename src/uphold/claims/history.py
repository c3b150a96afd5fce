"""A repository's commits, newest first, with the files that each of them changed.

In: a folder of a repository, and the paths that count. Out: the commits that touched them, with
their parents among each other, and any file as it stood in any of them. Promised: nothing but what
git holds decides, so that a clone gives the same answer; where older commits are missing (a shallow
clone), `History.cut` says so. Times are those that git recorded, which whoever commits can set.
"""

import subprocess
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from uphold.claims.standing import Commit

NOTHING = "0"
"""What git writes, over and over, for the content of a file that is not there."""


class Touched(NamedTuple):
    """A file that a commit changed: what it was before in each parent, and what it became.

    Contents go by git's names for them, empty where there was no file; one that moved has its new
    path and its old content.
    """

    path: str
    before: tuple[str, ...]
    after: str


class Made(NamedTuple):
    """A commit, its parents (those that touched the paths as well), and what it changed."""

    commit: Commit
    parents: tuple[str, ...]
    files: tuple[Touched, ...]


class History:
    """The commits that touched some paths.

    Parameters
    ----------
    root : Path
        The folder that the paths start from.
    paths : sequence of str
        Files and folders.

    Attributes
    ----------
    cut : bool
        Whether older commits are missing.
    uncommitted : list of str
        The files that git knows and that are not as the last commit has them.
    """

    def __init__(self, root: Path, paths: Sequence[str]) -> None:
        self.root, self.paths = root, tuple(paths)
        self._log = self._git(
            "log", "--date-order", "--parents", "-c", "--raw", "-M", "--no-abbrev", "--relative",
            "--format=%x00%H %cI %P",
        )  # fmt: skip
        self.cut = git(root, "rev-parse", "--is-shallow-repository").strip() == b"true"
        self.uncommitted = self._git("diff", "HEAD", "--name-only", "--relative").splitlines()

    @property
    def identity(self) -> str:
        """A text that is another one where the commits are."""
        return repr((self._log, self.cut))

    @cached_property
    def made(self) -> dict[str, Made]:
        """The commits by name, none before those that came after it."""
        found = (_made(part) for part in self._log.split("\0")[1:])
        return {made.commit.name: made for made in found}

    def before(self, name: str) -> set[str]:
        """Return the commits that a commit builds on, itself not among them."""
        seen: set[str] = set()
        waiting = list(self.made[name].parents)
        while waiting:
            parent = waiting.pop()
            if parent in self.made and parent not in seen:
                seen.add(parent)
                waiting += self.made[parent].parents
        return seen

    def _git(self, *arguments: str) -> str:
        answer = git(self.root, "-c", "core.quotePath=off", *arguments, "--", *self.paths)
        return answer.decode(errors="replace")


class Contents:
    """Reads contents out of a repository, each when it is asked for, by one process of git."""

    def __init__(self, root: Path) -> None:
        self._command = ["git", "-C", str(root), "cat-file", "--batch"]

    @cached_property
    def _git(self) -> "subprocess.Popen[bytes]":
        pipe = subprocess.PIPE
        return subprocess.Popen(self._command, stdin=pipe, stdout=pipe)

    def __enter__(self) -> "Contents":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        if "_git" in vars(self):
            self._git.communicate()

    def of(self, what: str) -> bytes:
        """Return a content by its name, or by ``commit:./path``; nothing where there is none."""
        asked, answer = self._git.stdin, self._git.stdout
        assert asked and answer
        asked.write(f"{what}\n".encode())
        asked.flush()
        *_, kind, size = answer.readline().split(b" ")
        if size.strip() == b"missing":
            return b""
        content = answer.read(int(size) + 1)[:-1]
        return content if kind == b"blob" else b""


def _made(text: str) -> Made:
    """Read one commit of ``git log --raw``; a merge has a content before for each parent."""
    head, *lines = text.splitlines()
    name, when, *parents = head.split()
    return Made(
        Commit(name=name, when=when), tuple(parents), tuple(_touched(x) for x in lines if x)
    )


def _touched(line: str) -> Touched:
    meta, *paths = line.split("\t")
    parents = len(meta) - len(meta.lstrip(":"))
    contents = meta.lstrip(":").split(" ")[parents + 1 :]
    names = ["" if not name.strip(NOTHING) else name for name in contents[: parents + 1]]
    return Touched(paths[-1], tuple(names[:parents]), names[parents])


def git(root: Path, *arguments: str) -> bytes:
    """Return git's answer, nothing where there is no repository or no such file."""
    command = ["git", "-C", str(root), *arguments]
    try:
        return subprocess.run(command, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return b""
