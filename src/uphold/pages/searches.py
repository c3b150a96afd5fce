"""A search for settings on its page: how it went, what it cost, which settings mattered, what held.

Everything shown was computed in `uphold.analysis.searched`.
"""

import math
from typing import Any

from great_tables import GT
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from uphold import palette
from uphold.analysis.model.runs import OverSeeds, Search, Searched
from uphold.error_rates import LEVEL
from uphold.format import (
    MISSING,
    Ends,
    count,
    counted,
    interval,
    level,
    name,
    number,
    percent,
    settings,
    spread,
)
from uphold.pages import drawing, explained
from uphold.pages.drawing import GREY, PALETTE, note
from uphold.pages.table import plain
from uphold.pages.writeup import Sweep

WHOLE, EARLY = PALETTE[0], GREY


def cost(sweep: Sweep) -> str:
    """Say how many trials there were, how they ended, and what ending some early saved."""
    search, found = _of(sweep)
    text = (
        f"The search tried {counted(len(search.trials), 'combination')} of"
        f" {counted(len(search.space), 'setting')} on one seed: {found.whole} were trained whole,"
        f" {found.pruned} ended early"
    )
    text += f", {found.failed} failed." if found.failed else "."
    saved = 1 - found.trained / found.without_ends
    return (
        f"{text} That took {count(found.trained)} {name(search.budget)}, where all of them whole"
        f" would have taken {count(found.without_ends)} ({percent(max(saved, 0))} saved)."
    )


def held(sweep: Sweep) -> str:
    """Say what of the best trial's score is left on seeds that ranked no trial."""
    search, found = _of(sweep)
    digits, first = _digits(sweep, search), next(a for a in found.arms if a.trial is not None)
    if first.mean is None:
        return "No run of the best trial's settings has a score, so that nothing confirms it."
    start = next(a for a in found.arms if a.trial is None)
    text = (
        f"The best trial scored {number(first.searched, digits)} in {name(search.by)} on the"
        " search’s seed."
    )
    if first.searched is None:
        text = (
            "No trial that differs from the start was trained whole: the best one ended early, and"
            " its score is not compared with those of whole runs."
        )
    text += (
        f" On {counted(first.n, 'seed')} that ranked no trial, its settings average"
        f" {number(first.mean, digits)}{_flattered(first, digits)}."
    )
    return f"{text} The settings that the search began at average {number(start.mean, digits)}."


def finalists(sweep: Sweep) -> GT:
    """The best trials beside what the search began at: as trials, and over seeds."""
    search, found = _of(sweep)
    digits, by = _digits(sweep, search), name(search.by)
    chosen = {one.trial: one.settings for one in search.finalists}
    rows = [
        (
            level(arm.arm),
            settings(search.start) if arm.trial is None else settings(chosen[arm.trial]),
            number(arm.searched, digits) if arm.searched is not None else MISSING,
            spread(arm.mean, arm.sd, digits) if arm.n else MISSING,
            _primary(sweep, arm.arm),
        )
        for arm in found.arms
    ]
    primary = sweep.page.label(sweep.page.primary)
    heads = ["arm", "settings", f"{by}, as a trial", f"{by}, over seeds", f"{primary}, over seeds"]
    widths = ["12%", "46%", "13%", "15%", "14%"]
    return plain(rows, heads).cols_width(dict(zip(heads, widths, strict=True)))


def course(sweep: Sweep) -> Figure:
    """Draw each trial's last score in the order of asking, and the best of a whole run so far."""
    search, found = _of(sweep)
    figure, axis = drawing.axes(6.2, 2.8)
    for whole, colour, label in ((False, EARLY, "ended early"), (True, WHOLE, "whole")):
        some = [one for one in found.course if (one.budget == search.budgets[-1]) == whole]
        axis.scatter(
            [one.number + 1 for one in some],
            [one.score for one in some],
            color=colour,
            s=18,
            label=label,
            marker="o" if whole else "v",
        )
    best = {one.number + 1: one.best for one in found.course if one.best is not None}
    axis.step(
        list(best),
        list(best.values()),
        where="post",
        color=WHOLE,
        linewidth=1,
        label="best whole trial so far",
    )
    axis.set_xlabel("trial")
    axis.set_ylabel(name(search.by))
    axis.legend(loc="lower right", fontsize="small")
    digits = _digits(sweep, search)
    ends = [number(end, digits) for end in (*list(best.values())[:1], *list(best.values())[-1:])]
    climbs = f" The best whole trial rises from {ends[0]} to {ends[1]}." if ends else ""
    return explained.explain(
        figure,
        f"Marks: the last score of each of {counted(len(found.course), 'trial')}, of one seed.",
        f"{count(found.whole)} trials were trained whole, {count(found.pruned)} ended early."
        f"{climbs}",
    )


def importances(sweep: Sweep) -> Figure:
    """Draw each setting's share in what sets the best trials apart, and how far it moves."""
    found = _of(sweep)[1].importances
    if not found:
        return note("There are too few trials to say which settings mattered.")
    figure, axis = drawing.axes(6.2, 0.5 + 0.26 * len(found))
    places = range(len(found))
    axis.hlines(
        places,
        [one.low or 0 for one in found],
        [one.high or 0 for one in found],
        color=palette.colour("bar"),
        linewidth=1.2,
    )
    axis.scatter([one.share or 0 for one in found], places, color=WHOLE, s=22, zorder=3)
    axis.axvline(1 / len(found), color=GREY, linewidth=0.8, linestyle="--")
    axis.set_yticks(list(places), [f"{name(one.setting)} ({one.trials})" for one in found])
    axis.invert_yaxis()
    axis.set_xlim(left=0)
    axis.set_xlabel("share of the importance")
    parts = [
        f"{name(one.setting)} {percent(one.share)} ({percent(one.low)} to {percent(one.high)})"
        for one in found
    ]
    return explained.explain(
        figure,
        f"Dots: shares. Lines: {percent(LEVEL)} of bootstrap samples of"
        f" {counted(len(_of(sweep)[0].trials), 'trial')}. Dashed: all settings equal.",
        f"Shares of the importance: {explained.listed(parts)}",
    )


def parallel(sweep: Sweep) -> Figure:
    """Draw every trial as a line through its settings, the better the darker."""
    search, found = _of(sweep)
    last = {one.number: one for one in found.course}
    names = list(search.space)
    figure, axis = drawing.axes(7.2, 3.4)
    scores = [one.score for one in last.values()]
    scale = Normalize(min(scores, default=0), max(scores, default=1))
    for trial in search.trials:
        at = {
            place: _height(search.space[one], trial.settings[one])
            for place, one in enumerate(names)
            if one in trial.settings
        }
        if trial.number not in last:
            continue
        share = float(scale(last[trial.number].score))
        share = share if search.higher else 1 - share
        axis.plot(
            list(at),
            list(at.values()),
            color=WHOLE if trial.ended == "whole" else EARLY,
            alpha=0.15 + 0.85 * share**2,
            linewidth=0.6 + 1.2 * share**2,
            marker="o",
            markersize=2.5,
        )
    for place, setting in enumerate(names):
        low, high = _ends(search.space[setting])
        axis.text(place, -0.06, low, ha="center", va="top", fontsize="x-small", color=GREY)
        axis.text(place, 1.06, high, ha="center", va="bottom", fontsize="x-small", color=GREY)
    axis.set_xticks(range(len(names)), list(map(name, names)), rotation=30, ha="right")
    axis.set_ylim(-0.2, 1.2)
    axis.set_yticks([])
    axis.grid(axis="x")
    digits = _digits(sweep, search)
    whole = [one for one in last.values() if one.budget == search.budgets[-1]]
    top = (max if search.higher else min)(whole, key=lambda one: one.score, default=None)
    chosen = next((t.settings for t in search.trials if top and t.number == top.number), {})
    best = f" The best whole one ({number(top.score, digits)}): {settings(chosen)}." if top else ""
    return explained.explain(
        figure,
        "Lines: trials through their settings; in colour those trained whole; the stronger, the"
        f" better their last {name(search.by)}.",
        f"{counted(len(last), 'trial')} over {counted(len(names), 'setting')}.{best}",
    )


def _of(sweep: Sweep) -> tuple[Search, Searched]:
    search, found = sweep.designed.design.search, sweep.designed.searched
    if search is None or found is None:
        raise TypeError(f"{sweep.name} compares no finalists of a search.")
    return search, found


def _flattered(arm: OverSeeds, digits: int) -> str:
    """Say by how much a trial's score was too good, or too bad; nothing if that is not known."""
    if arm.flattered is None or arm.ci_low is None or arm.ci_high is None:
        return ""
    by, how = Ends(arm.ci_low, arm.ci_high, arm.flattered), "better"
    if arm.flattered < 0:
        by, how = Ends(-arm.ci_high, -arm.ci_low, -arm.flattered), "worse"
    size = number(abs(arm.flattered), digits)
    return f": as a trial they scored {size} {how} than over these seeds ({interval(by, digits)})"


def _digits(sweep: Sweep, search: Search) -> int:
    known = search.by in sweep.page.found.metrics
    return sweep.page.digits(search.by if known else sweep.page.primary)


def _primary(sweep: Sweep, arm: str) -> str:
    metric, digits = sweep.page.primary, sweep.page.digits(sweep.page.primary)
    for one in sweep.configurations:
        found = sweep.metric(one, metric)
        if one.levels.get("arm") == arm and found.n:
            return spread(found.mean, found.sd, digits)
    return MISSING


def _height(dimension: dict[str, Any], value: Any) -> float:
    """Return where a value lies between the ends of its setting."""
    if "levels" in dimension:
        levels: list[Any] = dimension["levels"]
        return levels.index(value) / (len(levels) - 1)
    ends = [dimension["from"], value, dimension["to"]]
    low, here, high = map(math.log, ends) if dimension["log"] else ends
    return float((here - low) / (high - low))


def _ends(dimension: dict[str, Any]) -> tuple[str, str]:
    if "levels" in dimension:
        return level(dimension["levels"][0]), level(dimension["levels"][-1])
    return level(dimension["from"]), level(dimension["to"])
