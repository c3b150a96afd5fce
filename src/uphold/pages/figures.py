"""The figures of write-ups, each from one part of an analysis.

Points are estimates, lines through them are their intervals, small dots are single runs: a figure
never shows a mean without its uncertainty or without the runs behind it. Each says above its panels
what its marks are, and to whoever cannot see it what is seen.
"""

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from uphold import palette
from uphold.analysis.model.estimates import Cell, Description, Estimate
from uphold.analysis.model.found import Level
from uphold.errors import InputError
from uphold.format import difference, exact, interval, level, name, number, setting, short
from uphold.pages import drawing, explained
from uphold.pages.drawing import GREY, PALETTE, cut, note
from uphold.pages.writeup import Sweep


def effects(sweep: Sweep, metrics: Sequence[str] | None = None) -> Figure:
    """Draw the effect of each step of each factor, a panel a metric, its margin shaded."""
    shown = sweep.page.there(*(metrics or [sweep.page.primary]))
    metrics = [m for m in shown if m in sweep.found.effects]
    steps = sweep.found.effects[metrics[0]] if metrics else []
    if not steps:
        return note("No run has a score of these metrics.")
    size = (7, 1.2 + 0.4 * len(steps))
    figure, axes = drawing.grid(1, len(metrics), size, sharey=True)
    for axis, metric in zip(axes[0], metrics, strict=True):
        found, margin = sweep.found.effects[metric], sweep.page.margin(metric)
        axis.axvspan(-margin, margin, color=palette.colour("band"))
        axis.axvline(0, color=GREY, linewidth=0.8)
        _bars(axis, found, np.arange(len(found)), PALETTE[0], sweep.page.label(metric))
        title = f"{cut(sweep.page.label(metric), 60)} (shaded: ±{exact(margin)})"
        axis.set_title(textwrap.fill(title, 28 if len(metrics) < 3 else 20), fontsize=9)
        axis.xaxis.set_major_locator(MaxNLocator(4 if len(metrics) < 3 else 3))
    labels = [
        f"{cut(name(e.factor), 36)}\n{cut(level(e.from_), 20)} → {cut(level(e.to), 20)}"
        for e in steps
    ]
    axes[0][0].set_yticks(range(len(steps)), labels)
    axes[0][0].set_ylim(len(steps) - 0.5, -0.5)
    # once for all panels: under each of several the labels would run into one another
    figure.supxlabel("difference", fontsize=mpl.rcParams["axes.labelsize"])
    drawn = [step for metric in metrics for step in sweep.found.effects[metric]]
    return explained.explain(
        figure,
        f"Dots: mean differences. Lines: {explained.intervals(sweep, drawn)}."
        " Shaded: too small to matter.",
        " ".join(_seen_effects(sweep, metric) for metric in metrics),
    )


def _seen_effects(sweep: Sweep, metric: str) -> str:
    digits = sweep.page.digits(metric)
    parts = [
        f"{name(e.factor)} {level(e.from_)} → {level(e.to)} {difference(e, digits)}"
        for e in sweep.found.effects[metric]
        if e.value is not None
    ]
    return f"Differences in {sweep.page.label(metric)}: {explained.listed(parts)}"


def interaction(sweep: Sweep, of: str, by: str, metric: str | None = None) -> Figure:
    """Draw mean and interval at each level of one factor, a line for each level of another."""
    metric = metric or sweep.page.primary
    figure, axis = drawing.axes(5, 3.2)
    shown: dict[str, list[tuple[Level, Cell]]] = {}
    places = {level(v): i for i, v in enumerate(sweep.levels(of))}
    for i, label in enumerate(sweep.levels(by)):
        rows = shown[setting(by, label)] = _pair(sweep, metric, of, by, label)
        x = np.array([places[level(at)] for at, _ in rows]) + 0.04 * i
        _line(axis, x, [c for _, c in rows], PALETTE[i], setting(by, label))
    axis.set_xticks(range(len(places)), list(places))
    axis.set_xlabel(name(of))
    axis.set_ylabel(sweep.page.label(metric))
    axis.margins(x=0.25)
    figure.legend(loc="outside lower center", ncols=len(shown), fontsize="x-small")
    return explained.explain(figure, _marks_of(sweep, shown), _seen(sweep, metric, of, shown))


def _marks_of(sweep: Sweep, shown: Mapping[Any, Sequence[tuple[Level, Cell]]]) -> str:
    cells = [cell for rows in shown.values() for _, cell in rows]
    return f"Dots: means. Lines through them: {explained.intervals(sweep, cells)}."


def _seen(
    sweep: Sweep, metric: str, of: str, shown: Mapping[str, Sequence[tuple[Level, Cell]]]
) -> str:
    """Tell the means at each level of a factor, line by line."""
    digits = sweep.page.digits(metric)
    lines = [
        f"{label}: "
        + ", ".join(f"{number(cell.mean, digits)} at {setting(of, at)}" for at, cell in rows)
        for label, rows in shown.items()
    ]
    return f"Mean {sweep.page.label(metric)}. {explained.listed(lines)}"


def by_level(sweep: Sweep, factor: str, by: str, metrics: Sequence[str] | None = None) -> Figure:
    """Draw mean and interval over the levels of a numeric factor, a line for each level of `by`.

    A run in which `by` has no effect (no mode at ratio 0) belongs to every line.
    """
    shown = sweep.page.there(*(metrics or [sweep.page.primary]))
    metrics = [m for m in shown if m in sweep.designed.pairs]
    if not metrics:
        return note("No run has a score of these metrics.")
    size = (3.6 * len(metrics) + 0.4, 3.2)
    figure, axes = drawing.grid(1, len(metrics), size)
    lines: dict[str, dict[str, list[tuple[Level, Cell]]]] = {metric: {} for metric in metrics}
    for axis, metric in zip(axes[0], metrics, strict=True):
        for i, label in enumerate(sweep.levels(by)):
            rows = lines[metric][level(label)] = _pair(sweep, metric, factor, by, label)
            x = np.array([at for at, _ in rows]) + 0.006 * i
            _line(axis, x, [c for _, c in rows], PALETTE[i], level(label))
        axis.set_xlabel(name(factor))
        axis.set_ylabel(sweep.page.label(metric))
    handles, labels = axes[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, title=name(by), loc="outside lower center", ncols=len(labels))
    every = {
        f"{metric} {label}": rows for metric in metrics for label, rows in lines[metric].items()
    }
    seen = " ".join(_seen_course(sweep, metric, factor, lines[metric]) for metric in metrics)
    return explained.explain(figure, _marks_of(sweep, every), seen)


def _seen_course(
    sweep: Sweep, metric: str, factor: str, shown: Mapping[str, Sequence[tuple[Level, Cell]]]
) -> str:
    """Tell how far the means of each line go, and where it begins and ends."""
    lines = []
    for label, rows in shown.items():
        means = pd.Series({at: cell.mean for at, cell in rows}, dtype=float).dropna()
        if len(means):
            lines.append(f"{label} {explained.course(means)}")
    return f"Mean {sweep.page.label(metric)} over {name(factor)}: {explained.listed(lines)}"


def configurations(
    sweep: Sweep, metric: str | None = None, rows: int = 12, labels: Sequence[str] | None = None
) -> Figure:
    """Draw the best configurations: each run a dot, mean and interval beside it."""
    metric = metric or sweep.page.primary
    chosen = sweep.configurations[:rows]
    labels = labels or [textwrap.fill(cut(short(c.levels), 90), 48) for c in chosen]
    lines = max((label.count("\n") + 1 for label in labels), default=1)
    figure, axis = drawing.axes(7, 0.9 + (0.15 + 0.15 * lines) * len(chosen))
    for place, row in enumerate(chosen):
        runs = sweep.scores_of(row, metric)
        axis.plot(runs, np.full(len(runs), place), ".", color=GREY, markersize=5, zorder=1)
    means = [sweep.metric(c, metric) for c in chosen]
    _bars(axis, means, np.arange(len(chosen)), PALETTE[0], "mean", centre="mean")
    axis.set_yticks(range(len(chosen)), labels)
    axis.invert_yaxis()
    axis.set_xlabel(sweep.page.label(metric))
    _kept_inside(axis, [score for row in chosen for score in sweep.scores_of(row, metric)])
    digits = sweep.page.digits(metric)
    parts = [
        f"{' '.join(label.split())} {number(found.mean, digits)}"
        + f" ({interval(found, digits)})" * (found.ci_low is not None)
        for label, found in zip(labels, means, strict=True)
    ]
    return explained.explain(
        figure,
        f"Small dots: single runs. Large dots: means. Lines: {explained.intervals(sweep, means)}.",
        f"Mean {sweep.page.label(metric)}, best first: {explained.listed(parts)}",
    )


def _kept_inside(axis: Axes, scores: Sequence[float]) -> None:
    """End an axis of shares where shares end: no room is left for a score above 1."""
    known = [score for score in scores if not np.isnan(score)]
    if known and min(known) >= 0 and max(known) <= 1:
        low, high = axis.get_xlim()
        axis.set_xlim(max(low, 0.0), min(high, 1.0))


def curves(
    sweep: Sweep, metrics: Sequence[str], splits: Sequence[str], x_label: str, rows: int = 3
) -> Figure:
    """Draw the curves of the best configurations over the range of all others."""
    best = [c.configuration for c in sweep.designed.configurations[:rows]]
    splits = [s for s in splits if s in set(sweep.curves["split"])]
    size = (2.5 * len(splits) + 0.3, 1.9 * len(metrics) + 0.8)
    figure, axes = drawing.grid(len(metrics), len(splits), size, sharex=True, sharey=True)
    for row, metric in zip(axes, metrics, strict=True):
        for axis, split in zip(row, splits, strict=True):
            here = sweep.curves.query("metric == @metric and split == @split")
            wide = here.pivot_table(index="x", columns="configuration", values="y")
            rest = wide.drop(columns=best)
            if len(rest.columns):
                low, high = rest.min(axis=1), rest.max(axis=1)
                axis.fill_between(rest.index, low, high, color=palette.colour("rest"), linewidth=0)
            for colour, one in zip(PALETTE, best, strict=False):
                axis.plot(wide.index, wide[one], color=colour, linewidth=1.4)
            axis.set_title(level(split) if metric == metrics[0] else "")
        row[0].set_ylabel(name(metric))
    for axis in axes[-1]:
        axis.set_xlabel(x_label)
    handles: list[Artist] = [Line2D([], [], color=c) for c, _ in zip(PALETTE, best, strict=False)]
    handles.append(Patch(color=palette.colour("rest"), linewidth=0))
    labels = [short(c.levels) for c in sweep.configurations[:rows]] + ["range of all others"]
    figure.legend(handles, labels, loc="outside lower center", fontsize="x-small")
    runs = [sweep.metric(c, sweep.page.primary).n for c in sweep.configurations[:rows]]
    return explained.explain(
        figure,
        f"Lines: means over {explained.spanned([int(n) for n in runs], 'run')}."
        " Band: from the lowest to the highest mean of all other configurations.",
        _seen_peaks(sweep, metrics[0], splits, x_label),
    )


def _seen_peaks(sweep: Sweep, metric: str, splits: Sequence[str], x_label: str) -> str:
    """Tell where the curves of the best configuration are highest."""
    best = sweep.designed.configurations[0]
    table = sweep.curves[sweep.curves["configuration"] == best.configuration]
    parts = []
    for split in splits:
        here = table.query("metric == @metric and split == @split")
        if not here["y"].isna().all():
            peak = here.loc[here["y"].idxmax()]
            parts.append(f"{number(peak['y'], 2)} at {number(peak['x'], 2)} on {level(split)}")
    highest = f"The best configuration’s highest {name(metric)} over the {x_label}"
    return f"{highest}: {explained.listed(parts)}"


SHORT_NAMES = 36
"""So many characters of names stand beside each other in a legend."""
LOSSES = {"train_loss": "training loss", "validation_loss": "validation loss"}


def histories(
    sweep: Sweep,
    rows: int = 3,
    columns: Mapping[str, str] = LOSSES,
    only: Sequence[Mapping[str, Any]] = (),
) -> Figure:
    """Draw columns of the histories by epoch: mean and range over seeds, best configurations.

    With `only` those that have these levels, such as ``[{"arm": "A3"}]``, instead of the best.
    """
    best = sweep.chosen(only) if only else sweep.designed.configurations[:rows]
    named_here = [short(row.levels) for row in best]
    abreast = len(named_here) if sum(map(len, named_here)) <= SHORT_NAMES else 1
    high = 2.3 + 0.15 * (1 if abreast > 1 else len(named_here))
    figure, axes = drawing.grid(1, len(columns), (3.4 * len(columns), high))
    for axis, (column, label) in zip(axes[0], columns.items(), strict=True):
        for colour, row in zip(PALETTE, best, strict=False):
            runs = _of_configuration(sweep, row.configuration)
            mean = runs.groupby("epoch")[column].agg(["mean", "min", "max"])
            axis.plot(mean.index, mean["mean"], color=colour, label=short(row.levels))
            axis.fill_between(mean.index, mean["min"], mean["max"], color=colour, alpha=0.15)
        axis.set_xlabel("epoch")
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
        axis.set_ylabel(label)
    handles, labels = axes[0][0].get_legend_handles_labels()
    figure.legend(
        handles, labels, loc="outside lower center", fontsize="x-small", ncols=max(1, abreast)
    )
    ran = [_of_configuration(sweep, row.configuration)["run"].nunique() for row in best]
    fewer = any(_fewer_later(sweep, row.configuration) for row in best)
    later = ", later over those that still train" * fewer
    seen = []
    for column, label in columns.items():
        parts = [
            f"{short(row.levels)} {explained.course(_mean(sweep, row.configuration, column))}"
            for row in best
        ]
        seen.append(f"Mean {label} by epoch: {explained.listed(parts)}")
    return explained.explain(
        figure,
        f"Lines: means over {explained.spanned(ran, 'run')}{later}. Bands: from the lowest to the"
        " highest run.",
        " ".join(seen),
    )


def _of_configuration(sweep: Sweep, configuration: str) -> pd.DataFrame:
    return sweep.histories[sweep.histories["configuration"] == configuration]


def _fewer_later(sweep: Sweep, configuration: str) -> bool:
    """Whether some runs of a configuration ended before others."""
    many = _of_configuration(sweep, configuration).groupby("epoch")["run"].count()
    return bool(many.min() < many.max())


def _mean(sweep: Sweep, configuration: str, column: str) -> pd.Series:
    return _of_configuration(sweep, configuration).groupby("epoch")[column].mean()


def _bars(
    axis: Axes,
    found: Iterable[Estimate | Description],
    places: np.ndarray,
    colour: str,
    label: str,
    centre: str = "value",
) -> None:
    rows = [(getattr(e, centre), e.ci_low, e.ci_high) for e in found]
    table = pd.DataFrame(rows, columns=["value", "ci_low", "ci_high"]).astype(float)
    errors = np.abs(table[["ci_low", "ci_high"]].sub(table["value"], axis=0).to_numpy().T)
    style: dict[str, Any] = {
        "fmt": "o",
        "markersize": 4.5,
        "elinewidth": 1.4,
        "color": colour,
        "label": label,
    }
    axis.errorbar(table["value"], places, xerr=errors, **style)


def _pair(sweep: Sweep, metric: str, of: str, by: str, label: object) -> list[tuple[Level, Cell]]:
    """Return what was found at each level of one factor and one level of another, in order."""
    order = [level(v) for v in sweep.levels(of)]
    for pair in sweep.designed.pairs[metric]:
        if set(pair.factors) == {of, by}:
            turned = pair.factors[0] != of
            rows = [(c.b, c.a, c) if turned else (c.a, c.b, c) for c in pair.rows]
            here = [(x, c) for x, z, c in rows if z is None or level(z) == level(label)]
            known = [(x, c) for x, c in here if level(x) in order]
            return sorted(known, key=lambda row: order.index(level(row[0])))
    raise InputError(f"{sweep.name} has no pair of factors {of!r} and {by!r}.")


def _line(axis: Axes, x: np.ndarray, cells: Iterable[Cell], colour: str, label: str) -> None:
    mean, low, high = np.array([(c.mean, c.ci_low, c.ci_high) for c in cells], float).T
    style: dict[str, Any] = {
        "marker": "o",
        "markersize": 4,
        "linewidth": 1.2,
        "elinewidth": 1,
        "capsize": 2,
    }
    axis.errorbar(x, mean, yerr=[mean - low, high - mean], color=colour, label=label, **style)
