"""``evaluate@sweep``: stored predictions → scores, plot data, and what is promoted.

What comes in: the sweep's folder as `train` left it, the prepared data, the evaluation's settings.
What goes out, in the sweep's folder:

``scores.csv``
    The sweep's log, one row a run: what ``runs.csv`` says of it, then its scores. A failed run has
    its row and no scores. Where the design asks for ensembles, they have their rows after the runs.
``curves.csv``
    Plot data in long form: ``configuration``, then the columns of the study's curves, ``y`` the
    mean over the configuration's runs, ``y_low`` and ``y_high`` its 95 % interval (Student's t;
    empty for a single run).
``confusions.csv``
    Which class was taken for which: ``configuration, split, truth, predicted, count``, counted over
    the configuration's runs.
``items.safetensors``
    What each test item adds to the scores of each run, where the study tells: see
    `uphold.pipeline.stages.items`.
``promotion.json``
    Which configuration was promoted, and how it was chosen.

and, for the sweeps that come after this one, a file of the promoted settings alone. Nothing is
trained here: a new threshold grid or band edge starts at this stage.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from scipy.special import stdtrit

from uphold.disk import publish
from uphold.error_rates import LEVEL
from uphold.pipeline.digest import CARD
from uphold.pipeline.promotion import Promotion, promote
from uphold.pipeline.stages.files import (
    CONFUSIONS,
    CURVES,
    ITEMS,
    PREDICTIONS,
    PROMOTION,
    RUNS,
    SCORES,
    csv_bytes,
    json_bytes,
    needed,
    reading,
)
from uphold.pipeline.stages.items import packed
from uphold.pipeline.stages.scored import Scored
from uphold.pipeline.study import Study
from uphold.validation import Settings


@dataclass(frozen=True)
class Job:
    """A sweep to be evaluated.

    Attributes
    ----------
    name : str
        The sweep.
    study : Study
        Its study.
    settings : Settings
        The evaluation's settings.
    rule : Promotion
        How the promoted configuration is chosen.
    data, folder : Path
        The study's prepared data, and the sweep's folder.
    promoted : Path
        The file that takes the promoted settings.
    """

    name: str
    study: Study
    settings: Settings
    rule: Promotion
    data: Path
    folder: Path
    promoted: Path


def evaluate(job: Job) -> int:
    """Score every run of a sweep and promote one configuration; return the number of runs.

    Raises
    ------
    InputError
        Where the data are not prepared, or the sweep is not trained.
    """
    needed(job.data / CARD, f"prepare@{job.study.name}")
    for name in (RUNS, PREDICTIONS):
        needed(job.folder / name, f"train@{job.name}")
    folder, scored = job.folder, Scored.of(job.study, job.settings, job.data, job.folder)
    runs, log = scored.runs, scored.log
    curves: list[pd.DataFrame] = []
    confusions: list[pd.DataFrame] = []
    for run in runs.itertuples():
        if run.status == "ok":
            given, named = scored.given(run.run), {"configuration": run.configuration}
            curves.append(scored.evaluation.curves(*given).assign(**named))
            confusions.append(scored.evaluation.confusions(*given).assign(**named))
    with reading(folder / RUNS):
        settings = runs["settings"].map(json.loads)
    settings_of = dict(zip(runs["configuration"], settings, strict=True))
    choice = promote(log, settings_of, job.rule, job.study.floors.get(job.rule.by))
    publish(folder / SCORES, csv_bytes(scored.with_ensembles()))
    publish(folder / CURVES, csv_bytes(_means(curves)))
    publish(folder / CONFUSIONS, csv_bytes(_sums(confusions)))
    publish(folder / ITEMS, packed(*scored.items()))
    publish(folder / PROMOTION, json_bytes(choice))
    publish(job.promoted, json_bytes(choice["settings"]))
    return len(runs)


def _means(curves: list[pd.DataFrame]) -> pd.DataFrame:
    """Average the runs of a configuration, point by point: ``y`` is the value."""
    if not curves:
        return pd.DataFrame(columns=["configuration", "x", "y", "y_low", "y_high"])
    points = pd.concat(curves, ignore_index=True).dropna(subset="y")
    place = ["configuration", *(c for c in points if c not in ("configuration", "y"))]
    found = points.groupby(place, as_index=False, sort=True)["y"].agg(["mean", "sem", "count"])
    half = found["sem"] * stdtrit(found["count"].clip(lower=2) - 1, (1 + LEVEL) / 2)
    means = found[place].assign(y=found["mean"])
    return means.assign(y_low=found["mean"] - half, y_high=found["mean"] + half)


def _sums(confusions: list[pd.DataFrame]) -> pd.DataFrame:
    """Add up the runs of a configuration, classes in the order in which the study tells them."""
    place = ["configuration", "split", "truth", "predicted"]
    if not confusions:
        return pd.DataFrame(columns=[*place, "count"])
    cells = pd.concat(confusions, ignore_index=True)
    return cells.groupby(place, as_index=False, sort=False)["count"].sum()
