"""The tables of write-ups and of run logs, each from one part of an analysis.

One with nothing to show says so in its one row.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from great_tables import GT, loc, style

from uphold import format
from uphold.analysis.model.estimates import Description
from uphold.analysis.model.writeup import Claim
from uphold.format import (
    MISSING,
    count,
    counted,
    crossed,
    interval,
    level,
    name,
    number,
    p_value,
    short,
    signed,
)
from uphold.pages.say import held_against
from uphold.pages.writeup import Page, Shown, Sweep
from uphold.palette import colour

NUMBER = r"[+−]?(<\s)?[\d.,]+( %)?"
"""A number alone in its cell, as `uphold.format` writes it."""

SWITCH = {"on": colour("holds"), "off": colour("fails")}
VERDICT = {
    "supported": colour("holds"),
    "refuted": colour("fails"),
    "equivalent": colour("same"),
    "inconclusive": colour("open"),
    "supported, fragile": colour("holds-fragile"),
    "refuted, fragile": colour("fails-fragile"),
    "equivalent, fragile": colour("same-fragile"),
    "inconclusive, fragile": colour("open"),
}
SHARES = 2
"""Decimals of partial η² and ω², in tables as in sentences."""

SEVERITY = {"error": colour("fails"), "warning": colour("doubtful"), "info": colour("neutral")}


def design(sweep: Sweep) -> GT:
    """Factors and levels, what was held fixed, seeds and runs."""
    found = sweep.designed.design
    rows = [(name(factor), _listed(levels)) for factor, levels in found.levels.items()]
    rows += [
        ("seeds", _listed(found.seeds)),
        ("fixed", format.settings(found.fixed)),
        ("starts from", found.after),
        ("runs", f"{count(sweep.found.runs)} ({count(len(sweep.designed.failed))} failed)"),
    ]
    return plain(rows, ["factor", "levels"]).cols_width({"factor": "26%", "levels": "74%"})


def top(
    sweep: Sweep,
    spread: Sequence[str],
    mean: Sequence[str],
    more: Sequence[str] = (),
    rows: int = 5,
) -> GT:
    """The best configurations by the primary metric.

    Parameters
    ----------
    sweep : Sweep
        The sweep.
    spread, more : sequence of str
        Metrics shown as mean ± SD over the runs; `more` comes last.
    mean : sequence of str
        Metrics of which the mean alone is shown.
    rows : int
        How many configurations.
    """
    table = [
        [
            *(level(c.levels.get(f, MISSING)) for f in sweep.factors),
            *(mean_sd(sweep, c, m) for m in spread),
            *(number(sweep.metric(c, m).mean, sweep.page.digits(m)) for m in mean),
            *(mean_sd(sweep, c, m) for m in more),
            runs(sweep.metric(c, sweep.page.primary)),
        ]
        for c in sweep.configurations[:rows]
    ]
    labels = [sweep.page.label(m) for m in (*spread, *mean, *more)]
    return coloured(plain(table, [*map(name, sweep.factors), *labels, "runs"]), SWITCH)


def effects(sweep: Sweep, metric: str | None = None) -> GT:
    """The effect of moving each factor, over matched runs."""
    metric = metric or sweep.page.primary
    digits = sweep.page.digits(metric)
    rows = [
        (
            name(e.factor),
            f"{level(e.from_)} → {level(e.to)}",
            signed(e.value, digits),
            interval(e, digits),
            p_value(e.p),
            str(e.n),
            number(e.hedges_g, 2),
        )
        for e in sweep.found.effects[metric]
    ]
    if not rows:
        return nothing("effects", "no factor has two levels to compare")
    heads = ["factor", "step", sweep.page.label(metric), "95 % interval", "p", "pairs", "Hedges’ g"]
    return plain(rows, heads)


def interactions(sweep: Sweep) -> GT:
    """How much the effect of one factor changes with another."""
    digits = sweep.page.digits(sweep.page.primary)
    rows = [
        (
            crossed((i.of, i.by)),
            signed(i.value, digits),
            interval(i, digits),
            p_value(i.p),
            str(i.n),
        )
        for i in sweep.designed.interactions
    ]
    label = f"difference of differences, {sweep.page.label(sweep.page.primary)}"
    return plain(rows, ["factors", label, "95 % interval", "p", "matched sets"])


def anova(sweep: Sweep) -> GT:
    """Type II ANOVA of the primary metric, seeds as a block where the design allows it.

    The permutation p is shown where residuals are far enough from normal to ask for one.
    """
    found = sweep.found.anova
    permuted = any(a.p_permutation is not None for a in found)
    rows = [
        (
            crossed(a.term),
            number(a.F, 2),
            f"{number(a.df, 0)}, {number(a.df_resid, 0)}",
            p_value(a.p),
            *([p_value(a.p_permutation)] if permuted else []),
            number(a.eta_sq_partial, SHARES),
            number(a.omega_sq_partial, SHARES),
        )
        for a in found
    ]
    if not rows:
        return nothing("term", "no factor has two levels with enough runs")
    extra = ["p (permutation)"] if permuted else []
    return plain(rows, ["term", "F", "df", "p", *extra, "partial η²", "partial ω²"])


def levels(sweep: Sweep, metric: str | None = None) -> GT:
    """Every configuration with n, mean, SD, SEM and interval."""
    metric = metric or sweep.page.primary
    digits = sweep.page.digits(metric)
    by_levels = sorted(sweep.configurations, key=lambda c: _order(c, sweep.factors))
    rows = [
        [
            *(level(c.levels.get(f, MISSING)) for f in sweep.factors),
            *(runs(m), *(number(part, digits) for part in (m.mean, m.sd, m.sem))),
            interval(m, digits),
        ]
        for c in by_levels
        for m in [sweep.metric(c, metric)]
    ]
    heads = [*map(name, sweep.factors), "runs", "mean", "SD", "SEM", "95 % interval"]
    return coloured(plain(rows, heads), SWITCH)


def splits(sweep: Sweep, metrics: Sequence[str], rows: int = 5) -> GT:
    """The best configurations with the mean and 95 % interval of several metrics."""
    table = [
        [short(c.levels), *(_mean_interval(sweep, c, m) for m in metrics)]
        for c in sweep.configurations[:rows]
    ]
    return plain(table, ["configuration", *map(sweep.page.label, metrics)])


def data(page: Page) -> GT:
    """The prepared data: what each split holds."""
    found = page.writeup.data["splits"]
    heads = list(next(iter(found.values())))
    rows = [
        [level(split), *(_listed_or_number(part[h]) for h in heads)]
        for split, part in found.items()
    ]
    return plain(rows, ["split", *heads])


def claims(page: Page) -> GT:
    """Each claim, its verdict, and the sentence that the verdict allows."""
    rows = [
        (
            c.says,
            verdict(c),
            f"{c.sentence} {held_against(page, key)}".strip(),
        )
        for key, c in page.found.claims.items()
    ]
    if not rows:
        return nothing("claim", "the spec makes none")
    table = plain(rows, ["claim", "verdict", "what the runs say"])
    widths = {"claim": "28%", "verdict": "14%", "what the runs say": "58%"}
    return coloured(table, VERDICT).cols_width(widths)


def anova_claims(page: Page) -> GT:
    """The one-way analyses of variance among the claims, and what they could have detected.

    F, p and effect sizes are the classic ones, which take all levels to spread alike. The verdict's
    p is that of F*, which does not, or where it is larger the one by permutation, which is there
    where residuals are far from normal.
    """
    several = len(page.sweeps) > 1
    rows = [
        (
            *([page.sweep(c.sweep).title] if several else []),
            c.says,
            number(a.F, 2),
            f"{number(a.df, 0)}, {number(a.df_resid, 0)}",
            *map(p_value, (a.p, a.p_unequal, a.p_permutation, a.kruskal_p)),
            p_value(c.outcome.p),
            f"{number(a.eta_sq_partial, SHARES)}, {number(a.omega_sq_partial, SHARES)}",
            number(c.detectable, page.digits(c.metric)),
        )
        for c in page.found.claims.values()
        for a in [c.outcome.anova]
        if a
    ]
    if not rows:
        return nothing("claim", "no claim is an analysis of variance")
    tests = ["F", "df", "p", "p (F*)", "p (perm.)", "p (K.–W.)", "verdict’s p"]
    heads = ["sweep"] * several + ["claim", *tests, "partial η², ω²", "detectable effect"]
    return plain(rows, heads)


def audit(page: Page) -> GT:
    """What the audit found, sweep by sweep, errors first."""
    rows = [
        (
            page.sweep(name).title,
            r.check,
            r.severity,
            counted(r.count, r.unit.removesuffix("s")),
            r.message,
        )
        for name, flags in page.found.audit.items()
        for r in flags
    ]
    none = [("all sweeps", "all checks", "–", "0", "nothing was found")]
    heads = ["sweep", "check", "severity", "how many", "what it means"]
    widths = dict(zip(heads, ("16%", "14%", "9%", "10%", "51%"), strict=True))
    return coloured(plain(rows or none, heads), SEVERITY).cols_width(widths)


def provenance(page: Page) -> GT:
    """What made this page: commit, params, data, versions, hardware, runs, time."""
    from uphold.pages.provenance import facts

    return plain(list(facts(page).items()), ["what", "value"])


def nothing(head: str, text: str) -> GT:
    """Return a table of one row that says why there is nothing to show."""
    return plain([(MISSING, text)], [head, "found"])


def plain(rows: Iterable[Sequence[str]], heads: Sequence[str]) -> GT:
    """Return a table of texts, escaped by great_tables; columns of numbers are right-aligned."""
    frame = pd.DataFrame([list(map(str, row)) for row in rows], columns=list(heads), dtype="str")
    table = GT(frame).opt_row_striping(row_striping=False)
    numbers = [head for head in frame if _are_numbers(frame[head])]
    table = table.cols_align("left", [head for head in frame if head not in numbers])
    return table.cols_align("right", numbers)


def _are_numbers(column: pd.Series) -> bool:
    """Whether all cells are numbers, with their true signs, but for missing and empty ones."""
    known = column[~column.isin((MISSING, ""))]
    return bool(len(known)) and bool(known.str.fullmatch(NUMBER).all())


def coloured(table: GT, colours: Mapping[str, str]) -> GT:
    """Give cells of certain texts a background."""
    frame: pd.DataFrame = table._tbl_data
    for column in frame.columns:
        for text, fill in colours.items():
            rows = [i for i, cell in enumerate(frame[column]) if cell == text]
            if rows:
                body = loc.body(columns=[column], rows=rows)
                table = table.tab_style(style=style.fill(color=fill), locations=body)
    return table


def runs(metric: Description) -> str:
    """Return how many runs are behind a mean, and from how many seeds where some occur twice."""
    n, seeds = int(metric.n), int(metric.seeds)
    return count(n) if n == seeds else f"{count(n)} from {counted(seeds, 'seed')}"


def mean_sd(sweep: Sweep, configuration: Shown, metric: str) -> str:
    """Return a configuration's mean ± SD, with the decimals that the metric has everywhere."""
    found = sweep.metric(configuration, metric)
    return format.spread(found.mean, found.sd, sweep.page.digits(metric)) if found.n else MISSING


def _mean_interval(sweep: Sweep, configuration: Shown, metric: str) -> str:
    found, digits = sweep.metric(configuration, metric), sweep.page.digits(metric)
    return f"{number(found.mean, digits)} ({interval(found, digits)})"


def _listed_or_number(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return number(value, 2) if isinstance(value, float) else count(value)


def _listed(levels: Iterable[Any]) -> str:
    return ", ".join(map(level, levels))


def verdict(claim: Claim) -> str:
    """Return a claim's verdict as tables show it."""
    return f"{claim.verdict}, fragile" if claim.fragile else claim.verdict


def _order(configuration: Shown, factors: Mapping[str, Sequence[Any]]) -> list[int]:
    places = []
    for factor, levels in factors.items():
        names = [_listed([v]) for v in levels]
        shown = level(configuration.levels.get(factor, MISSING))
        places.append(names.index(shown) if shown in names else -1)
    return places
