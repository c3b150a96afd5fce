"""A judged claim → the sentences that may be printed.

In: a judgement. Out: one to four sentences of plain text. Promised: the verdict chooses the words;
they say what was measured, how large, how sure and from how many runs; an inconclusive claim opens
by saying that it is not shown, states no direction, and ends with the seeds that it would take or
why no number can be given; a fragile one says what it depends on. What was measured is said by the
claim's form. Names from a log are text: whoever writes HTML escapes them.
"""

import pandas as pd

from uphold import format
from uphold.claims.fragility import LeftOut
from uphold.claims.judgement import Judgement
from uphold.claims.wording import counted, listed
from uphold.error_rates import POWER
from uphold.statistics.scores import level_text, plain


def sentence(judged: Judgement, replicate: str) -> str:
    """Return what the runs say about a claim; ``replicate`` is what the seeds are called."""
    untestable = judged.outcome.reason
    parts = [_untestable(judged, replicate) if untestable else judged.claim.measured(judged)]
    parts = [part.replace("{runs}", runs_text(judged, replicate)) for part in parts]
    if judged.verdict == "inconclusive":
        parts = ["Not shown.", *parts, _would_take(judged, replicate)]
    return " ".join(map(_opened, filter(None, [*parts, _depends_on(judged)])))


def _opened(text: str) -> str:
    """Begin a sentence with a capital, unless its first word is a name such as a column's."""
    first = text.split(maxsplit=1)[0]
    return text[0].upper() + text[1:] if first.isalpha() and first.islower() else text


def runs_text(j: Judgement, replicate: str) -> str:
    """Return such as ``"24 matched pairs of 60 runs, 3 seeds"``."""
    unit = j.claim.units.get(j.outcome.method, "")
    units = f"{counted(j.outcome.n, unit)} of " if unit else ""
    return f"{units}{counted(j.outcome.runs, 'run')}, {counted(j.outcome.seeds, replicate)}"


def _untestable(j: Judgement, replicate: str) -> str:
    runs = " ({runs})" if j.outcome.seeds else ""
    return f"No test of {j.metric.label} was possible: {j.outcome.reason}{runs}."


def _would_take(j: Judgement, replicate: str) -> str:
    o = j.outcome
    if j.seeds_needed is None:
        return o.takes or (
            f"It would take more than a million {replicate}s: rather less noise, or a wider margin."
            if o.se > 0
            else f"How many {replicate}s it would take cannot be said without a spread."
        )
    take = (
        f"To {j.claim.expected.to_show}{format.exact(j.metric.margin)} with"
        f" {format.percent(POWER)} power would take about {counted(j.seeds_needed, replicate)}"
    )
    if j.seeds_needed > o.seeds:
        return f"{take} instead of {o.seeds}."
    were = "was" if o.seeds == 1 else "were"
    return (
        f"{take} before the adjustment for the number of claims, and there {were} {o.seeds}: what"
        " was seen lies too close to decide."
    )


def _depends_on(j: Judgement) -> str:
    by_verdict: dict[str, list[str]] = {}
    for left in j.depends_on:
        by_verdict.setdefault(left.verdict, []).append(_named(left, j))
    parts = [f"{verdict} without {listed(names)}" for verdict, names in by_verdict.items()]
    return f"Fragile: the claim would be {'; '.join(parts)}." if parts else ""


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
