"""Since which commit the claims of a study, and what they rest on, have stood as they stand.

In: a repository, and the name of a study. Out: for each claim's lines, each metric's margin and
direction and each sweep's design the commit that made its last change, or that its present state is
not committed. Promised: what counts is what the files say, not their layout or comments, nor in
which of the two files it stands: a claim that moved from ``params.yaml`` to ``params/<study>.yaml``
and says the same has not changed. What went and came back counts from its return. Times are those
that git recorded, which whoever commits can set.
"""

import hashlib
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from uphold.errors import InputError
from uphold.validation import read_yaml

NAMES = "params.yaml"


class Commit(NamedTuple):
    """A commit's name, and when it was made as git writes it, with the time zone."""

    name: str
    when: str


class History:
    """The params of one study in their commits.

    Parameters
    ----------
    root : Path
        The folder that holds ``params.yaml``.
    study : str
        The study's name.
    """

    def __init__(self, root: Path, study: str) -> None:
        self._root, self._study = root, study
        self._files = (NAMES, f"params/{study}.yaml")
        self._present = [_text(root / file) for file in self._files]
        log = _git(root, "log", "--format=%H %cI", "--", *self._files).decode().splitlines()
        self.commits = [Commit(*line.split(" ", 1)) for line in log]
        self.cut = _git(root, "rev-parse", "--is-shallow-repository").strip() == b"true"

    @property
    def digest(self) -> str:
        """A digest of all that the answer depends on: the files as they stand, and the commits."""
        content = (self.cut, self.commits, self._present)
        return hashlib.sha256(repr(content).encode()).hexdigest()

    def standing(self) -> dict[str, Any]:
        """Return since when everything has stood, as JSON has it.

        Returns
        -------
        dict
            ``history``: ``whole``, ``cut`` (older commits are not here) or ``none``;
            ``claims``: write-up to claim to since; ``margin`` and ``better``: metric to since;
            ``design``: sweep to since. Each since is None for what is not committed as it stands,
            else its ``commit``, ``when`` that was, and whether it is the ``oldest`` one here.
        """
        names, file = (read_yaml(text.decode(), f) for text, f in self._present_files())
        present = _rested_on(names, file, self._study)
        places = {
            (kind, key): value for kind, held in present.items() for key, value in held.items()
        }
        since: dict[tuple[str, tuple[str, ...]], Commit | None] = dict.fromkeys(places)
        standing = set(places)
        for commit, (names, file) in zip(self.commits, self._states(), strict=True):
            state = _rested_on(_read(names), _read(file), self._study)
            standing = {(k, key) for k, key in standing if state[k].get(key) == places[k, key]}
            since |= dict.fromkeys(standing, commit)
            if not standing:
                break
        content: dict[str, Any] = {
            "history": "cut" if self.cut else "whole" if self.commits else "none"
        }
        content |= {kind: {} for kind in present}
        for (kind, key), last_change in since.items():
            *inside, last = key
            held = content[kind]
            for part in inside:
                held = held.setdefault(part, {})
            held[last] = last_change and {
                **last_change._asdict(),
                "oldest": last_change == self.commits[-1],
            }
        return content

    def _present_files(self) -> Iterator[tuple[bytes, str]]:
        return zip(self._present, self._files, strict=True)

    def _states(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield the two files in each commit, newest first: one call of git for all."""
        asked = "".join(f"{c.name}:./{file}\n" for c in self.commits for file in self._files)
        texts = _contents(_git(self._root, "cat-file", "--batch", given=asked.encode()))
        return zip(texts, texts, strict=True)


def _rested_on(names: Any, file: Any, study: str) -> dict[str, dict[tuple[str, ...], Any]]:
    """Return what claims rest on, by kind and place, from the two files of one state.

    Before there were files of studies, all of it stood in ``params.yaml``.
    """
    if isinstance(file, dict):
        sweeps, writeups, metrics = (_at(file, key) for key in ("sweeps", "writeups", "metrics"))
    else:
        sweeps, writeups = _at(names, "sweeps"), _at(names, "writeups")
        metrics = _at(names, "studies", study, "metrics")
    after = {name: _at(names, "sweeps", name).get("after") for name in sweeps}
    return {
        "claims": {
            (writeup, name): claim
            for writeup in writeups
            for name, claim in _at(writeups, writeup, "claims").items()
        },
        "margin": {(name,): _at(metrics, name).get("margin") for name in metrics},
        "better": {(name,): _at(metrics, name).get("better") for name in metrics},
        "design": {
            (name,): {"after": after[name], **_at(sweeps, name, "design")}
            for name in sweeps
            if _at(sweeps, name, "design")
        },
    }


def _at(value: Any, *keys: str) -> dict[str, Any]:
    """Return the mapping at a place, an empty one where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _text(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


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
