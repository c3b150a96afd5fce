"""A judged claim → the sentences that may be printed.

In: a judgement. Out: one to four sentences of plain text. Promised: the verdict chooses the words;
they say what was measured, how large, how sure and from how many runs; an inconclusive claim opens
by saying that it is not shown and states no direction; a fragile one says what it hangs on. Names
from a log are text: whoever writes HTML escapes them.
"""

from collections.abc import Callable, Mapping

from studies.claims.claim import CONFIGURATION
from studies.claims.judgement import Judgement
from studies.claims.wording import (
    apart,
    condition_text,
    listed,
    number,
    p_text,
    step_text,
)

UNITS = {"paired t": "matched pairs", "Welch t": "unmatched values"}


def sentence(judged: Judgement, replicate: str) -> str:
    """Return what the runs say about a claim; ``replicate`` is what the seeds are called."""
    untested = judged.outcome.reason
    parts = [_untested(judged, replicate) if untested else _MEASURED[judged.claim.form](judged)]
    parts = [part.replace("{runs}", runs_text(judged, replicate)) for part in parts]
    if judged.verdict == "inconclusive":
        parts = ["Not shown.", *parts, _would_take(judged, replicate)]
    return " ".join(filter(None, [*parts, _hangs_on(judged)]))


def runs_text(j: Judgement, replicate: str) -> str:
    """Return such as ``"24 matched pairs of 60 runs, 3 seeds"``."""
    unit = UNITS.get(j.outcome.method, "")
    if j.claim.form == "interaction" and unit:
        unit = unit.replace("pairs", "differences")
    units = f"{j.outcome.n} {unit} of " if unit else ""
    plural = "" if j.outcome.seeds == 1 else "s"
    return f"{units}{j.outcome.runs} runs, {j.outcome.seeds} {replicate}{plural}"


def _untested(j: Judgement, replicate: str) -> str:
    return f"No test of {j.metric.label} was possible: {j.outcome.reason} ({{runs}})."


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
            f"at least {number(o.lower, j.metric.margin)}"
            if falls
            else (f"at most {number(o.upper, j.metric.margin)}")
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
    how = " by permutation" if a.p_permutation >= 0 else ""
    test = "(no variance; {runs})"
    if a.F >= 0:
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
    if o.inside:
        return f"The {what} are the same in {label}: every pair within ±{j.metric.margin:g} {test}."
    against = ", against the claim" if j.verdict == "refuted" else ""
    return f"The {what} differ in {label}{against} {test}."


def _bound(j: Judgement) -> str:
    o, label, margin = j.outcome, j.metric.label, j.metric.margin
    side, beyond, end = (
        ("at most", "above", "highest") if o.at_most else ("at least", "below", "lowest")
    )
    limit = f"{o.limit:g}"
    interval = f"{number(o.ci_low, margin)} to {number(o.ci_high, margin)}"
    known = f"simultaneous 95 % interval {interval}; " if o.ci_low <= o.ci_high else ""
    extreme = f"the {end} mean is {number(o.value, margin)} ({known}{{runs}})"
    which = f"{o.levels} configurations{_where(j)}"
    if j.verdict == "supported":
        return f"The mean {label} of all {which} is {side} {limit}: {extreme}."
    if j.verdict == "refuted":
        return (
            f"Of {which}, {o.breaking} have a mean {label} {beyond} {limit}, {o.beyond} of them by"
            f" more than noise: {extreme}."
        )
    return (
        f"No mean {label} of {which} is {beyond} {limit}, but {o.reaching} of their intervals"
        f" reach past it: {extreme}."
    )


def _gain(j: Judgement) -> str:
    o, label, margin, over = j.outcome, j.metric.label, j.metric.margin, j.claim.gain.over
    low, high = number(o.ci_low, margin), number(o.ci_high, margin)
    limit = f"{o.limit:g}"
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
    side = f"at least {number(o.lower, margin)}"
    if j.verdict == "refuted":
        side = f"at most {number(o.upper, margin)}, short of {limit},"
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


def _would_take(j: Judgement, replicate: str) -> str:
    if j.seeds_needed is None:
        return f"How many {replicate}s it would take cannot be said from these runs."
    aims = {"no-effect": "To show that it stays within ±", "difference": "To see a difference of "}
    aim = aims.get(j.claim.expectation, "To decide about ")
    take = (
        f"{aim}{j.metric.margin:g} with 80 % power would take about {j.seeds_needed} {replicate}s"
    )
    if j.seeds_needed > j.outcome.seeds:
        return f"{take} instead of {j.outcome.seeds}."
    return (
        f"{take} before the adjustment for the number of claims, and there were {j.outcome.seeds}:"
        " what was seen lies too close to decide."
    )


def _hangs_on(j: Judgement) -> str:
    by_verdict: dict[str, list[str]] = {}
    for left in j.hangs_on:
        by_verdict.setdefault(left.verdict, []).append(f"{left.kind} {left.name}")
    parts = [f"{verdict} without {listed(names)}" for verdict, names in by_verdict.items()]
    return f"Fragile: it would be {'; '.join(parts)}." if parts else ""
