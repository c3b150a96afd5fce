"""The figure of the page of calibration."""

from collections.abc import Iterator, Mapping

from matplotlib.figure import Figure

from uphold.analysis.model.calibration import Kind, Rate
from uphold.error_rates import LEVEL
from uphold.format import percent
from uphold.pages import drawing, explained
from uphold.pages.calibration.page import CalibrationPage
from uphold.pages.calibration.say import value_of
from uphold.pages.drawing import GREY, PALETTE

KINDS: dict[Kind, str] = {
    "alone": "one claim",
    "tasks": "{} claims, a task each",
    "control": "{} claims, one control",
}


def power(page: CalibrationPage) -> Figure:
    """Draw how often an effect is found, by its size and the number of seeds."""
    figure, axes = drawing.grid(1, len(page.found.power), (8, 3), sharey=True)
    for axis, (kind, table) in zip(axes[0], page.found.power.items(), strict=True):
        for shade, seeds in zip(PALETTE, next(iter(table.values())), strict=False):
            x = [float(effect) for effect in table]
            points = [table[effect][seeds] for effect in table]
            y = [value_of(p) for p in points]
            low = [v - (p.low or 0.0) for v, p in zip(y, points, strict=True)]
            high = [(p.high or 0.0) - v for v, p in zip(y, points, strict=True)]
            axis.errorbar(
                x,
                y,
                yerr=[low, high],
                marker="o",
                markersize=4,
                linewidth=1.2,
                capsize=2,
                color=shade,
                label=f"{seeds} seeds",
            )
        axis.axhline(page.found.limits.power, color=GREY, linewidth=0.8, linestyle=":")
        axis.set_xlabel("effect, in SD of a run")
        axis.set_title(KINDS[kind].format(page.found.family), fontsize=9)
        axis.set_ylim(-0.03, 1.03)
    axes[0][0].set_ylabel("share of effects found")
    axes[0][0].legend(fontsize="x-small")
    rates = [r for t in page.found.power.values() for by in t.values() for r in by.values()]
    logs = explained.spanned([rate.draws for rate in rates], "log")
    return explained.explain(
        figure,
        f"Dots: shares of effects found. Bars: {percent(LEVEL)} intervals, each from {logs}."
        " Dotted: the aim.",
        f"At the largest effect: {explained.listed(list(_seen(page)))}",
    )


def _seen(page: CalibrationPage) -> Iterator[str]:
    """Tell, panel by panel, what the fewest and the most seeds find of the largest effect."""
    for kind, table in page.found.power.items():
        by_seeds: Mapping[str, Rate] = table[max(table, key=float)]
        fewest, most = (f(by_seeds, key=int) for f in (min, max))
        yield (
            f"{KINDS[kind].format(page.found.family)}: {fewest} seeds find"
            f" {percent(value_of(by_seeds[fewest]))}, {most} seeds"
            f" {percent(value_of(by_seeds[most]))}"
        )
