"""Whether a claim stood in git, as it stands, before the runs that it judges began.

In: since when all that a claim rests on has stood (its own lines, its metric's margin and
direction, its sweep's design), and when the first of its runs began. Out: the commit since which
all of it has stood unchanged, or which of it changed since and when. Promised: where the history
does not reach back far enough, nothing is said either way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Change:
    """The commit that made a last change, and whether it is the oldest one here."""

    name: str
    when: datetime
    oldest: bool = False

    @classmethod
    def of(cls, recorded: Mapping[str, Any] | None) -> "Change | None":
        """Return a change as `uphold.claims.history` tells it."""
        if recorded is None:
            return None
        return cls(recorded["name"], datetime.fromisoformat(recorded["when"]), recorded["oldest"])

    def __str__(self) -> str:
        return f"commit {self.name[:7]} of {self.when.date().isoformat()}"


@dataclass(frozen=True)
class Registration:
    """Since when all that a claim rests on has stood as it stands.

    Attributes
    ----------
    before : bool or None
        Whether that was before its first run began; None where it cannot be known.
    commit : Change, optional
        The commit that made the last change, where that was before.
    changed : mapping of str to (Change or None)
        The parts that are younger than the first run, with the commit that changed each: None
        where its present text is not committed.
    reason : str
        Why nothing is known, or nothing.
    """

    before: bool | None
    commit: Change | None = None
    changed: Mapping[str, Change | None] = field(default_factory=dict)
    reason: str = ""


def registration(
    since: Mapping[str, Change | None], history: str, first_run: datetime
) -> Registration:
    """Return whether a claim was registered before it was seen.

    Parameters
    ----------
    since : mapping of str to (Change or None)
        What the claim rests on, and the commit that made its last change: ``{"its text": …}``.
    history : {"whole", "cut", "none"}
        What there is of the history.
    first_run : datetime
        When the first of its runs began, with the time zone.
    """
    if history == "none":
        return Registration(None, reason="there is no history in git")
    younger = {part: c for part, c in since.items() if c is None or c.when >= first_run}
    if not younger:
        known = [change for change in since.values() if change]
        return Registration(True, max(known, key=lambda change: change.when))
    if history == "cut" and any(change and change.oldest for change in younger.values()):
        return Registration(None, reason="the history in git is cut off (a shallow clone)")
    return Registration(False, changed=younger)
