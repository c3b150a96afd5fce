"""Ensembles beside their members, and how calibrated single runs are.

In: a sweep with the factors ``arm`` and ``members``. Out: tables, a figure, words. Nothing is
computed here.
"""

from great_tables import GT
from matplotlib.figure import Figure

from uphold.error_rates import LEVEL
from uphold.errors import InputError
from uphold.format import Ends, count, difference, level, name, number, percent
from uphold.pages import drawing, explained, say
from uphold.pages.drawing import GREY, PALETTE
from uphold.pages.run_tables import mean_sd
from uphold.pages.table import plain
from uphold.pages.writeup import Page, Shown, Sweep


def averaged(sweep: Sweep) -> str:
    """Say of how many runs its ensembles are: ``3 runs``, ``3 or 5 runs``."""
    sizes = [count(members) for members in sorted(sweep.levels("members")) if members > 1]
    if not sizes:
        raise InputError(
            f"{sweep.name} has no ensembles: change the document or the sweep's members."
        )
    *smaller, largest = sizes
    return f"{', '.join(smaller)} or {largest} runs" if smaller else f"{largest} runs"


def costs(sweep: Sweep) -> str:
    """Say which scores the largest ensembles make worse."""
    return say.cost(sweep, "members", max(sweep.levels("members")))


def ensembles(page: Page, sweep: Sweep) -> GT:
    """Single runs and ensembles of each arm: mean ± SD of the heads' scores."""
    metrics = ("accuracy_a", "accuracy_b", "mae_c", "ece_a", "ece_b")
    order = sorted(sweep.configurations, key=lambda c: (c.levels["arm"], c.levels["members"]))
    rows = [
        (
            *map(level, c.levels.values()),
            *(mean_sd(sweep, c, m) for m in metrics),
            str(int(sweep.metric(c, page.primary).n)),
        )
        for c in order
    ]
    return plain(rows, [*map(name, sweep.factors), *map(page.label, metrics), "n"])


def leads(page: Page, sweep: Sweep) -> GT:
    """What an ensemble gains over the mean of its members, arm by arm."""
    heads = {
        "accuracy of A": "ensemble_gain_a",
        "accuracy of B": "ensemble_gain_b",
        "error of C": "ensemble_gain_mae",
    }
    rows = [
        (
            *map(level, c.levels.values()),
            *(_lead(sweep, c, metric) for metric in heads.values()),
            str(int(sweep.metric(c, "ensemble_gain_a").n)),
        )
        for c in sweep.configurations
        if sweep.metric(c, "ensemble_gain_a").n
    ]
    return plain(rows, [*map(name, sweep.factors), *heads, "n"])


def reliability(sweep: Sweep) -> Figure:
    """Draw how often heads A and B are right at each confidence, an arm a line."""
    heads = {"accuracy_a": "head A", "accuracy_b": "head B"}
    here = sweep.curves[sweep.curves["split"] == "test"]
    figure, panels = drawing.grid(1, len(heads), (7, 3.3), sharey=True)
    single, seen = sweep.chosen([{"members": 1}]), []
    for axis, (metric, title) in zip(panels[0], heads.items(), strict=True):
        axis.plot([0, 1], [0, 1], color=GREY, linewidth=0.8, linestyle="--", label="calibrated")
        for colour, row in zip(PALETTE, single, strict=False):
            named = (here["metric"] == metric) & (here["configuration"] == row.configuration)
            curve = here[named].sort_values("x")
            axis.plot(curve["x"], curve["y"], color=colour, label=level(row.levels["arm"]))
            axis.fill_between(curve["x"], curve["y_low"], curve["y_high"], color=colour, alpha=0.15)
            top = curve.dropna(subset=["y"]).tail(1)
            seen += [
                f"{title}, {level(row.levels['arm'])}: right in {percent(y)} at a confidence of"
                f" {number(x, 2)}"
                for x, y in zip(top["x"], top["y"], strict=True)
            ]
        axis.set_ylim(0, 1)
        axis.set_title(title, fontsize=9)
        axis.set_xlabel("confidence")
    panels[0][0].set_ylabel("accuracy")
    handles, labels = panels[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize="x-small")
    runs = [int(sweep.metric(row, sweep.page.primary).n) for row in single]
    return explained.explain(
        figure,
        f"Lines: means over {explained.spanned(runs, 'run')}. Bands: {percent(LEVEL)} intervals.",
        f"At the highest confidence: {explained.listed(seen)}",
    )


def _lead(sweep: Sweep, configuration: Shown, metric: str) -> str:
    found = sweep.metric(configuration, metric)
    return difference(Ends(found.ci_low, found.ci_high, found.mean), sweep.page.digits(metric))
