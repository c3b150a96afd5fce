"""The splits of the call-detection write-ups: recorders, the gap between two, floors."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from studies.calls.page.classes import UNKNOWN, present
from studies.calls.scores import QUALITIES
from uphold import palette
from uphold.format import counted, number
from uphold.pages import drawing, explained
from uphold.pages.drawing import GREY, PALETTE, note
from uphold.pages.writeup import Page, Sweep


def recorders(page: Page) -> str:
    """Say whether the recorders of the OOD split are heard elsewhere; nothing if there is none."""
    splits = {name: set(part["recorders"]) for name, part in page.writeup.data["splits"].items()}
    foreign = splits.pop("ood", set())
    if not foreign:
        return ""
    if UNKNOWN in foreign:
        return (
            "Clips of the OOD split name no recorder, so that it is not known whether theirs are"
            " heard elsewhere."
        )
    shared = foreign & set().union(*splits.values())
    if shared:
        return f"Heard in the OOD split and elsewhere too: {', '.join(sorted(shared))}."
    if len(foreign) == 1:
        return "The only recorder of the OOD split appears in no other split."
    return f"The {len(foreign)} recorders of the OOD split appear in no other split."


def place(page: Page) -> str:
    """Say where a detector is asked to hold up: on what the test splits hold."""
    if "ood" in page.writeup.data["splits"]:
        return "on recorders that it has never heard"
    return "on clips that it has not learned from, since no recorder was held out"


def qualities(page: Page) -> str:
    """Say which qualities the training split's calls are marked with, end of a sentence."""
    found = {
        quality
        for labels in page.writeup.data["counts"]["train"].values()
        for types in labels.values()
        for inside in types.values()
        for quality in inside
    }
    if not found & set(QUALITIES):
        return "here no call is marked with a quality, so that none is left out for it"
    unmarked = " (and calls that are marked with none)" if _unmarked_calls(page) else ""
    return f"here they hold high and medium quality, as it says{unmarked}"


def _unmarked_calls(page: Page) -> bool:
    """Return whether any call of the training split has no quality where others have one."""
    return any(
        UNKNOWN in inside and present(page, label)
        for labels in page.writeup.data["counts"]["train"].values()
        for label, types in labels.items()
        for inside in types.values()
    )


def gap(sweep: Sweep) -> str:
    """Say how far known and unknown recorders lie apart, over configurations."""
    gaps = [c.metrics["f1_gap"].mean for c in sweep.configurations if "f1_gap" in c.metrics]
    found = [g for g in gaps if g is not None]
    if not found:
        return "Without OOD scores there is no gap to report."
    low, high = (number(end, sweep.page.digits("f1_gap")) for end in (min(found), max(found)))
    positive_gaps = sum(g > 0 for g in found)
    many = counted(len(found), "configuration")
    which = (
        f"All {many} score"
        if positive_gaps == len(found) > 1
        else f"{positive_gaps} of {many} score"
    )
    return (
        f"{which} higher on known recorders (IID) than on new ones (OOD). The gap in F1 lies"
        f" between {low} and {high}, by the means of configurations."
    )


def floors(sweep: Sweep) -> str:
    """Say what calling every clip positive would score."""
    row = sweep.scores.iloc[0]
    floors = {
        split.upper(): number(row[f"{split}_floor_f1"], sweep.page.digits(f"{split}_f1"))
        for split in ("iid", "ood")
        if row[f"{split}_floor_f1"] == row[f"{split}_floor_f1"]
    }
    if not floors:
        return "No run has a score to hold against a floor."
    parts = [f"{floor} on {split}" for split, floor in floors.items()]
    if len(floors) == 2 and len({*floors.values()}) == 1:
        parts = [f"{floors['IID']} on IID and on OOD alike"]
    return f"Calling every clip positive would score an F1 of {' and '.join(parts)}."


ENDS = ("mean", "ci_low", "ci_high")


def against(sweep: Sweep, x: str, y: str) -> Figure:
    """Draw one metric against another: each configuration a cross of two intervals."""
    if not all(m in sweep.found.effects for m in (x, y)):
        return note("These data have no items for one of the two metrics.")
    figure, axis = drawing.axes(4.6, 4.2)
    means = pd.DataFrame(
        [
            {f"{m}_{end}": getattr(c.metrics[m], end) for m in (x, y) for end in ENDS}
            for c in sweep.configurations
        ]
    ).astype(float)
    low = float(means[[f"{x}_mean", f"{y}_mean"]].min().min()) - 0.03
    high = float(means[[f"{x}_mean", f"{y}_mean"]].max().max()) + 0.03
    axis.plot([low, high], [low, high], color=GREY, linewidth=0.8, linestyle="--", label="equal")
    axis.errorbar(
        means[f"{x}_mean"],
        means[f"{y}_mean"],
        xerr=_reach(means, x),
        yerr=_reach(means, y),
        fmt="o",
        markersize=4,
        color=PALETTE[0],
        ecolor=palette.colour("bar"),
        elinewidth=0.8,
        label="configuration",
    )
    axis.set_xlabel(sweep.page.label(x))
    axis.set_ylabel(sweep.page.label(y))
    axis.legend(loc="lower right")
    below = int((means[f"{y}_mean"] < means[f"{x}_mean"]).sum())
    drawn = [c.metrics[m] for c in sweep.configurations for m in (x, y)]
    return explained.explain(
        figure,
        f"Dots: means of configurations. Lines: {explained.intervals(sweep, drawn)}.",
        f"{below} of {counted(len(means), 'configuration')} lie below the dashed line, where"
        f" {sweep.page.label(y)} is lower than {sweep.page.label(x)}.",
    )


def _reach(means: pd.DataFrame, metric: str) -> np.ndarray:
    """Return how far an interval reaches below and above its mean."""
    mean, low, high = (means[f"{metric}_{end}"] for end in ENDS)
    return np.array([mean - low, high - mean])


def positive(page: Page) -> str:
    """Name the positive class."""
    return f"‘{page.writeup.data['positive']}’"
