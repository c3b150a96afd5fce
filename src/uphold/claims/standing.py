"""What is written down of what stood in git before the first results, and changed later.

In: nothing. Out: the types that the stage ``register`` writes and a page reads.
"""

from typing import Any, Literal

from uphold.validation import Settings

Kind = Literal[
    "claim", "margin", "better", "design", "seeds", "looks", "scale", "settings", "evaluation"
]


class Commit(Settings):
    """A commit's name, and when it was made as git writes it, with the time zone."""

    name: str
    when: str

    def __str__(self) -> str:
        return f"commit {self.name[:7]} of {self.when[:10]}"


class Change(Settings):
    """One change.

    Attributes
    ----------
    kind : str
        What changed: a claim's text, a metric's margin or direction, ….
    name : str
        Of the claim, the metric, the sweep or the setting.
    key : str
        Of the claim or the design; nothing where the whole was added or dropped.
    before, after : Any
        None for what was not there.
    commit : Commit or None
        None for what is not committed.
    """

    kind: Kind
    name: str = ""
    key: str = ""
    before: Any = None
    after: Any = None
    commit: Commit | None = None


class CodeChanges(Settings):
    """The commits that changed training code after the first results.

    Attributes
    ----------
    commits : int
    last : Commit or None
    uncommitted : bool
        Whether some of it is not committed as it is.
    """

    commits: int
    last: Commit | None
    uncommitted: bool


class SweepStanding(Settings):
    """What changed of a sweep, its settings and its code since its first results.

    Attributes
    ----------
    results : Commit or None
        The first commit that holds results of it.
    known : bool
        Whether the history reaches back to what stood before them.
    changes : list of Change
    code : CodeChanges
    """

    results: Commit | None
    known: bool
    changes: list[Change]
    code: CodeChanges


class Registered(Settings):
    """What stood in git before the first results of a write-up's sweeps, and what did not.

    Attributes
    ----------
    history : {"whole", "cut", "none"}
        Whether all of the history is here, older commits are missing, or there is none.
    sweeps : mapping of str to SweepStanding
    claims : mapping of str to list of Change
        By claim, its own changes and those of its metric's margin and direction.
    dropped : list of Change
        Claims that stood before the first results and do not stand now.
    judged : mapping of str to list of int
        By claim, with how many units it was judged in committed findings, oldest first.
    looks : mapping of str to list of int
        By claim, the looks that its sweep declares.
    source : str
        What the data come from, as the params say.
    others : list of str
        The sources of committed results that are of other data, and so neither first results of
        these nor looks at them.
    """

    history: Literal["whole", "cut", "none"]
    sweeps: dict[str, SweepStanding]
    claims: dict[str, list[Change]]
    dropped: list[Change]
    judged: dict[str, list[int]] = {}
    looks: dict[str, list[int]] = {}
    source: str = ""
    others: list[str] = []
