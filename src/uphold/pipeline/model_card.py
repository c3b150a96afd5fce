"""The card of an exported model, for readers: what it is, how good, on what, and what not for.

Nothing here is computed but from the run, its scores and the card of its data. Reference: Mitchell
et al. 2019, "Model cards for model reporting".
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from uphold.claims.metric import Metric
from uphold.format import count, counted, exact, name, named, number, several, spread, use_names
from uphold.pipeline.exported import Model
from uphold.pipeline.study import Study

SYNTHETIC = "synthetic"
"""The source of data that a program makes."""
DIGITS = 3


@dataclass(frozen=True)
class Facts:
    """All that a card tells.

    Attributes
    ----------
    model : Model
    study : Study
    primary : str
        The score that the study is about.
    sweep, run : str
        Where the run stands; empty where it is known by its key alone.
    among : int
        Of how many seeds it was chosen by its validation score; 0 where it was not.
    promotion : dict, optional
        How its configuration was promoted, where it was.
    fresh : sequence of float
        The primary score of that configuration on fresh seeds, none where it was not confirmed.
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
    primary: str
    sweep: str
    run: str
    among: int
    promotion: Mapping[str, Any] | None
    fresh: Sequence[float]
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
        lines.append(
            f"- Threshold: {exact(model.threshold)}, chosen on validation data. An item whose "
            "score reaches it counts as found."
        )
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


def _promoted(facts: Facts, promotion: Mapping[str, Any]) -> str:
    by, many = name(promotion["by"]), promotion["configurations"]
    told = (
        f"The sweep promoted this configuration, the best of {count(many)} by {by}: its validation "
        "scores flatter it."
    )
    if len(facts.fresh):
        mean = float(np.mean(facts.fresh))
        sd = float(np.std(facts.fresh, ddof=1)) if len(facts.fresh) > 1 else None
        told += (
            f" On {counted(len(facts.fresh), 'fresh seed')}, which chose nothing, "
            f"{facts.metrics[facts.primary].label} was {spread(mean, sd, DIGITS)} (mean ± SD)."
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
        lines.append(f"- {split.capitalize()}: {told}")
    return [*lines, *(f"- {note}" for note in (*card.get("notes", ()), *card.get("decisions", ())))]


def _told(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _origin(facts: Facts, digests: Mapping[str, str]) -> list[str]:
    origin = facts.model.origin
    rows = {
        "run key": origin.key,
        "digest of the training code": origin.code,
        "torch": origin.torch,
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
