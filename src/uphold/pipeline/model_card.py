"""The card of an exported model, for readers: what it is, how good, on what, and what not for.

Nothing here is computed but from the run, its scores and the card of its data. Reference: Mitchell
et al. 2019, "Model cards for model reporting".
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from uphold.analysis.model.runs import Promoted
from uphold.claims.metric import Metric
from uphold.format import count, counted, exact, name, named, number, several, spread, use_names
from uphold.pipeline.exported import Model
from uphold.pipeline.study import Study
from uphold.promoted_rank import among, standing

SYNTHETIC = "synthetic"
"""The source of data that a program makes."""
DIGITS = 3
HELD = ("clips", "actors", "labels")
"""What is told of the card of data that are not divided into splits."""


@dataclass(frozen=True)
class Fresh:
    """A score on fresh seeds: its label, and one value a seed."""

    label: str
    values: Sequence[float]


@dataclass(frozen=True)
class Facts:
    """All that a card tells.

    Attributes
    ----------
    model : Model
    study : Study
    sweep, run : str
        Where the run stands; empty where it is known by its key alone.
    among : int
        Of how many seeds it was chosen by its validation score; 0 where it was not.
    promotion : Promoted, optional
        How its configuration was promoted, where it was.
    fresh : Fresh, optional
        How that configuration scores on fresh seeds, where it was confirmed.
    scale : str
        Of the data and the training.
    even : float, optional
        From which score on a label without a threshold of its own is named, where there is one.
    card : mapping
        Of the data.
    scores : mapping of str to float
        Of the run.
    metrics : mapping of str to Metric
        The scores that the study's file describes.
    splits : sequence of str
        What it predicted.
    compared : int
        How many prepared items the exported model has predicted.
    epoch, epochs : int
        The epoch whose weights are kept, and how many were trained; 0 where the run does not tell.
    difference : float
        By how much it differed at most from what is stored of the run.
    """

    model: Model
    study: Study
    sweep: str
    run: str
    among: int
    promotion: Promoted | None
    fresh: Fresh | None
    scale: str
    even: float | None
    card: Mapping[str, Any]
    scores: Mapping[str, float]
    metrics: Mapping[str, Metric]
    splits: Sequence[str]
    compared: int
    difference: float
    epoch: int = 0
    epochs: int = 0

    @property
    def synthetic(self) -> bool:
        """Whether its data were made by a program."""
        return bool(self.card["source"] == SYNTHETIC)

    @property
    def item(self) -> str:
        """What an item of its data is called."""
        return self.study.items.name if self.study.items else "item"


def text(facts: Facts, digests: Mapping[str, str]) -> str:
    """Return the card as Markdown.

    Parameters
    ----------
    facts : Facts
    digests : mapping of str to str
        The SHA-256 of each file beside it.
    """
    use_names(facts.study.names)
    parts = [_head(facts), _limits(facts), _scores(facts), _data(facts), _origin(facts, digests)]
    return "\n".join(line for part in parts for line in (*part, ""))


def _head(facts: Facts) -> list[str]:
    model = facts.model
    made = " on synthetic data" if facts.synthetic else ""
    lines = [
        f"# {facts.study.title}: a model trained{made}",
        "",
        "`uphold predict DIR FILES…` makes a table of labels and scores with it.",
        "",
        *(f"- {head}" for head in _labels(model.labels)),
    ]
    if model.threshold is not None:
        lines.append(f"- {_threshold(facts, model.threshold)}")
    lines.append(f"- {_trained(facts)}")
    if facts.run:
        lines.append(f"- Run: {facts.run}, of the sweep `{facts.sweep}` (study `{model.study}`)")
    else:
        lines.append(f"- Run: seed {model.seed} of the study `{model.study}`; its sweep is unknown")
    if facts.among:
        lines.append(f"- Of its {facts.among} seeds the one with the best validation score")
    if facts.promotion:
        lines.append(f"- {_promoted(facts, facts.promotion)}")
    return lines


def _labels(labels: Sequence[str] | Mapping[str, Sequence[str]]) -> Iterable[str]:
    if isinstance(labels, Mapping):
        return (f"Labels of head {head}: {', '.join(names)}" for head, names in labels.items())
    return [f"Labels: {', '.join(labels)}"]


def _threshold(facts: Facts, threshold: float) -> str:
    """Say what the threshold is of: of one label alone, where there are several."""
    found = f"{exact(threshold)}, chosen on validation data. An item whose score reaches it"
    positive, labels = facts.card.get("positive"), facts.model.labels
    if positive is None or len(labels) == 1:
        return f"Threshold: {found} counts as found."
    told = f"Threshold of `{positive}` alone: {found} counts as `{positive}`."
    if facts.even is not None:
        told += (
            f" An item below it has the other labels whose scores reach {exact(facts.even)}, which"
            " no data chose."
        )
    return told


def _trained(facts: Facts) -> str:
    """Say at which scale, and for how many epochs, it was trained."""
    epochs = facts.model.settings.get("epochs")
    told = f" for {counted(epochs, 'epoch')}" if isinstance(epochs, int) else ""
    return f"Trained{told} at the scale `{facts.scale}`"


def _promoted(facts: Facts, promotion: Promoted) -> str:
    told = f"The sweep promoted this configuration, {among(promotion)}"
    several_stable = not promotion.rule_met or promotion.stable > 1
    told += ": its validation scores flatter it." if several_stable else "."
    metric = facts.metrics.get(promotion.by)
    if metric is not None:
        told = f"{told} {standing(promotion, metric.margin, DIGITS)}".strip()
    if facts.fresh is not None:
        values = facts.fresh.values
        sd = float(np.std(values, ddof=1)) if len(values) > 1 else None
        told += (
            f" On {counted(len(values), 'fresh seed')}, which chose nothing, {facts.fresh.label} "
            f"was {spread(float(np.mean(values)), sd, DIGITS)} (mean ± SD)."
        )
    return told


def _limits(facts: Facts) -> list[str]:
    items = several(facts.item)
    lines = ["## What it must not be used for", ""]
    if facts.synthetic:
        lines.append(
            f"- **Real {items}.** A program made the data that it was trained and scored on. It "
            "has met nothing real, so that its scores promise nothing about real data. Use it to "
            "try the pipeline."
        )
    else:
        lines.append(
            f"- {items.capitalize()} unlike those of the data below: it was scored on these alone."
        )
    lines.append(
        "- Finding anything but its labels: it knows no others, and whatever it is given, it says "
        "something."
    )
    return lines


def _scores(facts: Facts) -> list[str]:
    rows = [
        (metric.label, _split(score, metric, facts.splits), facts.scores[score])
        for score, metric in facts.metrics.items()
        if np.isfinite(facts.scores.get(score, np.nan))
    ]
    return [
        "## Scores of this run",
        "",
        _chosen(facts),
        "",
        "| score | split | value |",
        "|---|---|---|",
        *(f"| {label} | {split} | {number(value, DIGITS)} |" for label, split, value in rows),
    ]


def _chosen(facts: Facts) -> str:
    """Say what of the model validation data chose, and where its weights are the last ones."""
    chosen = [
        *([f"epoch ({facts.epoch} of {facts.epochs})"] if facts.epoch < facts.epochs else []),
        *(["threshold"] if facts.model.threshold is not None else []),
        *(["configuration"] if facts.promotion else []),
        *(["seed"] if facts.among else []),
    ]
    last = f"Its weights are those of the last of {counted(facts.epochs, 'epoch')}."
    parts = [f"Validation data chose its {named(chosen)}."] if chosen else []
    return " ".join(parts + [last] * bool(facts.epochs and facts.epoch == facts.epochs))


def _split(score: str, metric: Metric, splits: Sequence[str]) -> str:
    """Return what a score is of: by its name, where a study has several test splits."""
    own = [split for split in splits if score.startswith(f"{split}_")]
    return own[0] if own else metric.split


def _data(facts: Facts) -> list[str]:
    card, model = facts.card, facts.model
    lines = [
        "## Data",
        "",
        f"- Source: {card['source']}",
        f"- Digest of the prepared data: `{model.origin.data}`",
        f"- One input: numbers of shape {' × '.join(map(str, model.shape))}",
    ]
    for split, held in card.get("splits", {}).items():
        told = ", ".join(f"{what} {_told(value)}" for what, value in held.items())
        lines.append(f"- {_capital(name(split))}: {told}")
    if not card.get("splits"):
        lines += [f"- {_capital(what)}: {_told(card[what])}" for what in HELD if what in card]
        used = card.get("used")
        if used and used["used"] < used["of"]:
            lines.append(
                f"- {count(used['used'])} of {counted(used['of'], used['noun'])} were used"
            )
    return [*lines, *(f"- {note}" for note in (*card.get("notes", ()), *card.get("decisions", ())))]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _told(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{what} {held}" for what, held in value.items())
    return count(value) if isinstance(value, int) else str(value)


def _origin(facts: Facts, digests: Mapping[str, str]) -> list[str]:
    origin = facts.model.origin
    rows = {
        "run key": origin.key,
        "digest of the training code": origin.code,
        "torch": origin.torch,
        "arithmetic": origin.arithmetic,
        "uphold": origin.uphold,
        "trained": f"{origin.trained} on {origin.device}",
        **{f"SHA-256 of {file}": digest for file, digest in sorted(digests.items())},
    }
    many = counted(facts.compared, f"prepared {facts.item}")
    close = f"up to {facts.difference:.2g}" if facts.difference else "bit for bit"
    same = f"Before it was written, the model predicted {many} as the run had done, {close}."
    return [
        "## Where it comes from",
        "",
        same,
        "",
        "| what | value |",
        "|---|---|",
        *(f"| {what} | `{value}` |" for what, value in rows.items()),
    ]


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(content).hexdigest()
