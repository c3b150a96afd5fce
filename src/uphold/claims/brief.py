"""A judged claim in two lines: the answer, the estimate, and what keeps it from being plain.

In: a judgement. Out: one to three short sentences, for the first screen of a page. Promised: the
first word is the answer, which the verdict alone chooses; what is real but too small to matter is
said to be so; an undecided claim says what would settle it, or where it stays open.
"""

from uphold import format
from uphold.claims.fragility import RUN
from uphold.claims.judgement import Judgement
from uphold.claims.would_take import by_members, seeds_text
from uphold.error_rates import MOST_SEEDS
from uphold.statistics.power import SeedsNeeded

ANSWERS = {
    "supported": "Yes",
    "refuted": "No",
    "equivalent": "No difference that matters",
    "inconclusive": "Undecided",
}
WITHOUT = {
    "supported": "a yes",
    "refuted": "a no",
    "equivalent": "no difference that matters",
    "inconclusive": "undecided",
}


def brief(judged: Judgement, replicate: str) -> str:
    """Return the answer to a claim; ``replicate`` is what the seeds are called."""
    if judged.outcome.reason:
        return f"Not tested: {judged.outcome.reason}."
    found = f"{_answer(judged)}: {judged.claim.shown(judged.outcome, judged.metric)}"
    parts = [f"{found}{_on_average(judged)}."]
    if judged.verdict == "inconclusive" and not judged.on_average:
        parts.append(_would_take(by_members(judged), replicate))
    elif judged.verdict == "supported" and judged.claim.expected.aim == "difference":
        parts.append(_too_small(judged))
    return " ".join(filter(None, [*parts, _depends_on(judged)]))


def _answer(j: Judgement) -> str:
    text = ANSWERS[j.verdict]
    if j.verdict == "refuted" and j.claim.expected.aim == "difference":
        text += ", the opposite"
    if j.suggests:
        text += f", leaning towards {WITHOUT[j.suggests]}"
    if j.claim.role == "secondary" and j.verdict != "inconclusive":
        text += " (exploratory)"
    return text


def _too_small(j: Judgement) -> str:
    """Say that an effect is there and yet too small to matter, where all of its interval is."""
    found = j.claim.in_margins(j.outcome, j.metric)
    if found is None or not -1 < found.ci_low <= found.ci_high < 1:
        return ""
    return f"That is less than the {format.exact(j.claim.margin(j.metric))} that matters."


def _on_average(j: Judgement) -> str:
    """Say that an effect is too small to matter on average, and not shown to be so everywhere."""
    if not j.on_average:
        return ""
    margin, of = format.exact(j.claim.margin(j.metric)), j.outcome.contexts.effect.size
    below = f"less than the {margin} that matters"
    many = f"{len(j.beyond)} of {of} settings of the other factors"
    seems = "" if j.on_average == "shown" else "as it seems "
    return f", on average {seems}{below}; not shown for {many}"


def _would_take(j: Judgement, replicate: str) -> str:
    needed: SeedsNeeded | None = j.seeds_needed
    if needed is None or j.differs or j.looks:
        return ""
    effect, there = format.exact(j.claim.margin(j.metric)), j.outcome.seeds
    if needed.low is None:
        return f"Even {MOST_SEEDS} {format.several(replicate)} would not settle {effect}."
    if needed.high is not None and needed.high <= there:
        return ""  # as many as it takes: the estimate lies too near to what would decide it
    enough = " may be too few" if needed.low <= there else " were trained"
    return f"To settle {effect} takes {seeds_text(needed, replicate)}; {there}{enough}."


def _depends_on(j: Judgement) -> str:
    """Say what a fragile verdict would be without one seed, or that single runs decide it."""
    if not j.depends_on:
        return ""
    units = [left for left in j.depends_on if left.kind != RUN]
    if not units:
        return "Leaving out one run would change this verdict."
    kind = format.name(units[0].kind)
    if len(units) > 1:
        return f"Leaving out any of {len(units)} {format.several(kind)} would change this verdict."
    return f"Without {kind} {units[0].name} it would be {WITHOUT[units[0].verdict]}."
