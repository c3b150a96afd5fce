"""What the multitask write-up says of its upgrades: where they are, and what they give.

In: the page's analysis. Out: tables, a figure and sentences. Nothing is computed here, and the code
is not opened: its places are written out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from great_tables import GT
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from uphold.analysis.agreement import excludes
from uphold.analysis.model.estimates import Additivity
from uphold.analysis.model.runs import Configuration
from uphold.errors import InputError
from uphold.format import (
    MISSING,
    count,
    counted,
    difference,
    interval,
    level,
    name,
    number,
    p_value,
    signed,
)
from uphold.pages import drawing, explained
from uphold.pages.drawing import GREY, PALETTE
from uphold.pages.source_links import linked
from uphold.pages.table import plain
from uphold.pages.writeup import Page, Sweep


@dataclass(frozen=True)
class Upgrade:
    """One archived upgrade.

    Attributes
    ----------
    name : str
        As the page calls it.
    factor : str
        The setting that switches it.
    claims : str
        What the names of its claims begin with.
    archived : str
        The archived sentence that says what to expect of it.
    does : str
        What it does, in a few words.
    code : tuple of (str, str)
        Where it is done: file below ``src``, and function, class or method.
    head : (str, str), optional
        The metric of one head that the archived sentence is about, and what its row is called.
    """

    name: str
    factor: str
    claims: str
    archived: str
    does: str
    code: tuple[tuple[str, str], ...]
    head: tuple[str, str] | None = None


UPGRADES = (
    Upgrade(
        "mixup",
        "mixup",
        "mixup",
        "mixup",
        "blends every grid with another one, and the labels of all heads with it",
        (
            ("uphold/training/mixup.py", "draw"),
            ("uphold/training/mixup.py", "mix"),
            ("studies/multitask/training/learner.py", "mixed"),
        ),
    ),
    Upgrade(
        "label smoothing",
        "label_smoothing",
        "smoothing",
        "label-smoothing",
        "moves the labels of heads A and B towards the uniform distribution",
        (
            ("uphold/training/smoothing.py", "smooth"),
            ("studies/multitask/training/learner.py", "losses"),
        ),
    ),
    Upgrade(
        "cosine decay",
        "schedule",
        "cosine",
        "cosine-decay",
        "lowers the learning rate along half a cosine, with every step; before, on plateaus",
        (
            ("uphold/training/step_rates.py", "cosine"),
            ("uphold/training/step_rates.py", "on_plateaus"),
        ),
    ),
    Upgrade(
        "wider stem",
        "stem_width",
        "stem",
        "wider-stem",
        "gives the first layer more channels",
        (("studies/multitask/training/network.py", "Network"),),
        ("accuracy_b", "stem (head B)"),
    ),
)

BASELINE, TOGETHER, COMBINED = "baseline", "all at once", "combined"
"""The arms that have none and all of them, and the archived sentence about these."""


def floors(sweep: Sweep) -> str:
    """Say what a guess without looking would score."""
    row = sweep.scores.iloc[0]
    a, b, c = (
        number(row[f"floor_{metric}"], sweep.page.digits(metric))
        for metric in ("accuracy_a", "accuracy_b", "mae_c")
    )
    return (
        f"Always naming the class most common in training would score {a} in head A and {b} in head"
        f" B; always answering the median of training would miss head C by {c}."
    )


def plateaus(sweep: Sweep) -> str:
    """Say in how many runs without cosine decay the learning rate was lowered at all."""
    cuts = sweep.runs["rate_cuts"].dropna()
    lowered = int((cuts > 0).sum())
    runs = counted(len(cuts), "run")
    if not lowered:
        return (
            f"In {runs} it never stalled: at this length of training cosine decay is compared with"
            " a constant rate."
        )
    if lowered == len(cuts):
        return f"That happened in each of the {runs} without cosine decay."
    return (
        f"That happened in {count(lowered)} of the {runs} without cosine decay; the others kept"
        " their rate to the end."
    )


def upgrades(sweep: Sweep) -> GT:
    """Each upgrade: what it does, its setting, and where in the code it is done."""
    rows = [
        (u.name, u.does, _step(sweep, u), "; ".join(linked(*at) for at in u.code)) for u in UPGRADES
    ]
    widths = {"upgrade": "14%", "what it does": "30%", "setting": "20%", "where": "36%"}
    return plain(rows, list(widths)).cols_width(widths).fmt_markdown(columns="where")


def sizes(sweep: Sweep) -> GT:
    """Parameters of the baseline, of each upgrade alone and of all, and how many are added."""
    by_configuration = dict(zip(sweep.runs["configuration"], sweep.runs["parameters"], strict=True))
    alone = single(sweep)
    before = by_configuration[alone[BASELINE].configuration]
    rows = []
    for text, c in alone.items():
        found = by_configuration[c.configuration]
        share = signed(100 * (found - before) / before, 1)
        more = "none" if found == before else f"{count(found - before)} ({share} %)"
        rows.append((text, count(found), MISSING if text == BASELINE else more))
    return plain(rows, ["configuration", "parameters", "more than the baseline"])


def single(sweep: Sweep) -> dict[str, Configuration]:
    """Return the baseline, each upgrade alone and all of them at once, by what the page says."""
    off, on = ({u.factor: sweep.levels(u.factor)[i] for u in UPGRADES} for i in (0, -1))
    asked = {BASELINE: off, **{u.name: off | {u.factor: on[u.factor]} for u in UPGRADES}}
    asked[TOGETHER] = on
    return {text: sweep.chosen([levels])[0] for text, levels in asked.items()}


def histories(sweep: Sweep, columns: Mapping[str, str], label: str) -> Figure:
    """Draw columns of the histories by epoch, a panel each of `single`, the baseline in grey.

    Parameters
    ----------
    sweep : Sweep
    columns : mapping of str to str
        Column to what it is called.
    label : str
        Of the axis that the panels share.
    """
    panels = single(sweep)
    means = {
        text: sweep.histories[sweep.histories["configuration"] == c.configuration]
        .groupby("epoch")[list(columns)]
        .mean()
        for text, c in panels.items()
    }
    figure, axes = drawing.grid(2, len(panels) // 2, (8.2, 4.6), sharex=True, sharey=True)
    for axis, (text, found) in zip(axes.flat, means.items(), strict=True):
        for colour_, (column, called) in zip(PALETTE, columns.items(), strict=False):
            if text != BASELINE:
                axis.plot(means[BASELINE].index, means[BASELINE][column], color=GREY, linewidth=0.9)
            axis.plot(found.index, found[column], color=colour_, linewidth=1.6, label=called)
        axis.set_title(text, fontsize=9)
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    for axis in axes[-1]:
        axis.set_xlabel("epoch")
    for axis in axes[:, 0]:
        axis.set_ylabel(label)
    handles, labels = axes[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=3, fontsize="x-small")
    by_name = sweep.histories.groupby("configuration")["run"].nunique()
    ran = [int(by_name[c.configuration]) for c in panels.values()]
    seen = [
        f"{text}, {called}: {explained.course(found[column])}"
        for text, found in means.items()
        for column, called in columns.items()
    ]
    return explained.explain(
        figure,
        f"Lines: means over {explained.spanned(ran, 'run')} each. Grey: the {BASELINE}.",
        f"By epoch: {explained.listed(seen)}",
    )


def measured(sweep: Sweep) -> Additivity:
    """Return what the upgrades of a sweep gained, alone and together."""
    if sweep.designed.additivity is None:
        raise InputError(
            f"{sweep.name} has fewer than two factors of two levels, so that no gains add up:"
            " change the document or the sweep's design."
        )
    return sweep.designed.additivity


def additivity(page: Page, sweep: Sweep) -> GT:
    """The joint gain, the sum of the single gains, and their difference."""
    digits = page.digits(page.primary)
    found = measured(sweep)
    named = {
        "all together": found.joint,
        "sum of each alone": found.total,
        "together less the sum": found.excess,
    }
    rows = [
        (
            text,
            signed(e.value, digits),
            interval(e, digits),
            p_value(e.p),
            f"{e.seeds}",
        )
        for text, e in named.items()
    ]
    return plain(rows, ["gain", page.label(page.primary), "95 % interval", "p", "seeds"])


def adds_up(page: Page, sweep: Sweep) -> str:
    """Say whether the gains of the upgrades add up."""
    excess, margin = measured(sweep).excess, page.margin(page.primary)
    digits = page.digits(page.primary)
    if excess.value is None or excess.ci_low is None or excess.ci_high is None:
        return "Whether gains add up cannot be said: too few seeds have a score in every arm."
    by = f"{signed(excess.value, digits)} (95 % interval {interval(excess, digits)})"
    text = f"The difference is {by}."
    if excess.ci_low > 0:
        return f"{text} Together they give more than the sum, so that adding up misleads."
    if excess.ci_high < 0:
        return f"{text} Together they give less than the sum, so that adding up misleads."
    if -margin < excess.ci_low and excess.ci_high < margin:
        return f"{text} The gains add up within the smallest difference that matters."
    return f"{text} These runs cannot tell whether the gains of all together add up."


def pairs(page: Page, sweep: Sweep) -> str:
    """Say of which two upgrades one changes what the other gives."""
    found, digits = sweep.designed.interactions, page.digits(page.primary)
    clear = [i for i in found if excludes(i.ci_low, i.ci_high)]
    of = counted(len(found), "pair")
    if not clear:
        return f"In none of {of} is one shown to change what the other gives."
    told = [f"{name(i.of)} with {name(i.by)}, {difference(i, digits)}" for i in clear]
    return (
        f"Two at a time they tell more: in {count(len(clear))} of {of} one changes what the other"
        f" gives, by intervals that are not adjusted for their number ({'; '.join(told)})."
    )


def _step(sweep: Sweep, upgrade: Upgrade) -> str:
    return f"{name(upgrade.factor)}: {' → '.join(map(level, sweep.levels(upgrade.factor)))}"
