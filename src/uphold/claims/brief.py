"""A judged claim in two lines: the answer, the estimate, and what keeps it from being plain.

In: a judgement. Out: one to three short sentences, for the first screen of a page. Promised: what
stands before the first colon is the answer, which the verdict alone chooses; what is real but too
small to matter, or a loss, is said to be so; an undecided claim says what would settle it, or where
it stays open.
"""

from uphold import format
from uphold.claims.fragility import RUN
from uphold.claims.judgement import Judgement
from uphold.claims.would_take import by_members, range_text
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
    parts = [_found(judged)]
    if not judged.outcome.reason:
        parts.append(_on_average(judged))
        if judged.verdict == "inconclusive" and not judged.on_average:
            parts.append(_would_take(by_members(judged), replicate))
        parts += [_depends_on(judged), _beyond_the_data(judged)]
    return " ".join(filter(None, parts))


def answer(judged: Judgement) -> str:
    """Return the answer alone, to stand beside that to another claim.

    What a decided claim depends on is part of it.
    """
    depends_on = "" if judged.verdict == "inconclusive" else _depends_on(judged)
    return f"{_found(judged)} {depends_on}".strip()


def _found(j: Judgement) -> str:
    if j.outcome.reason:
        return f"Not tested: {j.outcome.reason}."
    return f"{_answer(j)}: {j.claim.shown(j.outcome, j.metric)}."


def _answer(j: Judgement) -> str:
    text = ANSWERS[j.verdict]
    if j.verdict == "refuted":
        text += _other_way(j)
    if j.suggests:
        text += f", leaning towards {WITHOUT[j.suggests]}"
    also = []
    if j.verdict in ("supported", "refuted"):
        little = _size(j)
        text += little
        also += [f"under {format.exact(j.claim.margin(j.metric))}"] * bool(little)
    if j.verdict != "inconclusive":
        also += ["fragile"] * bool(j.depends_on) + ["exploratory"] * (j.claim.role == "secondary")
        text += f" ({', '.join(also)})" * bool(also)
    return text


def _other_way(j: Judgement) -> str:
    """Say where a refuted effect is shown to go: the other way, or that a gain is a loss."""
    if j.claim.expected.aim == "difference":
        return ", the opposite"
    found = j.claim.in_margins(j.outcome, j.metric)
    return ", a loss" if found is not None and found.claimed > 0 > found.ci_high else ""


def _size(j: Judgement) -> str:
    """Say of an effect that is there that it is too small to matter, or may be."""
    found = j.claim.in_margins(j.outcome, j.metric)
    if j.claim.expected.aim != "difference" or found is None:
        return ""
    if -1 < found.ci_low <= found.ci_high < 1:
        return ", but too little to matter"
    perhaps = min(abs(found.ci_low), abs(found.ci_high)) < 1
    return ", perhaps too little to matter" if perhaps else ""


def _on_average(j: Judgement) -> str:
    """Say that an effect is too small to matter on average, and yet perhaps not everywhere."""
    if not j.on_average:
        return ""
    margin, of = format.exact(j.claim.margin(j.metric)), j.outcome.contexts.effect.size
    is_ = "is" if j.on_average == "shown" else "seems"
    many = f"{len(j.beyond)} of {format.counted(of, 'setting')} of the other factors"
    smaller = f"On average the effect {is_} smaller than {margin} either way"
    return f"{smaller}; in {many} it may be larger."


def _would_take(j: Judgement, replicate: str) -> str:
    """Say how many seeds one margin takes, and what was seen where that is another number."""
    needed: SeedsNeeded | None = j.seeds_needed
    if needed is None or j.differs or j.looks:
        return ""
    there, margin = j.outcome.seeds, format.exact(j.claim.margin(j.metric))
    place = j.claim.in_margins(j.outcome, j.metric)
    what, of_size = "ratio" if j.outcome.ratio else "difference", f"of {margin}"
    if place is not None and place.claimed:
        what, of_size = "gain", f"{margin} above or below the one claimed"
    seen = j.as_seen.needed if j.as_seen and j.as_seen.needed != needed else None
    parts = (
        [] if _there(needed, there) else [f"{range_text(needed)} would settle a {what} {of_size}"]
    )
    if seen is not None and not _there(seen, there):
        as_seen = "the one seen" if parts else f"would settle the {what} seen"
        parts.append(f"{range_text(seen)} {as_seen}")
    if not parts:
        return ""  # as many as it takes: the estimate lies too near to what would decide it
    leave = "leaves" if there == 1 else "leave"
    return f"{format.counted(there, replicate)} {leave} it open: {', '.join(parts)}."


def _there(needed: SeedsNeeded, there: int) -> bool:
    return needed.high is not None and needed.high <= there


def _beyond_the_data(j: Judgement) -> str:
    """Say that the data have fewer units than it takes, where two lines have room for that."""
    return "" if j.most_units is None or j.on_average or j.differs else j.outcome.takes


def _depends_on(j: Judgement) -> str:
    """Say what a fragile verdict would be without one seed, or that single runs decide it."""
    if not j.depends_on:
        return ""
    units = [left for left in j.depends_on if left.kind != RUN]
    if not units:
        return "Leaving out one run would change this verdict."
    kind = format.name(units[0].kind)
    if len(units) > 1:
        which = "either of 2" if len(units) == 2 else f"any one of {len(units)}"
        return f"Leaving out {which} {format.several(kind)} would change this verdict."
    return f"Without {kind} {units[0].name} it would be {WITHOUT[units[0].verdict]}."
