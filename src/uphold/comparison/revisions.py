"""A revision of a repository → its files, read by git and never checked out."""

import subprocess
from functools import cache, cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from uphold.comparison.findings import Findings, read_findings, refuse_huge
from uphold.comparison.lock import Lock, plain_mapping
from uphold.errors import InputError, nearest

FINDINGS = "findings.json"


class Revision:
    """A commit of the repository that the command runs in.

    Parameters
    ----------
    name : str
        As a person names it: a hash, a branch, ``HEAD~1``.
    root : Path
        The repository's folder that results, params and ``dvc.lock`` stand in.

    Raises
    ------
    InputError
        There is no git, no repository or no such revision.
    """

    def __init__(self, name: str, root: Path = Path()) -> None:
        self.name, self._root = name, root
        # A name that begins with a dash would be an option of git's.
        found = self._git(
            "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"
        )
        if found is None:
            raise InputError(f"{name!r} is no revision, and no file here.{self._nearest()}")
        self.commit = found.decode().strip()

    def findings(self) -> dict[str, Findings]:
        """Return the findings of each write-up."""
        listed = self._git("ls-tree", "-r", "-l", "-z", self.commit, "--", "results")
        lines = [line for line in (listed or b"").decode(errors="replace").split("\0") if line]
        found = {}
        for line in lines:
            about, _, path = line.partition("\t")
            parts = PurePosixPath(path).parts
            if len(parts) == 3 and parts[2] == FINDINGS:
                source = f"{self.name}:{path}"
                refuse_huge(int(about.split()[3]), source)
                found[parts[1]] = read_findings(self.file(path) or b"", source)
        if not found:
            raise InputError(f"{self.name} holds no results/*/{FINDINGS}: name a later revision.")
        return found

    def file(self, path: str) -> bytes | None:
        """Return a file as it stood, None where there was none."""
        return self._git("show", f"{self.commit}:./{path}")

    @cached_property
    def lock(self) -> Lock:
        """What DVC locked."""
        return Lock((self.file("dvc.lock") or b"").decode("utf-8", "replace"))

    @cached_property
    def names(self) -> dict[str, Any]:
        """What stands in ``params.yaml``."""
        return self._yaml("params.yaml")

    def study(self, writeup: str) -> dict[str, Any]:
        """Return the params of the study of a write-up."""
        name = at(self.names, "writeups", writeup, "study")
        return self._yaml(f"params/{name}.yaml") if isinstance(name, str) else {}

    @cache  # noqa: B019  a revision lives as long as the command
    def _yaml(self, path: str) -> dict[str, Any]:
        return plain_mapping(self.file(path) or b"")

    def _git(self, *arguments: str) -> bytes | None:
        command = ["git", "-C", str(self._root), *arguments]
        try:
            done = subprocess.run(command, capture_output=True, check=False)
        except FileNotFoundError:
            raise InputError("git is not installed: name two findings.json instead.") from None
        return None if done.returncode else done.stdout

    def _nearest(self) -> str:
        refs = self._git("for-each-ref", "--format=%(refname:short)")
        if refs is None:
            return " There is no repository here: run this in its root, or name two findings.json."
        return nearest(self.name, ["HEAD", *refs.decode(errors="replace").split()])


def at(value: Any, *keys: str) -> Any:
    """Return what stands in nested mappings, None where nothing does."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value
