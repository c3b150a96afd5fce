"""The sentences of write-ups: each is built from findings, and says no more than they do."""

from collections.abc import Mapping

from uphold.analysis.model.writeup import Claim
from uphold.error_rates import ALPHA
from uphold.format import (
    count,
    counted,
    crossed,
    exact,
    interval,
    name,
    p_text,
    settings,
    signed,
    spread,
)
from uphold.pages.writeup import Page, Sweep

VERDICTS = {
    "supported": "Supported by these runs",
    "refuted": "Refuted by these runs",
    "equivalent": "No difference that matters",
    "inconclusive": "Left open by these runs",
}


def made_by(page: Page) -> str:
    """Say which data and scale made the page, and that they are not the archived ones."""
    data = page.writeup.data
    text = f"Data: {data['source']}, scale: {page.writeup.scale}."
    if data["source"] == "synthetic":
        return text + (
            " The project makes these data itself. What is found here holds for them; it repeats"
            " the archived design and not the archived data."
        )
    if page.writeup.scale != "full":
        text += " Training is shorter than in the archived sweeps."
    return text


def interpretation(page: Page, *sweeps: Sweep) -> str:
    """Say what the claims (of some sweeps, or all) come to, verdict by verdict."""
    about = {sweep.name for sweep in sweeps or page.sweeps}
    return verdict_by_verdict(
        page, {key: c for key, c in page.found.claims.items() if c.sweep in about}
    )


def verdict_by_verdict(page: Page, claims: Mapping[str, Claim]) -> str:
    """Say what these of the page's claims come to."""
    parts = []
    for verdict, meaning in VERDICTS.items():
        says = [
            f"‘{c.says.rstrip('.')}’" + " (to which the audit objects)" * bool(errors(page, key))
            for key, c in claims.items()
            if c.verdict == verdict
        ]
        if says:
            parts.append(f"{meaning}: {'; '.join(says)}.")
    return " ".join(parts) or "Nothing was claimed about these runs."


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


def size(sweep: Sweep, noun: str = "configuration") -> str:
    """Say how many configurations, or what else they are called, seeds and runs a sweep has."""
    seeds = len(sweep.designed.design.seeds)
    failed = len(sweep.designed.failed)
    return (
        f"{counted(len(sweep.configurations), noun)} with {counted(seeds, 'seed')} each,"
        f" {counted(sweep.found.runs, 'run')}, "
        + (f"of which {failed} failed" if failed else "none of which failed")
    )


def reading(page: Page) -> str:
    """Say which metric leads and which difference matters."""
    label, margin = page.label(page.primary), page.margin(page.primary)
    return (
        f"Configurations are ranked by {label}. The smallest difference that matters was declared"
        f" as {exact(margin)}; the replication unit is the run."
    )


def headline(sweep: Sweep) -> str:
    """Say which configuration is first, and whether its lead is more than noise."""
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
    lead = sweep.found.lead
    if lead is None or lead.p is None:
        return text
    sure = "more than noise" if lead.p < ALPHA else "not more than noise"
    return text + (
        f" Its lead over the next one, {settings(lead.levels)}, is"
        f" {signed(lead.value, digits)} (95 % interval {interval(lead, digits)},"
        f" {p_text(lead.p)}): {sure}, and it was picked as the best of {count(sweep.count)},"
        " which flatters it."
    )


def two_tests(sweep: Sweep) -> str:
    """Say why matched runs and the analysis of variance give one term two p values, and where."""
    text = (
        "Matched differences and the analysis of variance hold a term against different noise: a"
        " matched difference has lost what a seed does to all its runs with one setting, and what"
        " the analysis of variance leaves over still holds it."
    )
    by_variance = {frozenset(a.term): a.p for a in sweep.found.anova}
    matched = {frozenset({i.of, i.by}): i.p for i in sweep.designed.interactions}
    apart = [
        f"{crossed(of for of in sweep.factors if of in term)}"
        f" ({p_text(p)} by matched runs, {p_text(other)} by analysis of variance)"
        for term, p in matched.items()
        for other in [by_variance.get(term)]
        if p is not None and other is not None and (p < ALPHA) != (other < ALPHA)
    ]
    return f"{text} Here they differ on {'; '.join(apart)}." if apart else text


def promotion(sweep: Sweep) -> str:
    """Say which configuration was promoted, and by which rule."""
    found, metrics = sweep.designed.promoted, sweep.page.found.metrics
    if not found.n or found.settings is None:
        return "Every run failed, so that no configuration was promoted."
    digits = sweep.page.digits(found.by if found.by in metrics else sweep.page.primary)
    text = (
        f"Promoted by the declared rule (best mean {name(found.by)} among the stable"
        f" configurations): {settings(sweep.in_order(found.settings))}, with"
        f" {spread(found.mean, found.sd, digits)} over {counted(found.n, 'run')}."
    )
    if found.rule_met:
        return text + f" {found.stable} of {found.configurations} configurations were stable."
    return text + " No configuration was stable, so that the best of all was taken."
