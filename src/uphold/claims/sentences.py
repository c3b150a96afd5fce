"""A judged claim → the sentences that may be printed.

In: a judgement. Out: one to four sentences of plain text. Promised: the verdict chooses the words;
they say what was measured, how large, how sure and from how many runs; an inconclusive claim opens
by saying that it is not shown, states no direction, and ends with the seeds that it would take or
why no number can be given; a fragile one says what it hangs on. Names from a log are text: whoever
writes HTML escapes them.
"""

from collections.abc import Callable, Mapping

from uphold.claims.claim import CONFIGURATION
from uphold.claims.judgement import Judgement
from uphold.claims.wording import apart, condition_text, counted, listed, number, p_text, step_text
from uphold.statistics.scores import level_text

UNITS = {"paired t": "matched pair", "Welch t": "unmatched value"}


def sentence(judged: Judgement, replicate: str) -> str:
    """Return what the runs say about a claim; ``replicate`` is what the seeds are called."""
    untested = judged.outcome.reason
    parts = [_untested(judged, replicate) if untested else _MEASURED[judged.claim.form](judged)]
    parts = [part.replace("{runs}", runs_text(judged, replicate)) for part in parts]
    if judged.verdict == "inconclusive":
        parts = ["Not shown.", *parts, _would_take(judged, replicate)]
    return " ".join(map(_opened, filter(None, [*parts, _hangs_on(judged)])))


def _opened(text: str) -> str:
    """Begin a sentence with a capital, unless its first word is a name such as a column's."""
    first = text.split(maxsplit=1)[0]
    return text[0].upper() + text[1:] if first.isalpha() and first.islower() else text


def runs_text(j: Judgement, replicate: str) -> str:
    """Return such as ``"24 matched pairs of 60 runs, 3 seeds"``."""
    unit = UNITS.get(j.outcome.method, "")
    if j.claim.form == "interaction" and unit:
        unit = unit.replace("pair", "difference")
    units = f"{counted(j.outcome.n, unit)} of " if unit else ""
    return f"{units}{counted(j.outcome.runs, 'run')}, {counted(j.outcome.seeds, replicate)}"


def _untested(j: Judgement, replicate: str) -> str:
    runs = " ({runs})" if j.outcome.seeds else ""
    return f"No test of {j.metric.label} was possible: {j.outcome.reason}{runs}."


def _contrast(j: Judgement) -> str:
    label = j.metric.label
    when = f"when {step_text(j.claim.contrast)}{_where(j)}"
    return _effect(j, label, f"The change of {label} {when}", when)


def _interaction(j: Judgement) -> str:
    form = j.claim.interaction
    effect = f"effect on {j.metric.label} of taking {step_text(form.of, 'from')}"
    when = f"when {step_text(form.with_)}{_where(j)}"
    return _effect(j, f"The {effect}", f"The change of the {effect} {when}", when)


def _effect(j: Judgement, subject: str, change: str, when: str) -> str:
    """Say what a contrast or an interaction measured, in the words of its verdict."""
    o, margin = j.outcome, f"{j.metric.margin:g}"
    value, low, high = (number(x, j.metric.margin) for x in (o.value, o.ci_low, o.ci_high))
    p = f"adjusted {p_text(j.p_adjusted)}; " if j.p_adjusted >= 0 else ""
    if j.verdict == "inconclusive":
        return f"{change} may be anything from {low} to {high} (unadjusted 95 %; {p}{{runs}})."
    sure = f"(unadjusted 95 % interval {low} to {high}; {p}{{runs}})"
    expected = j.claim.expectation
    if j.verdict == "equivalent" or (j.verdict == "supported" and expected == "no-effect"):
        real = "real but " if j.p_adjusted < 0.05 else ""
        return f"{change} is {real}too small to matter: {value}, within ±{margin} {sure}."
    if j.verdict == "supported" and expected in ("no-increase", "no-decrease"):
        falls = expected == "no-decrease"
        side = (
            f"at least {number(o.lower(), j.metric.margin)}"
            if falls
            else (f"at most {number(o.upper(), j.metric.margin)}")
        )
        return (
            f"{subject} does not {'fall' if falls else 'rise'} by {margin} {when}: the change is"
            f" {side} with one-sided 95 % confidence, {value} on average {sure}."
        )
    verb = "rises" if o.value > 0 else "falls"
    against = ", against the claim" if j.verdict == "refuted" else ""
    size = number(abs(o.value), j.metric.margin)
    return f"{subject} {verb} by {size} {when}{against} {sure}."


def _anova(j: Judgement) -> str:
    o, a, label, over = j.outcome, j.outcome.anova, j.metric.label, j.claim.anova.over
    levels = "configurations" if over == (CONFIGURATION,) else f"levels of {' × '.join(over)}"
    what = f"{o.levels} {levels}{_where(j)}"
    how = "" if a.verdict_test == "F" else f" by {a.verdict_test}"
    test = (
        f"(F({a.df}, {a.df_resid}) = {a.F:.2f}, adjusted {p_text(j.p_adjusted)}{how}, partial"
        f" ω² = {number(a.omega_sq_partial, 0.1)}; {{runs}})"
    )
    if j.verdict == "inconclusive":
        return f"The {what} can neither be told apart nor called the same in {label} {test}." + (
            f" These runs find two means {number(j.detectable, j.metric.margin)} apart with 80 %"
            " power."
            if j.detectable > 0
            else ""
        )
    if o.within:
        return f"The {what} are the same in {label}: every pair within ±{j.metric.margin:g} {test}."
    against = ", against the claim" if j.verdict == "refuted" else ""
    return f"The {what} differ in {label}{against} {test}."


def _bound(j: Judgement) -> str:
    o, label, margin = j.outcome, j.metric.label, j.metric.margin
    side, beyond, end = (
        ("at most", "above", "highest") if o.at_most else ("at least", "below", "lowest")
    )
    limit = f"{o.limit:g}".replace("-", "−")
    interval = f"{number(o.ci_low, margin)} to {number(o.ci_high, margin)}"
    known = f"simultaneous 95 % interval {interval}; " if o.ci_low <= o.ci_high else ""
    extreme = f"the {end} mean is {number(o.value, margin)} ({known}{{runs}})"
    which = f"{counted(o.levels, 'configuration')}{_where(j)}"
    if j.verdict == "supported":
        all_ = "all " if o.levels > 1 else ""
        return f"The mean {label} of {all_}{which} is {side} {limit}: {extreme}."
    if j.verdict == "refuted":
        have, noise = "have", f"{o.beyond or 'none'} of them"
        if o.breaking == 1:
            have, noise = "has", "and" if o.beyond else "though not"
        return (
            f"Of {which}, {o.breaking} {have} a mean {label} {beyond} {limit}, {noise} by more than"
            f" noise: {extreme}."
        )
    reach = "reaches" if o.reaching == 1 else "reach"
    doubts = [
        f"{counted(o.reaching, 'interval')} {reach} past it" if o.reaching else "",
        f"{counted(o.unknown, 'mean')} cannot be given an interval" if o.unknown else "",
    ]
    return (
        f"No mean {label} of {which} is {beyond} {limit}, but {' and '.join(filter(None, doubts))}:"
        f" {extreme}."
    )


def _gain(j: Judgement) -> str:
    o, label, margin, over = j.outcome, j.metric.label, j.metric.margin, j.claim.gain.over
    low, high = number(o.ci_low, margin), number(o.ci_high, margin)
    limit = f"{o.limit:g}".replace("-", "−")
    if isinstance(over, Mapping):
        ours, theirs, shared = apart(j.claim.where, over)
        which = f"of {ours or 'the rest'} over {theirs}{f' (where {shared})' if shared else ''}"
    else:
        which = f"over {over:g}{_where(j)}"
    if j.verdict == "inconclusive":
        return (
            f"The gain in {label} {which} may be anything from {low} to {high}, on either side of"
            f" {limit} (unadjusted 95 %; {{runs}})."
        )
    side = f"at least {number(o.lower(), margin)}"
    if j.verdict == "refuted":
        side = f"at most {number(o.upper(), margin)}, short of {limit},"
    return (
        f"The gain in {label} {which} is {number(o.value, margin)}, {side} with one-sided 95 %"
        f" confidence (unadjusted 95 % interval {low} to {high}; {{runs}})."
    )


_MEASURED: dict[str, Callable[[Judgement], str]] = {
    "contrast": _contrast,
    "interaction": _interaction,
    "anova": _anova,
    "bound": _bound,
    "gain": _gain,
}


def _where(j: Judgement) -> str:
    return f" (where {condition_text(j.claim.where)})" if j.claim.where else ""


_AIMS = {
    "increase": "see a change of ",
    "decrease": "see a change of ",
    "difference": "see a difference of ",
    "no-effect": "show that it stays within ±",
    "no-increase": "rule out a rise of ",
    "no-decrease": "rule out a fall of ",
    "bound": "tell a mean from the limit at a distance of ",
    "gain": "tell a gain from the one claimed at a distance of ",
}


def _would_take(j: Judgement, replicate: str) -> str:
    o = j.outcome
    if j.seeds_needed is None:
        return o.takes or (
            f"It would take more than a million {replicate}s: rather less noise, or a wider margin."
            if o.se > 0
            else f"How many {replicate}s it would take cannot be said without a spread."
        )
    take = (
        f"To {_AIMS[j.claim.expectation]}{j.metric.margin:g} with 80 % power would take about"
        f" {counted(j.seeds_needed, replicate)}"
    )
    if j.seeds_needed > o.seeds:
        return f"{take} instead of {o.seeds}."
    were = "was" if o.seeds == 1 else "were"
    return (
        f"{take} before the adjustment for the number of claims, and there {were} {o.seeds}: what"
        " was seen lies too close to decide."
    )


def _hangs_on(j: Judgement) -> str:
    by_verdict: dict[str, list[str]] = {}
    shared = _shared(j)
    for left in j.hangs_on:
        # What all runs of the claim have in common need not be said of each.
        own = [part for part in left.name.split(", ") if part not in shared]
        by_verdict.setdefault(left.verdict, []).append(f"{left.kind} {', '.join(own) or left.name}")
    parts = [f"{verdict} without {listed(names)}" for verdict, names in by_verdict.items()]
    return f"Fragile: it would be {'; '.join(parts)}." if parts else ""


def _shared(j: Judgement) -> set[str]:
    """Return the parts of run names, such as ``factor=level``, that all runs of a claim share."""
    over = j.claim.gain.over if j.claim.gain else None
    other = over if isinstance(over, Mapping) else j.claim.where
    fixed = {
        (factor, level_text(level))
        for factor, level in j.claim.where.items()
        if not isinstance(level, list) and other.get(factor) == level
    }
    return {f"{factor}={level}" for factor, level in fixed}
