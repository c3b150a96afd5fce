"""Runs by who is tested: their intervals over actors, and how far apart archived figures lie."""

from collections.abc import Mapping

from great_tables import GT

from uphold.format import Ends, counted, interval, number, percent
from uphold.pages.table import plain
from uphold.pages.writeup import Page, Sweep


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


def answer(page: Page, splits: Sweep, name: str) -> str:
    """Say whether another fold and another seed explain how far the archived baselines lie apart.

    Parameters
    ----------
    page : Page
    splits : Sweep
        The runs whose folds and seeds are compared.
    name : str
        Their variance components.
    """
    values = [float(row["F1 Score"]) for row in _baselines(page)]
    gap, apart = max(values) - min(values), page.writeup.components[name].found["grouped"]
    if apart.apart is None:
        return ""
    (command,) = page.archived.tables["command"]
    tested = splits.scores.loc[splits.scores["split"] == "grouped", "test_actors"].median()
    digits = page.digits(page.writeup.components[name].metric)
    than = "more" if gap > apart.apart else "no more"
    return (
        f"The archived figures lie {number(gap, digits)} apart: {than} than another fold and"
        f" another seed explain here in 95 % of cases ({number(apart.apart, digits)}). They were"
        f" read on a share of {command['val_ratio']} of the data, by which the epoch was chosen"
        f" too; ours on {counted(int(tested), 'actor')} each, who chose nothing."
    )


def _baselines(page: Page) -> list[Mapping[str, str]]:
    printed = page.archived.tables["results"]
    return [row for row in printed if "baseline" in row["Configuration"]]
