"""Whether a claim stood in git before the runs that it judges.

In: a YAML file under git, the keys that lead to a claim in it, and when the first run was finished.
Out: the commit since which the claim has stood there unchanged. Promised: what counts is what the
claim says, not its place, comments or layout; a claim that was ever changed counts from its last
change. Times are those that git recorded, which whoever commits can set.
"""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from studies.errors import InputError
from studies.validation import read_yaml


@dataclass(frozen=True)
class Registration:
    """Since when a claim has stood as it stands.

    Attributes
    ----------
    commit : str
        The commit that brought its present text, or nothing where that is not committed.
    since : datetime, optional
        When that was committed.
    before : bool
        Whether that was before the first run.
    """

    commit: str = ""
    since: datetime | None = None
    before: bool = False


def registration(
    root: Path, file: str, keys: Sequence[str], first_run: datetime | None
) -> Registration:
    """Return since when the text at some keys of a file has stood in git.

    Parameters
    ----------
    root : Path
        The repository.
    file : str
        Path of the YAML file in it.
    keys : sequence of str
        Such as ``("writeups", "calls-stage2", "claims", "smoothing-lifts")``.
    first_run : datetime, optional
        With its time zone. Without a run yet, a committed claim is before it.
    """
    present = _at(_read((root / file).read_text("utf-8"), file), keys)
    if present is None:
        raise InputError(f"{file}: there is nothing at {'.'.join(keys)}.")
    found = Registration()
    for line in _git(root, "log", "--format=%H %cI", "--", file).splitlines():
        commit, when = line.split(" ", 1)
        if _at(_read(_committed(root, commit, file), file), keys) != present:
            break
        since = datetime.fromisoformat(when)
        found = Registration(commit, since, first_run is None or since < first_run)
    return found


@cache
def _committed(root: Path, commit: str, file: str) -> str:
    """Return a file as it stood in a commit: kept, since a page asks for many claims."""
    return _git(root, "show", f"{commit}:{file}")


def _git(root: Path, *arguments: str) -> str:
    """Return git's answer, nothing where there is no repository or no such file."""
    command = ["git", "-C", str(root), *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return ""


@cache
def _read(text: str, file: str) -> Any:
    try:
        return read_yaml(text, file)
    except InputError:
        # An older state of the file may be broken; the claim did not stand in it.
        return None


def _at(value: Any, keys: Sequence[str]) -> Any:
    for key in keys:
        if not isinstance(value, dict) or key not in value:
            return None
        value = value[key]
    return value
