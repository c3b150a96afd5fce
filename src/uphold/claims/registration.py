"""Whether a claim stood in git, as it stands, before the runs that it judges began.

In: a YAML file under git, the places in it that a claim rests on (its own lines, its metric's
margin, its sweep's design), and when the first of its runs began. Out: the commit since which all
of them have stood unchanged, or which of them changed since and when. Promised: what counts is what
the file says, not its layout or comments; what was ever changed counts from its last change; where
the history does not reach back far enough, nothing is said either way. Times are those that git
recorded, which whoever commits can set.
"""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from uphold.errors import InputError
from uphold.validation import read_yaml

Keys = Sequence[str]


@dataclass(frozen=True)
class Commit:
    """A commit: its name and when it was made, with the time zone."""

    name: str
    when: datetime

    def __str__(self) -> str:
        return f"commit {self.name[:7]} of {self.when.date().isoformat()}"


@dataclass(frozen=True)
class Registration:
    """Since when all that a claim rests on has stood as it stands.

    Attributes
    ----------
    before : bool or None
        Whether that was before its first run began; None where it cannot be known.
    commit : Commit, optional
        The commit that made the last change, where that was before.
    changed : mapping of str to (Commit or None)
        The parts that are younger than the first run, with the commit that changed each: None
        where its present text is not committed.
    reason : str
        Why nothing is known, or nothing.
    """

    before: bool | None
    commit: Commit | None = None
    changed: Mapping[str, Commit | None] | None = None
    reason: str = ""


class History:
    """A YAML file in its commits, read when asked for and each text once.

    Parameters
    ----------
    root : Path
        A folder of the repository.
    file : str
        The file's path below it.
    """

    def __init__(self, root: Path, file: str) -> None:
        self._root, self.file = root, file

    @cached_property
    def present(self) -> Any:
        """The file as it stands now, committed or not."""
        return read_yaml((self._root / self.file).read_text("utf-8"), self.file)

    @cached_property
    def commits(self) -> list[Commit]:
        """The commits that changed the file, newest first; none without a repository."""
        lines = _git(self._root, "log", "--format=%H %cI", "--", self.file).decode().splitlines()
        parts = (line.split(" ", 1) for line in lines)
        return [Commit(name, datetime.fromisoformat(when)) for name, when in parts]

    @cached_property
    def cut(self) -> bool:
        """Whether older commits exist that are not here."""
        told = _git(self._root, "rev-parse", "--is-shallow-repository")
        return told.strip() == b"true"

    def since(self, keys: Keys) -> Commit | None:
        """Return the commit since which what is at the keys has stood; None if not committed."""
        present = _at(self.present, keys)
        found = None
        for number, commit in enumerate(self.commits):
            if _at(self._state(number), keys) != present:
                break
            found = commit
        return found

    def _state(self, number: int) -> Any:
        return _read(self._texts[number])

    @cached_property
    def _texts(self) -> list[bytes]:
        """The file in each commit: one call for all, since a page asks for many claims."""
        asked = "".join(f"{commit.name}:./{self.file}\n" for commit in self.commits)
        return list(_contents(_git(self._root, "cat-file", "--batch", given=asked.encode())))


def registration(
    history: History, parts: Mapping[str, Keys], first_run: datetime | None
) -> Registration:
    """Return whether a claim was registered before it was seen.

    Parameters
    ----------
    history : History
    parts : mapping of str to sequence of str
        What the claim rests on, and where: ``{"its text": ("writeups", "calls-stage2", "claims",
        "smoothing-lifts"), …}``.
    first_run : datetime, optional
        When the first of its runs began, with the time zone; None where that is not known.

    Raises
    ------
    InputError
        There is nothing at one of the places.
    """
    for keys in parts.values():
        if _at(history.present, keys) is None:
            raise InputError(f"{history.file}: there is nothing at {'.'.join(keys)}.")
    if first_run is None:
        return Registration(None, reason="the journal of this machine does not hold all its runs")
    if not history.commits:
        return Registration(None, reason="there is no history in git")
    since = {part: history.since(keys) for part, keys in parts.items()}
    younger = {part: c for part, c in since.items() if c is None or c.when >= first_run}
    if not younger:
        return Registration(True, max(since.values(), key=lambda commit: commit.when))
    if history.cut and history.commits[-1] in younger.values():
        return Registration(None, reason="the history in git is cut off (a shallow clone)")
    return Registration(False, changed=younger)


def _git(root: Path, *arguments: str, given: bytes = b"") -> bytes:
    """Return git's answer, nothing where there is no repository or no such file."""
    command = ["git", "-C", str(root), *arguments]
    try:
        return subprocess.run(command, input=given, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return b""


def _contents(answer: bytes) -> Iterator[bytes]:
    """Yield each text of ``git cat-file --batch``; nothing for a file that a commit lacks."""
    place = 0
    while place < len(answer):
        end = answer.index(b"\n", place)
        kind, size = answer[place:end].split(b" ")[-2:]
        if size == b"missing":
            yield b""
            place = end + 1
            continue
        start, stop = end + 1, end + 1 + int(size)
        yield answer[start:stop] if kind == b"blob" else b""
        place = stop + 1


@cache
def _read(text: bytes) -> Any:
    try:
        return read_yaml(text.decode("utf-8", errors="replace"), "history")
    except InputError:
        # An older state of the file may be broken; the claim did not stand in it.
        return None


def _at(value: Any, keys: Keys) -> Any:
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return None
        value = value[key]
    return value
