"""The first commit that holds results of a sweep.

In: the commits that touched results, and a sweep with its claims. Out: the oldest of them that
holds any result of it: the settings that it promoted, files of its runs, the stage that trained or
evaluated it in a ``dvc.lock``, or findings that speak of it or of one of its claims. Promised: any
of these counts, whichever came first, since each shows that results could be seen; so a sweep or a
write-up that is called otherwise later is found by the other.
"""

import json
import re
from collections.abc import Callable, Collection
from pathlib import PurePosixPath
from typing import Any

from uphold.claims.history import Contents, History
from uphold.claims.standing import Commit

PATHS = ("results", "dvc.lock")
"""Where results stand."""


def first_results(
    history: History,
    contents: Contents,
    sweep: str,
    claims: Collection[tuple[str, str]],
    counts: Callable[[Commit], bool] = lambda commit: True,
) -> Commit | None:
    """Return the first commit that holds results of a sweep, None where none does.

    Parameters
    ----------
    history : History
    contents : Contents
    sweep : str
    claims : collection of (str, str)
        The write-ups and names of its claims.
    counts : callable
        Whether results of a commit count: those of other data are no first results of these.
    """
    stage = re.compile(rf"^  [\"']?(train|evaluate)@{re.escape(sweep)}[\"']?:".encode(), re.M)
    for made in reversed(history.made.values()):
        for path, content in ((PurePosixPath(f.path), f.after) for f in made.files if f.after):
            if path.name == "dvc.lock":
                found = bool(stage.search(contents.of(content)))
            elif path.parts[:1] != ("results",):
                continue
            elif path.name == "findings.json":
                names = {name for writeup, name in claims if writeup == path.parent.name}
                found = _speaks_of(contents.of(content), sweep, names)
            else:
                found = path.parts[1:] == ("promoted", f"{sweep}.json") or (
                    sweep in path.parts[:-1] and "sweeps" in path.parts
                )
            if found and counts(made.commit):
                return made.commit
    return None


def _speaks_of(findings: bytes, sweep: str, claims: set[str]) -> bool:
    try:
        found: Any = json.loads(findings)
    except ValueError:
        return False
    if not isinstance(found, dict):
        return False
    for kind, held in found.items():
        names = held if isinstance(held, dict) else ()
        if kind == "claims":
            if not claims.isdisjoint(names):
                return True
        elif any(name == sweep or name.startswith(f"{sweep}: ") for name in names):
            return True
    return False
