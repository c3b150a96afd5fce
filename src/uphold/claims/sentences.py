"""A judged claim → the sentences that may be printed.

In: a judgement. Out: one to five sentences of plain text. Promised: the verdict chooses the words;
they say what was measured, how large, how sure and from how many runs; an inconclusive claim says
so first, and ends with the seeds that it would take or why no number can be given; a secondary
claim that decides something is called exploratory; an effect that differs by context says where;
a fragile verdict says what it depends on. What was measured is said by the
claim's form. Names from a log are text: whoever writes HTML escapes them.
"""

import pandas as pd

from uphold import format
from uphold.claims.fragility import LeftOut
from uphold.claims.judgement import Judgement
from uphold.claims.wording import counted, listed
from uphold.claims.would_take import would_take
from uphold.statistics.scores import level_text, plain


def sentence(judged: Judgement, replicate: str) -> str:
    """Return what the runs say about a claim; ``replicate`` is what the seeds are called."""
    untestable = judged.outcome.reason
    parts = [_untestable(judged, replicate) if untestable else judged.claim.measured(judged)]
    parts = [part.replace("{runs}", runs_text(judged, replicate)) for part in parts]
    if judged.verdict == "inconclusive":
        parts = ["Undecided.", *parts, would_take(judged, replicate)]
    elif judged.claim.role == "secondary":
        parts = ["Exploratory.", *parts]
    parts += [judged.differs, _averaged_over(judged), _adjusted_for(judged)]
    parts += [_unscored(judged), _depends_on(judged)]
    return " ".join(map(_opened, filter(None, parts)))


def _averaged_over(j: Judgement) -> str:
    """Say which factors belong to one arm each, so that nothing tells the two apart."""
    nested = " and ".join(map(format.name, j.outcome.nested))
    return f"Each level of {nested} belongs to one side, and is a part of it." * bool(nested)


def _adjusted_for(j: Judgement) -> str:
    """Say which factors an effect was adjusted for, and what that takes for granted."""
    if not j.outcome.adjusted or j.outcome.reason:
        return ""
    alone = len(j.outcome.adjusted) == 1
    taken = "as if it did the same on every side" if alone else "as if they did not interact"
    return f"Adjusted for {format.named(j.outcome.adjusted)}, {taken}."


def _unscored(j: Judgement) -> str:
    """Name what the claim is about and has no score, where anything else has one."""
    arms = listed(j.outcome.unscored * bool(j.outcome.runs))
    return f"No run with {arms} has a score." if arms else ""


def _opened(text: str) -> str:
    """Begin a sentence with a capital, unless its first word is a name such as a column's."""
    first = text.split(maxsplit=1)[0].rstrip(",")
    return text[0].upper() + text[1:] if first.isalpha() and first.islower() else text


def runs_text(j: Judgement, replicate: str) -> str:
    """Return such as ``"60 runs, 3 seeds"``; each seed of an ensemble's members counts."""
    many, seeds = j.outcome.runs, j.outcome.seeds * max(j.members, 1)
    what = counted(many, "run")
    if j.members > 1:
        what = f"{counted(many, 'ensemble')} of {counted(j.members, 'run')}"
    elif j.members == 0:
        what = f"{format.count(many)} runs and ensembles"
    runs = f"{what}, {counted(seeds, replicate)}"
    return f"{runs}, {j.over}" if j.over else runs


def _untestable(j: Judgement, replicate: str) -> str:
    runs = " ({runs})" if j.outcome.seeds else ""
    return f"No test of {j.metric.label} was possible: {j.outcome.reason}{runs}."


def _depends_on(j: Judgement) -> str:
    by_verdict: dict[str, list[str]] = {}
    for left in j.depends_on:
        by_verdict.setdefault(left.verdict, []).append(_named(left, j))
    parts = [f"{verdict} without {listed(names)}" for verdict, names in by_verdict.items()]
    return (
        f"Depends on one part of the runs: the claim would be {'; '.join(parts)}." if parts else ""
    )


def _named(left: LeftOut, j: Judgement) -> str:
    """Name what was left out; what all runs of the claim have in common is not said of each."""
    shared = _shared(j)
    own = {
        name: plain(level)
        for name, level in left.levels.items()
        if not pd.isna(level) and shared.get(name) != level_text(level)
    }
    return f"the run ({format.settings(own)})" if own else f"{left.kind} {left.name}"


def _shared(j: Judgement) -> dict[str, str]:
    """Return the levels that all runs of a claim share, as texts."""
    conditions = list(j.claim.conditions().values())
    return {
        factor: level_text(level)
        for factor, level in j.claim.where.items()
        if not isinstance(level, list) and all(c.get(factor) == level for c in conditions)
    }
