"""What the speech write-up shows of its ladder, its epochs, its actors and the archived table.

In: the page's analysis and the tables beside it. Out: tables, figures and sentences. Nothing is
computed here.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from great_tables import GT
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from uphold.errors import InputError
from uphold.pages import drawing
from uphold.pages.drawing import GREY, PALETTE
from uphold.pages.numbers import MISSING, interval, number, signed, spread
from uphold.pages.tables import VERDICT, coloured, plain, runs, verdict
from uphold.pages.writeup import Page, Sweep

ARM = "arm"
ARCHIVED = {
    "Original baseline (5 epochs)": "plain (5), other actors",
    "Current baseline (5 epochs)": "plain (5)",
    "+ Class-weighted loss (15 epochs)": "weights (15)",
    "+ Class-weighted loss + SpecAugment (15 epochs)": "weights + SpecAugment (15)",
    "+ Class-weighted loss + SpecAugment + Label smoothing (30 epochs)": (
        "weights + SpecAugment + smoothing (30)"
    ),
    "+ Class-weighted loss + SpecAugment (30 epochs, no label smoothing)": (
        "weights + SpecAugment (30)"
    ),
    "+ Focal Loss": "focal + SpecAugment (30)",
    "+ More aggressive augmentation": "weights + strong SpecAugment (30)",
}
"""The archived rows and the arms that repeat them."""

ARCHIVED_ACTORS = 2
"""Whom the archived figures were read on."""

ADVICE = {
    "supported": {True: "do it", False: "leave it out"},
    "refuted": {True: "leave it out", False: "do it"},
}
EITHER = "either will do: the difference is smaller than one that matters"


def data(page: Page) -> GT:
    """The prepared clips by emotion."""
    found = page.found["data"]["emotions"]
    rows = [(k, e["class"], f"{e['clips']:,}", str(e["actors"])) for k, e in found.items()]
    return plain(rows, ["emotion", "class", "clips", "actors"])


def voices(page: Page) -> str:
    """Say how many clips and actors there are, and how they are looked at."""
    found = page.found["data"]
    mel = found["features"]
    return (
        f"{found['clips']:,} clips by {len(found['actors'])} actors, told into"
        f" {len(found['classes'])} classes ({', '.join(found['classes'])}). The network sees"
        f" log-mel spectrograms of {mel['bands']} bands by {mel['frames']} frames."
    )


def floors(sweep: Sweep) -> str:
    """Say what can be scored without listening."""
    row = sweep.scores.iloc[0]
    return (
        f"Calling every test clip by the commonest class scores {number(row['floor_majority'], 2)}"
        f" macro-F1, calling each class equally often {number(row['floor_chance'], 2)}."
    )


def epochs(sweep: Sweep) -> str:
    """Say how many epochs the arms were trained in fact."""
    table = sweep.runs.drop_duplicates("configuration")
    counts = sorted({int(n) for n in table["epochs_run"]})
    return (
        "The number in an arm's name is the archived number of epochs. At this scale"
        f" {', '.join(map(str, counts))} are trained, in the same proportions."
    )


def ladder(sweep: Sweep) -> GT:
    """Each arm with mean ± SD, what it gains over the first one, and its best epochs."""
    page, metric = sweep.page, sweep.page.primary
    gains = {e["to"]: e for e in sweep.found["effects"].get(metric, [])}
    rows = []
    for arm in sweep.levels(ARM):
        found = sweep.metric(_configuration(sweep, arm), metric)
        gain = gains.get(arm)
        rows.append(
            (
                arm,
                spread(found["mean"], found["sd"], 3),
                f"{signed(gain['value'])} ({interval(gain)})" if gain else MISSING,
                _neutral(sweep, arm),
                _seed_by_seed(sweep, arm, "best_epoch"),
                runs(found),
            )
        )
    first = sweep.levels(ARM)[0]
    heads = ["arm", page.label(metric), f"over {first} (95 %)", "F1 of neutral", "best epoch"]
    widths = dict(zip([*heads, "runs"], ("29%", "15%", "26%", "10%", "13%", "7%"), strict=True))
    return plain(rows, [*heads, "runs"]).cols_width(widths)


def published(page: Page, sweep: Sweep) -> GT:
    """The archived table beside ours: printed, repeated, and the range of our runs."""
    printed = _printed(page)
    rows = []
    for row in printed:
        arm = ARCHIVED[row["Configuration"]]
        configuration = _configuration(sweep, arm)
        found = sweep.metric(configuration, page.primary)
        ours = sorted(v for v in sweep.scores_of(configuration, page.primary) if v == v)
        rows.append(
            (
                row["Configuration"],
                row["F1 Score"],
                arm,
                spread(found["mean"], found["sd"], 3),
                f"{number(ours[0])} to {number(ours[-1])}" if ours else MISSING,
            )
        )
    widths = {
        **{"as archived": "34%", "printed": "10%", "repeated as": "26%"},
        **{"mean ± SD": "15%", "single runs": "15%"},
    }
    return plain(rows, list(widths)).cols_width(widths)


def gaps(sweep: Sweep, arms: Sequence[str]) -> Figure:
    """Draw the macro-F1 of training and validation clips by epoch: mean and range over seeds.

    Grey lines are the chosen epochs.
    """
    columns = {"train_macro_f1": "training", "validation_macro_f1": "validation"}
    figure, panels = drawing.grid(1, len(arms), (2.5 * len(arms) + 0.4, 2.9), sharey=True)
    for axis, arm in zip(panels[0], arms, strict=True):
        name = _configuration(sweep, arm)["configuration"]
        here = sweep.histories[sweep.histories["configuration"] == name]
        for colour, (column, label) in zip(PALETTE, columns.items(), strict=False):
            by_epoch = here.groupby("epoch")[column].agg(["mean", "min", "max"])
            axis.plot(by_epoch.index, by_epoch["mean"], color=colour, label=label)
            axis.fill_between(
                by_epoch.index, by_epoch["min"], by_epoch["max"], color=colour, alpha=0.15
            )
        scored = sweep.scores[sweep.scores["configuration"] == name]
        for epoch in scored["best_epoch"].dropna():
            axis.axvline(epoch, color=GREY, linewidth=0.6)
        axis.set_title(arm, fontsize=8)
        axis.set_xlabel("epoch")
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    panels[0][0].set_ylabel("macro-F1")
    handles, labels = panels[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    return figure


def ahead(sweep: Sweep, arms: Sequence[str]) -> str:
    """Say how far the training clips are ahead of the validation clips after the last epoch."""
    parts = []
    for arm in arms:
        name = _configuration(sweep, arm)["configuration"]
        here = sweep.histories[sweep.histories["configuration"] == name]
        last = here[here["epoch"] == here["epoch"].max()]
        gap = (last["train_macro_f1"] - last["validation_macro_f1"]).mean()
        parts.append(f"{signed(gap, 2)} for {arm}")
    return f"After the last epoch training is ahead by {', '.join(parts)} (means over seeds)."


def optimism(sweep: Sweep) -> GT:
    """What choosing the epoch gained for those who chose, and how much of it the others kept."""
    metrics = {
        "validation_macro_f1": "validation",
        "macro_f1": "test",
        "validation_excess": "difference",
        "choice_gain": "gain",
        "choice_kept": "kept",
        "optimism": "optimism",
    }
    rows = [
        (arm, *(number(sweep.metric(_configuration(sweep, arm), m)["mean"]) for m in metrics))
        for arm in sweep.levels(ARM)
    ]
    return plain(rows, [ARM, *metrics.values()])


def actors(sweep: Sweep) -> GT:
    """Each run's macro-F1 with its interval over actors."""
    rows = [
        (
            f"{row.split}, fold {row.fold}",
            str(row.seed),
            number(row.macro_f1),
            f"{number(row.macro_f1_low, 2)} to {number(row.macro_f1_high, 2)}",
            f"{row.test_actors:.0f}",
            f"{row.test_clips:.0f}",
        )
        for row in sweep.scores.itertuples()
        if row.status == "ok" and row.seed == sweep.scores["seed"].min()
    ]
    heads = ["split", "seed", "macro-F1", "95 % over actors", "test actors", "test clips"]
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
    gap, apart = max(values) - min(values), page.found["components"][name]["found"]["grouped"]
    if apart["apart"] is None:
        return ""
    tested = splits.scores.loc[splits.scores["split"] == "grouped", "test_actors"].median()
    than = "more" if gap > apart["apart"] else "no more"
    return (
        f"The archived figures lie {number(gap)} apart: {than} than another fold and another seed"
        f" explain here in 95 % of cases ({number(apart['apart'])}). They were read on"
        f" {ARCHIVED_ACTORS} actors, ours on {tested:.0f} each."
    )


def recommendations(page: Page, advice: Mapping[str, tuple[str, bool | None]]) -> GT:
    """What to do, by the verdicts.

    Parameters
    ----------
    page : Page
    advice : mapping of str to (str, bool or None)
        What could be done to the claim that decides it, and whether the claim speaks for it; None
        where it says that it makes no difference.
    """
    rows = []
    for what, (name, pro) in advice.items():
        claim = page.found["claims"][name]
        rows.append((what, claim["says"], verdict(claim), _advice(claim, pro)))
    widths = {"what": "20%", "claim": "32%", "verdict": "16%", "recommendation": "32%"}
    return coloured(plain(rows, list(widths)), VERDICT).cols_width(widths)


def _advice(claim: Mapping[str, Any], pro: bool | None) -> str:
    if claim["verdict"] == "inconclusive":
        needed = claim["seeds_needed"]
        more = f" ({needed:,} seeds could)" if needed else ""
        return f"open: these runs cannot decide it{more}"
    if claim["verdict"] == "equivalent" or (claim["verdict"] == "supported" and pro is None):
        text = EITHER
    elif pro is None:
        # There is a difference after all: its sign tells which way.
        text = ADVICE["supported"][claim["outcome"]["value"] > 0]
    else:
        text = ADVICE[claim["verdict"]][pro]
    return f"{text}; fragile, so repeat it first" if claim["fragile"] else text


def _printed(page: Page) -> list[Mapping[str, str]]:
    return page.found["archived"]["tables"]["results"]


def _baselines(page: Page) -> list[Mapping[str, str]]:
    return [row for row in _printed(page) if "baseline" in row["Configuration"]]


def _configuration(sweep: Sweep, arm: str) -> Mapping[str, Any]:
    for configuration in sweep.configurations:
        if configuration["levels"][ARM] == arm:
            return configuration
    raise InputError(f"{sweep.name} has no arm {arm!r}.")


def _neutral(sweep: Sweep, arm: str) -> str:
    if "f1_neutral" not in sweep.page.found["metrics"]:
        return MISSING
    return number(sweep.metric(_configuration(sweep, arm), "f1_neutral")["mean"], 2)


def _seed_by_seed(sweep: Sweep, arm: str, column: str) -> str:
    here = sweep.scores[
        sweep.scores["configuration"] == _configuration(sweep, arm)["configuration"]
    ]
    return ", ".join(number(v, 0) for v in here.sort_values("seed")[column])
