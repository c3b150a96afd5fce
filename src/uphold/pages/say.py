"""The sentences of write-ups: each is built from findings, and says no more than they do."""

from collections.abc import Mapping

from uphold.analysis.model.estimates import Effect
from uphold.analysis.model.runs import Optimism
from uphold.error_rates import ALPHA, FEWEST_UNITS
from uphold.format import (
    TINIEST,
    Ends,
    count,
    counted,
    day,
    difference,
    exact,
    interval,
    level,
    name,
    named,
    number,
    percent,
    setting,
    settings,
    spread,
)
from uphold.pages import contexts, larger, looks
from uphold.pages.writeup import Page, Sweep
from uphold.promoted_rank import standing

MEMBERS = "members"
"""The factor by which ensembles are told from single runs; see `uphold.pipeline.design`."""

MOST_COSTS = 3
"""So many costs of a promotion are named, the largest in margins first."""
MOST_TIES = 5
"""So many ties are named one by one; more are for the table."""


def on_data(page: Page) -> str:
    """Say which data and scale made the page, and when its last run was finished."""
    scale = page.writeup.scale
    reduced = larger.smaller(page) or shorter(page)
    at = f"a reduced scale ({scale})" if reduced else f"scale {scale}"
    last = f" Last run: {day(page.finished)}." if page.finished else ""
    return f"Data: {page.writeup.data['source']}, at {at}.{last}"


def made_by(page: Page) -> str:
    """Say how data and scale differ from the archived ones."""
    data = page.writeup.data
    text = ""
    if data["source"] == "synthetic":
        if page.writeup.archived:
            text = "An archived design was run again on data made here: the numbers are not the"
            text += " archived ones."
        cut = (larger.smaller(page), shorter(page), larger.head(page), otherwise_computed(page))
        return " ".join(filter(None, [text, *cut]))
    used = data.get("used", {})
    if used and used["used"] == used["of"]:
        text = f"All {counted(used['of'], used['noun'])} were used."
    elif used:
        noun = used["noun"]
        text = f"{count(used['used'])} of {counted(used['of'], noun)} were used"
        text += f": the limit is {count(used['at_most'])}." if used["at_most"] else "."
    told = [text, shorter(page), larger.head(page), otherwise_computed(page), stood_in(page)]
    return " ".join(filter(None, told))


def otherwise_computed(page: Page) -> str:
    """Say how many runs come of other arithmetic than the reference; nothing where none does."""
    runs = {key: run for sweep in page.sweeps for key, run in sweep.training.items()}
    others = sum(run["as_reference"] is False for run in runs.values())
    if not others:
        return ""
    return (
        f"Computed otherwise: {count(others)} of {counted(len(runs), 'run')}, by other"
        " instructions, versions or hardware than the reference, so that their last digits are"
        " their own."
    )


def shorter(page: Page) -> str:
    """Say that training is shorter than archived, where it is, and in which sweeps it is not."""
    found = page.writeup.shorter
    if not found:
        return ""
    parts = [
        f"{percent(one.here / one.full)} of the epochs"
        if one.full <= 1  # a scale of what each arm has
        else f"{exact(one.here)} of {exact(one.full)} {name(of)}"
        for of, one in found.items()
    ]
    whole = [
        f"“{sweep.title}”"
        for sweep in page.sweeps
        if all(sweep.designed.design.fixed.get(of) == one.full for of, one in found.items())
    ]
    than = "in the archived sweeps" if page.writeup.archived else "at scale full"
    apart = f", except in {named(whole)}" if whole else ""
    return f"Training is shorter than {than}{apart}: {named(parts)}."


def stood_in(page: Page) -> str:
    """Say what these data lack, and what is judged instead; nothing where they lack nothing."""
    found = page.writeup.stood_in
    if found is None:
        return ""
    parts = [found.why]
    if found.labels:
        lacking, judged = named(list(found.labels)), named(list(found.labels.values()))
        parts.append(f"Claims about {lacking} are judged by {judged} instead.")
    for why in dict.fromkeys(found.absent.values()):
        about = named([label for label, reason in found.absent.items() if reason == why])
        parts.append(f"Claims about {about} cannot be judged: {why}.")
    return " ".join(filter(None, parts))


def errors(page: Page, claim: str) -> list[str]:
    """Return the checks of the audit whose errors touch what a claim rests on, each once."""
    found = [
        flag.check
        for flags in page.found.audit.values()
        for flag in flags
        if flag.severity == "error" and claim in flag.claims
    ]
    return list(dict.fromkeys(found))


def held_against(page: Page, claim: str) -> str:
    """Say by which errors the audit objects to a claim, or nothing."""
    found = errors(page, claim)
    return f"The audit objects: {', '.join(found)}." if found else ""


def whole(page: Page, noun: str = "configuration") -> str:
    """Say in a sentence how many runs a page rests on."""
    if len(page.sweeps) == 1:
        return f"{size(page.sweeps[0], noun)}."
    runs = sum(sweep.found.runs for sweep in page.sweeps)
    return f"{counted(runs, 'run')} in {counted(len(page.sweeps), 'sweep')}."


def size(sweep: Sweep, noun: str = "configuration") -> str:
    """Say how many configurations, or what else they are called, seeds and runs a sweep has."""
    # Each run of a configuration has its seed, failed or not; ensembles are made of them.
    single = [c for c in sweep.configurations if c.levels.get(MEMBERS, 1) == 1]
    found = [c.metrics[sweep.page.primary] for c in single]
    runs = [int(m.n + m.failed) for m in found]
    fewest, most = min(runs, default=0), max(runs, default=0)
    seeds = counted(most, "seed") + " each"
    if fewest < most:
        seeds = f"{fewest} to {counted(most, 'seed')}"
    failed, made = len(sweep.designed.failed), sweep.designed.ensembles
    return (
        f"{counted(len(single), noun)} with {seeds}, {counted(sweep.found.runs, 'run')}, "
        + (f"of which {failed} failed" if failed else "none of which failed")
        + (f", and {counted(made, 'ensemble')} of them" if made else "")
    )


def reading(page: Page) -> str:
    """Say which metric leads, which difference matters, and which contexts claims are about."""
    label, margin = page.label(page.primary), page.margin(page.primary)
    return (
        f"Configurations are ranked by {label}. The smallest difference that matters was declared"
        f" as {exact(margin)}; the unit of replication is the {' or the '.join(units(page))}."
        f" {contexts.sentence(page)}"
    ).strip()


def units(page: Page) -> list[str]:
    """Return what is replicated in the sweeps of a page, or in a log."""
    return list(dict.fromkeys(sweep.unit for sweep in page.sweeps))


def headline(sweep: Sweep) -> str:
    """Say which configurations are first, and how many cannot be told from the best."""
    best = sweep.configurations[0]
    metric = best.metrics[sweep.page.primary]
    label, digits = sweep.page.label(sweep.page.primary), sweep.page.digits(sweep.page.primary)
    if metric.mean is None:
        return f"No run has a score of {label}."
    text = (
        f"First by {label}: {settings(best.levels)}, with"
        f" {spread(metric.mean, metric.sd, digits)} (mean ± SD,"
        f" {counted(int(metric.n), 'run')})."
    )
    means = [(c, sweep.metric(c, sweep.page.primary).mean) for c in sweep.configurations]
    tied = [
        settings(c.levels) for c, m in means if m is not None and abs(m - metric.mean) < TINIEST
    ]
    if len(tied) > 1:
        more = f"; and {count(len(tied) - MOST_TIES)} more" * (len(tied) > MOST_TIES)
        text = (
            f"Tied for the first place by {label}, with a mean of {number(metric.mean, digits)}"
            f" each: {'; '.join(tied[:MOST_TIES])}{more}."
        )
    found = sweep.found.best
    if found is None:
        return text
    if found.candidates == 1:
        others = found.compared - 1
        whom = "the other one" if others == 1 else f"each of the {count(others)} others"
        return f"{text} It can be told from {whom}."
    others = found.compared - 1
    which = f"{count(found.candidates - 1)} of the {count(others)} others cannot"
    if len(tied) > 1:
        which = f"{count(found.candidates)} of the {count(found.compared)} configurations cannot"
        return f"{text} {which} be told from the best."
    if found.candidates == found.compared:
        which = f"None of the {count(others)} others can" if others > 1 else "The other one cannot"
    return f"{text} {which} be told from it."


def families(page: Page) -> str:
    """Say how verdicts are controlled for their number and for looks, and what few seeds mean."""
    claims = list(page.found.claims.values())
    primary, secondary = (sum(c.role == r for c in claims) for r in ("primary", "secondary"))
    rate = percent(ALPHA)
    parts = []
    if primary:
        among = "the primary claim is" if primary == 1 else f"any of {primary} primary claims is"
        parts.append(f"The tests aim at a chance of {rate} that a verdict on {among} wrong.")
    elif secondary:
        parts.append("No claim is primary, so that nothing here is more than a lead to follow.")
    if secondary:
        are = "claim is" if secondary == 1 else "claims are"
        parts.append(
            f"{count(secondary)} secondary {are} exploratory: there the aim is that on average"
            f" at most {rate} of the decisive verdicts are wrong."
        )
    few = {c.outcome.seeds for c in claims if 1 < c.outcome.seeds < FEWEST_UNITS}
    of = units(page)
    unit = of[0] if len(of) == 1 else "unit"
    if few and max(few) == max(c.outcome.seeds for c in claims):
        parts.append(f"With {counted(max(few), unit)} every verdict depends on each of them.")
    elif few:
        parts.append(f"A verdict from fewer than {FEWEST_UNITS} {unit}s depends on each of them.")
    parts.append(looks.sentence(page))
    return " ".join(filter(None, parts))


def promotion(sweep: Sweep) -> str:
    """Say which configuration was promoted, and by which rule."""
    found, metrics = sweep.designed.promoted, sweep.page.found.metrics
    if not found.n or found.settings is None:
        return "Every run failed, so that no configuration was promoted."
    digits = sweep.page.digits(found.by if found.by in metrics else sweep.page.primary)
    shared = sweep.designed.design.fixed  # goes without saying, the table of the design has it
    own = {of: value for of, value in found.settings.items() if of not in shared}
    text = (
        f"Promoted by the declared rule (best mean {name(found.by)} among the stable"
        f" configurations): {settings(sweep.in_order(own or found.settings))}, with"
        f" {spread(found.mean, found.sd, digits)} over {counted(found.n, 'run')}."
    )
    if found.rule_met:
        were = "configuration was" if found.configurations == 1 else "configurations were"
        were = "configurations was" if found.stable == 1 < found.configurations else were
        text += f" {count(found.stable)} of {count(found.configurations)} {were} stable."
    else:
        text += " No configuration was stable, so that the best of all was taken."
    margin = sweep.page.margin(found.by if found.by in metrics else sweep.page.primary)
    more = (standing(found, margin, digits), confirmation(sweep), harm(sweep))
    return " ".join(filter(None, (text, *more)))


def harm(sweep: Sweep) -> str:
    """Say what of a promoted configuration makes a score worse; nothing where nothing is shown to.

    By the step that leads to a level of it, or from it, by itself: on the primary metric, and on
    those that something is claimed about.
    """
    chosen = sweep.designed.promoted.settings or {}
    several = [
        f"{setting(factor, chosen[factor])}, {text}" for factor, text in _costs(sweep, chosen)
    ]
    if not several:
        return ""
    return (
        f"What it costs, setting by setting: {'; '.join(several)}. The rule goes by its own score"
        " alone, so that it may promote what claims advise against."
    )


def cost(sweep: Sweep, factor: str, chosen: object) -> str:
    """Say which scores a level of a factor makes worse; nothing where it is shown to make none."""
    texts = [text for _, text in _costs(sweep, {factor: chosen})]
    return f"The price: {'; '.join(texts)}." if texts else ""


def _costs(sweep: Sweep, chosen: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return factors with what their levels cost, the largest in margins first."""
    metrics = {sweep.page.primary, *(c.metric for c in sweep.page.found.claims.values())}
    costs = []
    for metric in sorted(metrics & sweep.designed.effects.keys()):
        for effect in sweep.designed.effects[metric]:
            if effect.factor not in chosen:
                continue
            found = _cost(sweep, metric, effect, level(chosen[effect.factor]))
            if found is not None and found.value is not None:
                digits, margin = sweep.page.digits(metric), sweep.page.margin(metric)
                text = f"{sweep.page.label(metric)} {difference(found, digits)}"
                costs.append((-abs(found.value) / margin, effect.factor, text))
    return [(factor, text) for _, factor, text in sorted(costs)[:MOST_COSTS]]


def _cost(sweep: Sweep, metric: str, effect: Effect, chosen: str) -> Ends | None:
    """Return what a level changes, where all of its interval is for the worse."""
    low, high, value = effect.ci_low, effect.ci_high, effect.value
    ends = level(effect.from_), level(effect.to)
    if chosen not in ends or value is None or low is None or high is None:
        return None
    if chosen == ends[0]:
        low, high, value = -high, -low, -value
    higher = sweep.page.found.metrics[metric].better == "higher"
    return Ends(low, high, value) if (high < 0 if higher else low > 0) else None


def confirmation(sweep: Sweep) -> str:
    """Say how what was promoted scores on fresh seeds; nothing where it was not tried."""
    found, metrics = sweep.designed.confirmed, sweep.page.found.metrics
    if found is None:
        return ""
    by, parts = sweep.designed.promoted.by, []
    for score in sorted(found.scores, key=lambda score: score != by):
        one, known = found.scores[score], score in metrics
        digits = sweep.page.digits(score if known else sweep.page.primary)
        fresh, chosen = (number(side.mean, digits) for side in (one.fresh, one.chosen))
        where = " where it was chosen" if score == by else ""
        text = f"its {metrics[score].label if known else name(score)} is {fresh} and was {chosen}"
        parts.append(text + where + _flattered(sweep, score, one, digits))
    failed = f", of which {found.failed} failed" if found.failed else ""
    return (
        f"On {counted(len(found.seeds), 'fresh seed')} that chose nothing{failed}, "
        + "; ".join(parts)
        + "."
    )


def _flattered(sweep: Sweep, score: str, one: Optimism, digits: int) -> str:
    """Say by how much a score was higher, or lower, where it was chosen; nothing if not known."""
    if one.value is None or one.ci_low is None or one.ci_high is None:
        return ""
    # outer units are on both sides, which makes this no difference of the two means
    matched = "" if sweep.unit == "seed" else f"matched by {sweep.unit}, "
    value, low, high = one.value, one.ci_low, one.ci_high  # positive: better where it was chosen
    higher = (value >= 0) == _more_is_better(sweep, score)
    if value < 0:
        value, low, high = -value, -high, -low
    by = f"{number(value, digits)} {'higher' if higher else 'lower'}"
    than = "on the runs that chose it than on fresh ones"
    if number(value, digits) == number(0, digits):
        by, than = "the same", "on the runs that chose it as on fresh ones"
    return f" ({matched}{by} {than}, {interval(Ends(low, high), digits)})"


def _more_is_better(sweep: Sweep, score: str) -> bool:
    metrics = sweep.page.found.metrics
    return metrics[score].better == "higher" if score in metrics else sweep.designed.promoted.higher
