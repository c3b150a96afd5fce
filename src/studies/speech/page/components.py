"""Why two runs of one configuration differ: variance components, and the runs behind them.

In: what the analysis divided the spread of a sweep's runs among. Out: a table, a sentence and a
figure. Nothing is computed here.
"""

import numpy as np
from great_tables import GT
from matplotlib.figure import Figure

from uphold.analysis.model.estimates import Components
from uphold.analysis.model.writeup import Spread
from uphold.errors import InputError
from uphold.format import Ends, counted, interval, number, percent
from uphold.pages import drawing, explained
from uphold.pages.drawing import PALETTE
from uphold.pages.table import plain
from uphold.pages.writeup import Page, Sweep

RESIDUAL = "residual"


def folds(sweep: Sweep, metric: str = "macro_f1") -> Figure:
    """Draw every run by fold, grouped and random side by side, with each split's mean."""
    names = sweep.levels("split")
    figure, panels = drawing.grid(1, len(names), (3.5 * len(names), 2.9), sharey=True)
    table = sweep.scores[sweep.scores["status"] == "ok"]
    for axis, colour, name in zip(panels[0], PALETTE, names, strict=False):
        here = table[table["split"] == name]
        axis.plot(here["fold"], here[metric], "o", color=colour, markersize=4, alpha=0.75)
        means = sweep.designed.marginal_means["split"][name]
        axis.axhline(means.value, color=colour, linewidth=1)
        axis.axhspan(means.ci_low, means.ci_high, color=colour, alpha=0.12)
        axis.set_title(name, fontsize=9)
        axis.set_xlabel("fold")
        axis.set_xticks(np.unique(here["fold"]))
    panels[0][0].set_ylabel(sweep.page.label(metric))
    found, digits = sweep.designed.marginal_means["split"], sweep.page.digits(metric)
    low, high = (number(end, digits) for end in (table[metric].min(), table[metric].max()))
    parts = [
        f"{name} {number(found[name].value, digits)} ({interval(found[name], digits)})"
        for name in names
    ]
    return explained.explain(
        figure,
        f"Dots: {counted(len(table), 'run')}. Lines: means of a split. Bands:"
        f" {explained.intervals(sweep, [found[name] for name in names])}.",
        f"Mean {sweep.page.label(metric)} by split: {explained.listed(parts)} Single runs lie"
        f" between {low} and {high}.",
    )


def components(page: Page, name: str) -> GT:
    """What the spread of single runs is made of, split by split."""
    spread = _spread(page, name)
    digits = page.digits(spread.metric)
    rows = [
        (
            split,
            part,
            number(c.sds[part], digits),
            percent(c.shares[part]),
            str(c.levels.get(part, c.runs)),
            c.method if not c.note else f"{c.method}: {c.note}",
        )
        for split, c in spread.found.items()
        for part in c.sds
    ]
    heads = ["split", "component", "SD", "share of variance", "levels", "method"]
    return plain(rows, heads)


def sentence(page: Page, name: str) -> str:
    """Say how far single runs of one configuration lie apart, and what that is due to."""
    spread = _spread(page, name)
    digits = page.digits(spread.metric)
    return " ".join(_sentence(split, c, digits) for split, c in spread.found.items())


def _sentence(split: str, found: Components, digits: int) -> str:
    if found.total_sd is None:
        return f"The runs with the {split} split are too few to tell how far they lie apart."
    low, high, mean, apart = (
        number(value, digits) for value in (found.low, found.high, found.mean, found.apart)
    )
    shares = ", ".join(
        f"{percent(share)} is due to the {part}"
        for part, share in found.shares.items()
        if share is not None and part != RESIDUAL
    )
    ends = Ends(found.apart_low, found.apart_high)
    sure = "" if ends.ci_low is None else f" (95 % interval {interval(ends, digits)})"
    return (
        f"With the {split} split, {found.runs} runs lie between {low} and {high} (mean {mean}). Of"
        f" the variance of a single run, {shares}; the rest is what a seed does on one fold and"
        " not on another. Two runs with another fold and another seed lie within"
        f" {apart} of each other in 95 % of cases{sure}."
    )


def _spread(page: Page, name: str) -> Spread:
    found: dict[str, Spread] = page.writeup.components
    if name not in found:
        raise InputError(
            f"{page.name!r} divides no spread {name!r}: declare it in the study's params, under"
            f" writeups.{page.name}.components."
        )
    return found[name]
