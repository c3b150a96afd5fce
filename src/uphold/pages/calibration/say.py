"""The sentences of the page of calibration, and how it writes a rate."""

from statistics import median

from uphold.analysis.model.calibration import Kind, Rate, Scenario
from uphold.error_rates import ALPHA
from uphold.format import MISSING, POINTS, count, counted, number
from uphold.pages.calibration.page import CalibrationPage, FalseVerdict, false_verdicts, intervals

HELD, DOUBTFUL, OVER, MISSED = "held", "unsure", "over", "missed"


def held(rate: Rate, most: float) -> str:
    """Return whether a rate keeps its limit; above it, whether chance may have brought it there."""
    if (rate.value or 0.0) <= most:
        return HELD
    return DOUBTFUL if (rate.low or 0.0) <= most else OVER


def share(rate: Rate | None) -> str:
    """Return a rate as ``5.3 % (4.1 to 6.8)``."""
    if rate is None:
        return MISSING
    return f"{percent(rate.value)} ({points(rate.low)} to {points(rate.high)})"


def points(value: float | None) -> str:
    return number(None if value is None else POINTS * value, 1)


def percent(value: float | None) -> str:
    return f"{points(value)} %"


def answer(page: CalibrationPage) -> str:
    """Say in how many kinds of logs false verdicts keep the limit, and the highest rate of all."""
    limit = page.found.limits.wrong
    every = [one.rate for one in false_verdicts(page)]
    kept = sum(held(rate, limit) == HELD for rate in every)
    many = "all" if kept == len(every) else f"{kept} of"
    return (
        f"In {many} {counted(len(every), 'kind')} of logs that keep to what verdicts assume, no"
        f" more logs get a false verdict than are tolerated, {percent(limit)}. The highest rate"
        f" that was counted is {percent(max(map(value_of, every)))}."
    )


def over(page: CalibrationPage) -> str:
    """Say how frequent false verdicts are, and name those that are over the limit."""
    limit = page.found.limits.wrong
    every = sorted(false_verdicts(page), key=lambda one: -value_of(one.rate))
    middle = median(value_of(one.rate) for one in every)
    texts = [
        f"In half of the kinds {percent(middle)} of logs or fewer get one; the tests aim at"
        f" {percent(ALPHA)}."
    ]
    sure = [_named(one) for one in every if held(one.rate, limit) == OVER]
    unsure = [_named(one) for one in every if held(one.rate, limit) == DOUBTFUL]
    if sure:
        texts.append(f"The limit is broken, by more than chance, by {'; '.join(sure)}.")
    if unsure:
        verb = "is" if len(unsure) == 1 else "are"
        texts.append(
            f"{counted(len(unsure), 'kind')} {verb} above it by what may be chance, most of all"
            f" {unsure[0]}."
        )
    if not sure and not unsure:
        texts.append(f"The most frequent is {_named(every[0])}.")
    return " ".join(texts)


def beyond(page: CalibrationPage) -> str:
    """Say in how many kinds of logs that break what verdicts assume the limit is broken."""
    states = [held(one.rate, page.found.limits.wrong) for one in false_verdicts(page, beyond=True)]
    if not states:
        return "Logs that break what verdicts assume were not counted."
    broken = states.count(OVER)
    how = f"by more than chance, in {broken}" if broken else "by no more than chance in any"
    verb = "was" if len(states) == 1 else "were"
    unsure = states.count(DOUBTFUL)
    more = f", and by what may be chance in {unsure}" if unsure else ""
    return (
        f"Where logs break what verdicts assume, the limit is broken, {how} of"
        f" {counted(len(states), 'kind')} that {verb} tried{more}."
    )


def furthest(page: CalibrationPage) -> str:
    """Say where such logs give the most false verdicts, and where intervals fail the most."""
    every = list(false_verdicts(page, beyond=True))
    if not every:
        return ""
    most = max(every, key=lambda one: value_of(one.rate))
    text = f"The most frequent is {_named(most)}."
    holding = [of.covered for _, _, of in intervals(page, beyond=True) if of.covered is not None]
    if not holding:
        return text
    least = min(holding, key=value_of)
    few = percent(least.value)
    return f"{text} 95 % intervals hold the true effect in as few as {few} of such logs."


def _named(one: FalseVerdict) -> str:
    return f"“{one.verdict}” with {one.scenario.title}, {share(one.rate)}"


def covered(page: CalibrationPage) -> str:
    """Say how often intervals hold the true effect."""
    rates = [of.covered for _, _, of in intervals(page) if of.covered is not None]
    low, high = min(rates, key=value_of), max(rates, key=value_of)
    return (
        f"95 % intervals hold the true effect in {percent(low.value)} to {percent(high.value)} of"
        " logs, by kind of log."
    )


def within(rate: Rate, low: float, high: float) -> str:
    """Return whether a coverage is as it should be; outside, whether that may be chance."""
    if low <= value_of(rate) <= high:
        return HELD
    chance = (rate.low or 0.0) <= high and (rate.high or 0.0) >= low
    return DOUBTFUL if chance else MISSED


def wanted(page: CalibrationPage, scenario: Scenario) -> tuple[float, float]:
    """Return the least and the most that intervals of a scenario should cover."""
    limits = page.found.limits
    if scenario.balanced:
        return limits.coverage_low, limits.coverage_high
    return limits.coverage_least, 1.0


def missing(page: CalibrationPage) -> str:
    """Say of how many kinds of logs the intervals cover what they should."""
    states = [
        (within(of.covered, *wanted(page, scenario)), scenario.title, of.covered)
        for scenario, _, of in intervals(page)
        if of.covered is not None
    ]
    kept = sum(state == HELD for state, *_ in states)
    text = f"That is as it should be for {kept} of {len(states)} kinds"
    if kept == len(states):
        return f"{text}."
    missed = [f"{title}, {share(rate)}" for state, title, rate in states if state == MISSED]
    if not missed:
        return f"{text}; the others may be off by chance."
    return f"{text}. Off by more than chance: {'; '.join(missed)}."


def found(page: CalibrationPage) -> str:
    """Say how often an effect is found in the design that the limit names."""
    limits = page.found.limits
    return (
        f"{limits.power_seeds} seeds find {percent(_found(page, 'tasks').value)} of effects of"
        f" {limits.power_effect} SD among {page.found.family} claims that share no runs."
    )


def aim(page: CalibrationPage) -> str:
    """Say whether that is enough, why not, and what they find where all share one control."""
    least, rate, alone = page.found.limits.power, _found(page, "tasks"), _found(page, "alone")
    verb = "keeps" if value_of(rate) >= least else "misses"
    return (
        f"That {verb} the aim of {percent(least)}; so many logs leave it between"
        f" {points(rate.low)} and {points(rate.high)} %. A claim by itself finds"
        f" {percent(alone.value)}, and no family can find more: its other claims make a finding"
        " surer, but it never rests on them. Where all share one control they find"
        f" {percent(_found(page, 'control').value)}. The SD is that of a run."
    )


def _found(page: CalibrationPage, kind: Kind) -> Rate:
    limits = page.found.limits
    return page.found.power[kind][str(limits.power_effect)][str(limits.power_seeds)]


def looked(page: CalibrationPage) -> str:
    """Say what looking again costs."""
    naive = max((both.naive for both in page.found.looks.values()), key=value_of)
    return f"Looking again as seeds are added raises false verdicts to {percent(naive.value)}."


def declared(page: CalibrationPage) -> str:
    """Say what declared looks cost."""
    most = max((both.declared for both in page.found.looks.values()), key=value_of)
    return (
        f"Where the looks are declared, at {page.found.looks_at} seeds, false verdicts come to at"
        f" most {share(most)}."
    )


def value_of(rate: Rate) -> float:
    return rate.value or 0.0


def made_by(page: CalibrationPage) -> str:
    """Say how many logs there were, and which code judged them."""
    made = page.found.made
    logs = [f.rate.draws for f in false_verdicts(page)]
    versions = ", ".join(f"{name} {of}" for name, of in made.versions.items())
    text = (
        f"Scale {made.scale}: each rate is of {count(min(logs))} to {count(max(logs))} logs that"
        f" were made up (seed {made.seed}; {versions}). The intervals behind rates say how far so"
        " many logs can be off."
    )
    if page.stale:
        return f"{text} The full run in git was judged by other code, so it is not shown."
    return f"{text} They were judged by the present code."


def family(page: CalibrationPage) -> str:
    """Say what a large family is."""
    found = page.found
    return (
        f"A large family has {found.family} claims: each about a task of its own, or all against"
        f" one control. Of them {found.effective} have the effect and the others none."
    )


def loops(page: CalibrationPage) -> str:
    """Say how often the gate keeps what gains nothing, what it finds, and what it saves."""
    found = page.loops
    worst = max(found.cases.values(), key=lambda of: value_of(of.any_false))
    real = [of for of in found.cases.values() if of.found is not None]
    least = min(value_of(of.found) for of in real if of.found is not None)
    saved = max(of.runs / of.fixed for of in found.cases.values())
    by_score = [of.false_by_score for of in found.cases.values() if not of.gains]
    return (
        f"In loops of {count(found.proposals)} proposals of which none gains, the gate keeps any in"
        f" at most {percent(value_of(worst.any_false))} ({worst.title}). Keeping what scores better"
        f" in one run keeps {number(min(by_score), 1)} to {number(max(by_score), 1)} a loop that"
        f" gain nothing. Of proposals that gain the margin the gate keeps at least"
        f" {percent(least)}, with at most {percent(saved)} of the runs of a design that is fixed"
        " beforehand for as many proposals."
    )


def of_loops(page: CalibrationPage) -> str:
    """Say how many loops were gone through."""
    return f"Each kind is of {counted(page.loops.loops, 'loop')} (seed {page.loops.seed})."


def peers(page: CalibrationPage) -> str:
    """Say how many logs the packages saw."""
    rates = [rate for peer in page.peers.peers.values() for rate in peer.rates.values() if rate]
    off = max(value_of(rate) - (rate.low or 0.0) for rate in rates)
    off = max(off, *((rate.high or 0.0) - value_of(rate) for rate in rates))
    return (
        f"Each package saw {counted(max(rate.draws for rate in rates), 'log')} of each kind (seed"
        f" {page.peers.seed}), which leaves up to {points(off)} points either way. A package"
        " refuses logs on which it ends with an error."
    )
