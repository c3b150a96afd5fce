"""The ladder of remedies: its arms, their epochs, and what choosing an epoch gave."""

from collections.abc import Callable, Mapping, Sequence

from great_tables import GT
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from studies.speech.settings.run import SpeechRun
from uphold.analysis.model.runs import Configuration
from uphold.errors import InputError
from uphold.format import MISSING, Ends, difference, interval, level, named, number, signed
from uphold.pages import drawing, explained
from uphold.pages.arms import ARM, settings
from uphold.pages.drawing import GREY, PALETTE
from uphold.pages.run_tables import SWITCH, cell, mean_sd, runs
from uphold.pages.table import bold, coloured, plain
from uphold.pages.writeup import Sweep

BANDS: int = SpeechRun.model_fields["specaugment_bands"].default
SWITCHES: Mapping[str, Callable[[SpeechRun], bool]] = {
    "weights": lambda run: run.class_weights or run.loss == "focal",
    "SpecAugment": lambda run: run.specaugment,
    "wide masks": lambda run: run.specaugment and run.specaugment_bands > BANDS,
    "smoothing": lambda run: run.label_smoothing > 0,
    "focal loss": lambda run: run.loss == "focal",
    "sampler": lambda run: run.balanced_sampler,
}
"""What an arm may have on; focal loss always weighs classes."""


def epochs(sweep: Sweep) -> str:
    """Say how many epochs the arms were trained in fact, and by which steps."""
    table = sweep.runs.drop_duplicates("configuration")
    counts = sorted({int(n) for n in table["epochs_run"]})
    arms = [SpeechRun(**settings(sweep, {ARM: arm})) for arm in sweep.levels(ARM)]
    fixed = sweep.designed.design.fixed
    many = (
        "as many are trained here"
        if counts == sorted({arm.epochs for arm in arms})
        else f"at this scale {named([str(one) for one in counts])} are trained, in the same"
        " proportions"
    )
    return (
        f"The number in an arm's name is the archived number of epochs; {many}, by steps of"
        f" {level(fixed['batch_size'])} clips and with a learning rate of"
        f" {level(fixed['learning_rate'])} (archived: {level(arms[0].batch_size)} and"
        f" {level(arms[0].learning_rate)})."
    )


def switches(sweep: Sweep) -> GT:
    """What each arm has switched on, and its macro-F1, the best first and in bold.

    Arms that differ in neither switches nor epochs are one row, that of the first one.
    """
    metric = sweep.page.primary
    arms: dict[tuple[int, ...], str] = {}
    for arm in sweep.levels(ARM):
        run = SpeechRun(**settings(sweep, {ARM: arm}))
        arms.setdefault((run.epochs, *(has(run) for has in SWITCHES.values())), arm)
    shown = {arm: map(cell, on) for (_, *on), arm in arms.items()}
    rows = [
        (arm, *shown[arm], mean_sd(sweep, c, metric))
        for c in sweep.configurations
        if (arm := str(c.levels[ARM])) in shown
    ]
    shares = (29, 10, 13, 8, 12, 7, 9, 12)
    heads = [ARM, *SWITCHES, sweep.page.label(metric)]
    table = plain(rows, heads).cols_width(
        {head: f"{share}%" for head, share in zip(heads, shares, strict=True)}
    )
    best = [] if rows[0][-1] == MISSING else [0]
    return bold(coloured(table, SWITCH), rows=best)


def ladder(sweep: Sweep) -> GT:
    """Each arm with mean ± SD, what it gains over the first one, and its best epochs."""
    page, metric = sweep.page, sweep.page.primary
    gains = {e.to: e for e in sweep.found.effects.get(metric, [])}
    rows = []
    for arm in sweep.levels(ARM):
        configuration = _configuration(sweep, arm)
        found = sweep.metric(configuration, metric)
        gain = gains.get(arm)
        rows.append(
            (
                arm,
                mean_sd(sweep, configuration, metric),
                difference(gain, page.digits(metric)) if gain else MISSING,
                _neutral(sweep, arm),
                _best_epochs(sweep, arm),
                runs(sweep, found),
            )
        )
    first = sweep.levels(ARM)[0]
    heads = ["arm", page.label(metric), f"over {first} (95 %)", "F1 of neutral", "best epoch"]
    widths = dict(zip([*heads, "runs"], ("29%", "15%", "26%", "10%", "13%", "7%"), strict=True))
    return plain(rows, [*heads, "runs"]).cols_width(widths)


def gaps(sweep: Sweep, arms: Sequence[str]) -> Figure:
    """Draw the macro-F1 of training and validation clips by epoch: mean and range over seeds.

    Grey lines are the chosen epochs.
    """
    columns = {"train_macro_f1": "training", "validation_macro_f1": "validation"}
    figure, panels = drawing.grid(1, len(arms), (2.5 * len(arms) + 0.4, 2.9), sharey=True)
    sizes, seen = [], []
    for axis, arm in zip(panels[0], arms, strict=True):
        name = _configuration(sweep, arm).configuration
        here = sweep.histories[sweep.histories["configuration"] == name]
        for colour, (column, label) in zip(PALETTE, columns.items(), strict=False):
            by_epoch = here.groupby("epoch")[column].agg(["mean", "min", "max"])
            seen.append(f"{arm}, {label} {explained.course(by_epoch['mean'])}")
            axis.plot(by_epoch.index, by_epoch["mean"], color=colour, label=label)
            axis.fill_between(
                by_epoch.index, by_epoch["min"], by_epoch["max"], color=colour, alpha=0.15
            )
        scored = sweep.scores[sweep.scores["configuration"] == name]
        sizes.append(here["seed"].nunique())
        for epoch in scored["best_epoch"].dropna():
            axis.axvline(epoch, color=GREY, linewidth=0.6)
        axis.set_title(arm, fontsize=8)
        axis.set_xlabel("epoch")
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    panels[0][0].set_ylabel("macro-F1")
    handles, labels = panels[0][0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    return explained.explain(
        figure,
        f"Lines: means over {explained.spanned(sizes, 'run')}. Bands: from the lowest to the"
        " highest run. Grey: chosen epochs.",
        f"Mean macro-F1 by epoch: {explained.listed(seen)}",
    )


def ahead(sweep: Sweep, arms: Sequence[str]) -> str:
    """Say how far the training clips are ahead of the validation clips after the last epoch."""
    parts = []
    for arm in arms:
        name = _configuration(sweep, arm).configuration
        here = sweep.histories[sweep.histories["configuration"] == name]
        last = here[here["epoch"] == here["epoch"].max()]
        gap = (last["train_macro_f1"] - last["validation_macro_f1"]).mean()
        parts.append(f"{signed(gap, sweep.page.digits('macro_f1'))} for {arm}")
    return f"After the last epoch training is ahead by {', '.join(parts)} (means over seeds)."


def optimism(sweep: Sweep) -> GT:
    """What choosing the epoch gained for those who chose, and how much of it the others kept."""
    scores = {"validation_macro_f1": "validation", "macro_f1": "test"}
    differences = {
        "validation_excess": "difference",
        "choice_gain": "gain",
        "choice_kept": "kept",
        "optimism": "optimism",
    }
    shown = {**dict.fromkeys(scores, number), **dict.fromkeys(differences, signed)}
    rows = [
        (
            arm,
            *(
                write(sweep.metric(_configuration(sweep, arm), metric).mean, digits)
                for metric, write in shown.items()
                for digits in [sweep.page.digits(metric)]
            ),
        )
        for arm in sweep.levels(ARM)
    ]
    return plain(rows, [ARM, *scores.values(), *differences.values()])


def _configuration(sweep: Sweep, arm: str) -> Configuration:
    for configuration in sweep.designed.configurations:
        if configuration.levels[ARM] == arm:
            return configuration
    raise InputError(f"{sweep.name} has no arm {arm!r}.")


def _neutral(sweep: Sweep, arm: str) -> str:
    if "f1_neutral" not in sweep.page.found.metrics:
        return MISSING
    found = sweep.metric(_configuration(sweep, arm), "f1_neutral")
    return number(found.mean, sweep.page.digits("f1_neutral"))


def _best_epochs(sweep: Sweep, arm: str) -> str:
    """Return the median of the chosen epochs, with the lowest and the highest."""
    here = sweep.scores[sweep.scores["configuration"] == _configuration(sweep, arm).configuration]
    chosen = here["best_epoch"].dropna()
    if chosen.empty:
        return MISSING
    low, middle, high = chosen.quantile([0, 0.5, 1])
    told = number(middle, 0 if middle == int(middle) else 1)
    return told if low == high else f"{told} ({interval(Ends(low, high), 0)})"
