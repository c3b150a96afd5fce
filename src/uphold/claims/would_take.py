"""What it would take to decide an undecided claim, in words.

In: a judgement. Out: a sentence or two, or nothing where the effect is known to differ by context.
Promised: seeds are a range, of the spread that was seen; they are given for an effect of one
margin, and for one as large as seen where that is another number; where looks are declared, the
next one is named, and a number of seeds that they reach is the number of one of them.
"""

from dataclasses import replace

from uphold import format
from uphold.claims.as_seen import AsSeen
from uphold.claims.judgement import Judgement
from uphold.claims.looks import level_at, next_after
from uphold.claims.wording import counted, named_contexts
from uphold.error_rates import MOST_SEEDS, POWER
from uphold.statistics.power import SeedsNeeded


def would_take(j: Judgement, replicate: str) -> str:
    """Return what it would take; ``replicate`` is what the seeds are called."""
    j = by_members(j)
    o = j.outcome
    if j.differs:
        return ""
    if j.seeds_needed is None and o.takes:
        return o.takes
    next_look = f"{next_look_text(j, replicate)}." if j.looks else ""
    if j.seeds_needed is None:
        return next_look or f"How many {replicate}s it would take cannot be said without a spread."
    enough = j.seeds_needed.low is not None and j.seeds_needed.low <= o.seeds
    margin = j.metric.margin
    within = max(-o.ci_low, o.ci_high) < margin or (
        j.claim.expected.aim == "equivalence" and not abs(o.value) > margin
    )
    if j.on_average and enough:
        seeds = ""
    elif enough and within and j.beyond:
        inside = format.exact(margin)
        seeds = f"It may be beyond ±{inside} in single contexts: {named_contexts(j)}."
    else:
        seeds = f"{_seeds(j, replicate)}."
    return " ".join(filter(None, [next_look, seeds]))


def by_members(j: Judgement) -> Judgement:
    """Return a judgement of ensembles whose seeds are those of their members: they take each."""
    if j.members < 2 or j.looks or j.seeds_needed is None:
        return j

    def all_of(needed: SeedsNeeded) -> SeedsNeeded:
        return SeedsNeeded(*(n and n * j.members for n in needed))

    return replace(
        j,
        outcome=replace(j.outcome, seeds=j.outcome.seeds * j.members),
        seeds_needed=all_of(j.seeds_needed),
        as_seen=j.as_seen and j.as_seen._replace(needed=all_of(j.as_seen.needed)),
    )


def _seeds(j: Judgement, replicate: str) -> str:
    needed, seen = _at_looks(j)
    expected, margin = j.claim.expected, format.exact(j.claim.margin(j.metric))
    power = f"with {format.percent(POWER)} power"
    if seen is None:
        return _taken(j, f"{expected.to_show}{margin} {power}", needed, replicate)
    if not expected.to_refute and expected.aim == "bound":  # a gain, on either side of its limit
        text = _taken(j, f"{expected.to_show}{margin} {power}", needed, replicate)
        return f"{text}; at the distance seen, {range_text(seen.needed)}"
    size = f"({j.claim.seen(j.outcome, j.metric)})"
    if expected.aim != "difference":
        if not seen.within:
            aim = f"{expected.to_refute}{margin} {power}, if it is as large as seen {size},"
            return _taken(j, aim, seen.needed, replicate)
        aim = f"{expected.to_show}{margin} {power}, if nothing changes,"
        text = _taken(j, aim, needed, replicate)
        return f"{text}; if it changes as seen {size}, {range_text(seen.needed)}"
    text = _taken(j, f"{expected.to_show}{margin} {power}", needed, replicate)
    if seen.needed == needed:
        return text
    if seen.within:
        return (
            f"{text}; to rule it out, if it is as small as seen {size}, {range_text(seen.needed)}"
        )
    takes = "," if needed.low is not None else " would take"
    return f"{text}; one as large as seen {size}{takes} {range_text(seen.needed)}"


def _taken(j: Judgement, aim: str, needed: SeedsNeeded, replicate: str) -> str:
    """Return how many seeds an aim takes, and how many there were."""
    there = j.outcome.seeds
    if needed.low is None:
        return f"Even {MOST_SEEDS} {replicate}s are too few to {aim.rstrip(',')}"
    text = f"To {aim} would take {seeds_text(needed, replicate)}"
    if needed.low <= there:
        return f"{text}, and there {_were(there)}{enough_text(needed, there)}"
    return text if next_after(j.look, j.looks) is not None else f"{text} instead of {there}"


def _at_looks(j: Judgement) -> tuple[SeedsNeeded, AsSeen | None]:
    """Return the seeds for one margin and for what was seen, each that looks reach as a look."""
    assert j.seeds_needed is not None
    later = [n for n in j.looks if n > j.look]
    if not later:
        return j.seeds_needed, j.as_seen
    margin, sides = j.claim.margin(j.metric), 2 if j.claim.expected.aim == "difference" else 1
    levels = {n: level_at(j.level, j.looks, n, sides) for n in later}
    plans = {n: j.claim.seeds_it_takes(j.alone, margin, level) for n, level in levels.items()}
    seen = {n: j.claim.seeds_as_seen(j.alone, margin, level) for n, level in levels.items()}
    last = seen[later[-1]]
    alike = {n: one and last and one.within == last.within for n, one in seen.items()}
    seeds = {n: one.needed if one and alike[n] else None for n, one in seen.items()}
    needed = _reached(plans)
    assert needed is not None
    return needed, last and last._replace(needed=_reached(seeds) or last.needed)


def _reached(plans: dict[int, SeedsNeeded | None]) -> SeedsNeeded | None:
    """Return each end as the first look that has so many, else as it is at the last one's level."""
    last = plans[max(plans)]
    if last is None:
        return None

    def first(end: str, otherwise: int | None) -> int | None:
        found = {n: getattr(plan, end) for n, plan in plans.items() if plan}
        return next((n for n, least in found.items() if least and least <= n), otherwise)

    return SeedsNeeded(first("low", last.low), first("high", last.high))


def enough_text(needed: SeedsNeeded, seeds: int) -> str:
    """Say what it means that as many seeds were there as it may take, or more."""
    if needed.high is None or needed.high > seeds:
        return ", which may be too few"
    return ", so that what was seen is not as clear as what was planned for"


def next_look_text(j: Judgement, replicate: str) -> str:
    """Return when a claim with declared looks is judged next, or that it is not."""
    if j.look or j.next_look == j.looks[0]:
        if j.next_look is None:
            return "The declared looks are used up"
        return f"It is judged next at {counted(j.next_look, replicate)}"
    unordered = f"its {format.several(replicate)} are in no known order"
    if j.next_look is None:
        last = counted(j.looks[-1], replicate)
        return f"With more than the {last} of the last look it cannot be judged: {unordered}"
    return f"It is judged next at exactly {counted(j.next_look, replicate)}: {unordered}"


def _were(seeds: int) -> str:
    return f"was {seeds}" if seeds == 1 else f"were {seeds}"


def seeds_text(needed: SeedsNeeded, replicate: str) -> str:
    """Return such as ``"9 to 32 seeds"``; the range is that of the spread that it rests on."""
    return f"{range_text(needed)} {replicate if needed == (1, 1) else format.several(replicate)}"


def range_text(needed: SeedsNeeded) -> str:
    """Return such as ``"9 to 32"``, or ``"more than 100"``."""
    low, high = needed
    if low is None:
        return f"more than {MOST_SEEDS}"
    if high is None:
        return f"from {low} to more than {MOST_SEEDS}"
    return format.count(high) if low == high else f"{low} to {format.count(high)}"
