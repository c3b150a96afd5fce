"""Two revisions → what stands behind a write-up that changed between them: data, code, settings.

Read from ``dvc.lock`` at both: from the stage that analyzes the write-up to those that made what it
read, wherever a digest is another one. What is the same is not followed, so that code which changed
without changing scores is not named as their cause.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from uphold.comparison.lock import Lock

ANALYZE = "analyze"
CODE = "code-"
"""What the names of stages begin with that name the code of others."""
WORDS = frozenset({"answered_by", "claims", "label", "question", "title"})
"""Settings that no result comes from, and claims, which are told of one by one."""


@dataclass
class Causes:
    """What changed behind a write-up.

    Attributes
    ----------
    known : bool
        Whether both lock files tell of it.
    data : set of str
        Paths below ``data``.
    code : dict of str to set of str
        The stages whose code changed, with the files.
    settings : dict of (str, str) to tuple
        File and key, with its value before and after, None where there was none.
    seeds : dict of str to tuple
        Sweeps, with their seeds before and after.
    """

    known: bool
    data: set[str] = field(default_factory=set)
    code: dict[str, set[str]] = field(default_factory=dict)
    settings: dict[tuple[str, str], tuple[Any, Any]] = field(default_factory=dict)
    seeds: dict[str, tuple[Any, Any]] = field(default_factory=dict)


def causes(before: Lock, after: Lock, writeup: str) -> Causes:
    """Return what changed behind a write-up."""
    first = f"{ANALYZE}@{writeup}"
    found = Causes(first in before and first in after)
    waiting, seen = [first], {first}
    while waiting and found.known:
        stage = waiting.pop()
        if stage not in before or stage not in after:
            continue
        _settings(before, after, stage, found)
        for path in _changed(before, after, stage, "deps"):
            if path.startswith("src/"):
                found.code.setdefault(_kind(stage), set()).add(path)
            elif path.startswith("data/"):
                found.data.add(path)
            further = {
                maker
                for lock in (before, after)
                for maker in lock.making(path)
                if any(_changed(before, after, maker, "outs"))
            }
            waiting += sorted(further - seen)
            seen |= further
    inside = {p for p in found.data for above in found.data if p.startswith(f"{above}/")}
    found.data -= inside
    return found


def _kind(stage: str) -> str:
    """Return the kind of a stage, that of the others where it names their code."""
    return stage.partition("@")[0].removeprefix(CODE)


def _changed(before: Lock, after: Lock, stage: str, kind: str) -> Iterator[str]:
    a, b = before.digests(stage, kind), after.digests(stage, kind)
    yield from sorted(path for path in a | b if a.get(path) != b.get(path))


def _settings(before: Lock, after: Lock, stage: str, found: Causes) -> None:
    a, b = (dict(_leaves(lock.params(stage))) for lock in (before, after))
    for place in a | b:
        if len(place) < 2:  # a stage, or a file, without settings
            continue
        pair = a.get(place), b.get(place)
        *above, last = place
        if pair[0] == pair[1] or WORDS & set(place) or place[1].startswith("writeups."):
            continue
        if place[1].startswith("metrics") and last == "margin":
            continue
        if last == "seeds" and "design" in ".".join(above):
            found.seeds[place[1].split(".")[1]] = pair
        else:
            found.settings[place[0], ".".join(place[1:])] = pair


def _leaves(value: Any, *above: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _leaves(inner, *above, str(key))
    else:
        yield above, value
