"""Runs by who is tested: their intervals over actors, and how far apart archived figures lie."""

from collections.abc import Mapping

from great_tables import GT

from uphold import format
from uphold.analysis.model.estimates import Components
from uphold.format import Ends, count, counted, interval, number, percent
from uphold.pages.arms import ARM, settings
from uphold.pages.table import plain
from uphold.pages.writeup import Page, Sweep

HOW_SPLIT = frozenset({"split", "fold", "groups", "rotating"})
"""Settings that say who is tested, and nothing of the recipe."""


def folds(sweep: Sweep) -> str:
    """Say how many of a split's folds were trained: all of them, or some."""
    tested, all_of_them = len(sweep.levels("fold")), sweep.designed.design.fixed["groups"]
    if tested == all_of_them:
        return "every fold"
    return f"{count(tested)} of the {counted(all_of_them, 'fold')}"


def actors(sweep: Sweep) -> GT:
    """Each run's macro-F1 with its interval over actors."""
    digits = sweep.page.digits("macro_f1")
    rows = [
        (
            f"{row.split}, fold {row.fold}",
            str(row.seed),
            number(row.macro_f1, digits),
            interval(Ends(row.macro_f1_low, row.macro_f1_high), digits),
            number(row.test_actors, 0),
            number(row.test_clips, 0),
        )
        for row in sweep.scores.itertuples()
        if row.status == "ok" and row.seed == sweep.scores["seed"].min()
    ]
    over = f"{percent(sweep.page.writeup.evaluation['confidence'])} over actors"
    heads = ["split", "seed", "macro-F1", over, "test actors", "test clips"]
    return plain(rows, heads)


def baselines(page: Page) -> str:
    """Say what the archive prints for its baseline."""
    return " and ".join(row["F1 Score"] for row in _baselines(page))


def answer(page: Page, splits: Sweep, name: str, ladder: Sweep) -> str:
    """Say whether another fold and another seed explain how far the archived baselines lie apart.

    Parameters
    ----------
    page : Page
    splits : Sweep
        The runs whose folds and seeds are compared.
    name : str
        Their variance components.
    ladder : Sweep
        The sweep whose first arm is the archived baseline.
    """
    values = [float(row["F1 Score"]) for row in _baselines(page)]
    gap, found = max(values) - min(values), page.writeup.components[name].found["grouped"]
    if found.apart is None:
        return ""
    (command,) = page.archived.tables["command"]
    tested = splits.scores.loc[splits.scores["split"] == "grouped", "test_actors"].median()
    digits = page.digits(page.writeup.components[name].metric)
    return (
        f"The archived figures lie {number(gap, digits)} apart. {_explained(gap, found, digits)}"
        f" {_recipe(splits, ladder)} The archived figures were read on a share of"
        f" {command['val_ratio']} of the data, by which the epoch was chosen too; ours on"
        f" {counted(int(tested), 'actor')} each, who chose nothing."
    )


def _explained(gap: float, found: Components, digits: int) -> str:
    """Say whether runs with another fold and another seed lie so far apart."""
    here = f"Runs with another fold and another seed lie up to {number(found.apart, digits)} apart"
    low, high = found.apart_low, found.apart_high
    if low is None or high is None:
        return f"{here} in 95 % of cases; how sure that is cannot be told from these runs."
    here = f"{here} in 95 % of cases (95 % interval {interval(Ends(low, high), digits)})"
    if low <= gap <= high:
        return f"{here}: these runs cannot tell whether that explains it."
    return f"{here}: {'that does not explain' if gap > high else 'that explains'} it."


def _recipe(splits: Sweep, ladder: Sweep) -> str:
    """Say in which settings the runs compared are trained otherwise than the baseline."""
    levels = {factor: splits.levels(factor)[0] for factor in splits.factors}
    ours = settings(splits, levels)
    baseline = settings(ladder, {ARM: ladder.levels(ARM)[0]})
    apart = [
        key
        for key, value in baseline.items()
        if key in ours and ours[key] != value and key not in HOW_SPLIT
    ]
    if not apart:
        return "The runs compared are trained as that baseline is."
    here, there = (format.settings({k: of[k] for k in apart}) for of in (ours, baseline))
    return (
        f"The runs compared are not that baseline’s: their recipe has {here}, the baseline {there}."
    )


def _baselines(page: Page) -> list[Mapping[str, str]]:
    printed = page.archived.tables["results"]
    return [row for row in printed if "baseline" in row["Configuration"]]
