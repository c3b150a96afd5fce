"""Runs as `train` left them → their scores, whoever asks.

What comes in: a folder with runs and their predictions, the prepared data, the evaluation's
settings. What goes out: the log of the runs, and of the ensembles that the design asks for. What is
promised: fresh runs of a sweep's configurations are scored as the sweep's own were.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd

from uphold.errors import InputError
from uphold.pipeline.design import MEMBERS, SIZES
from uphold.pipeline.stages.ensembles import ensembles
from uphold.pipeline.stages.files import PREDICTIONS, RUNS, read_arrays, read_csv, reading
from uphold.pipeline.study import Study
from uphold.validation import Settings

PRIVATE = ("settings", "key", SIZES)
"""What ``runs.csv`` tells other stages and not the log."""


@dataclass(frozen=True)
class Scored:
    """Runs with their scores.

    Attributes
    ----------
    study : Study
    evaluation : module
        The study's.
    settings : Settings
        How it scores.
    truth : Any
        What predictions are held against.
    predictions : dict of str to dict
        By run and split; a run that failed has none.
    runs : DataFrame
        As in ``runs.csv``.
    log : DataFrame
        What ``runs.csv`` says of each run, then its scores. A failed run has its row and none.
    """

    study: Study
    evaluation: ModuleType
    settings: Settings
    truth: Any
    predictions: dict[str, dict[str, np.ndarray]]
    runs: pd.DataFrame
    log: pd.DataFrame

    @classmethod
    def of(cls, study: Study, settings: Settings, data: Path, folder: Path) -> "Scored":
        """Score the runs of a folder."""
        evaluation = study.module("evaluation")
        with reading(data):
            truth = evaluation.load(data)
        runs = read_csv(folder / RUNS)
        predictions = _by_run(read_arrays(folder / PREDICTIONS))
        _refuse_missing(runs, predictions, folder)
        scores: list[dict[str, float]] = [
            evaluation.score(predictions[run.run], truth, settings) if run.status == "ok" else {}
            for run in runs.itertuples()
        ]
        columns = next((list(one) for one in scores if one), sorted(study.scores))
        scored = pd.DataFrame(scores, index=runs.index, columns=columns)
        if hasattr(evaluation, "refuse"):
            evaluation.refuse(scored, predictions, settings)
        told = runs.drop(columns=[column for column in PRIVATE if column in runs])
        if SIZES in runs and not hasattr(evaluation, "ensemble"):
            raise InputError(f"The study {study.name!r} has no ensembles: leave {MEMBERS!r} out.")
        log = pd.concat([told, scored], axis=1)
        return cls(study, evaluation, settings, truth, predictions, runs, log)

    def given(self, run: str) -> tuple[dict[str, np.ndarray], Any, Settings]:
        """Return what the study's evaluation takes to look at a run."""
        return self.predictions[run], self.truth, self.settings

    def with_ensembles(self) -> pd.DataFrame:
        """Return the log with a row for each ensemble after the runs, where any are asked for."""
        if SIZES not in self.runs:
            return self.log
        together = [
            one.row | self._ensemble(one.members) if one.row["status"] == "ok" else one.row
            for one in ensembles(self.runs)
        ]
        return pd.concat([self.log, pd.DataFrame(together)], ignore_index=True)

    def items(self) -> tuple[list[Mapping[str, np.ndarray]], np.ndarray]:
        """Return what each test item adds to the scores, by row of the log, and the items' groups.

        Nothing where the study does not tell.
        """
        evaluation = self.evaluation
        together = list(ensembles(self.runs)) if SIZES in self.runs else []
        if self.study.items is None:
            return [{} for _ in (*self.runs.index, *together)], np.zeros(0, dtype=np.int32)
        rows = [
            evaluation.items(*self.given(run.run)) if run.status == "ok" else {}
            for run in self.runs.itertuples()
        ]
        for one in together:
            members = [self.predictions[m] for m in one.members if one.row["status"] == "ok"]
            of = members, self.truth, self.settings
            rows.append(evaluation.ensemble_items(*of) if members else {})
        return rows, evaluation.groups(self.truth)

    def _ensemble(self, members: tuple[str, ...]) -> dict[str, float]:
        found: dict[str, float] = self.evaluation.ensemble(
            [self.predictions[member] for member in members], self.truth, self.settings
        )
        return found


def _refuse_missing(
    runs: pd.DataFrame, predictions: Mapping[str, Mapping[str, np.ndarray]], folder: Path
) -> None:
    """Refuse runs without predictions; which splits those are of is the study's affair."""
    for run in runs.loc[runs["status"] == "ok", "run"]:
        if not predictions.get(run):
            raise InputError(
                f"{folder / PREDICTIONS} lacks predictions of the run {run!r}, or {RUNS} beside it"
                " is of other runs: remove both, and dvc repro makes them again."
            )


def _by_run(arrays: dict[str, np.ndarray]) -> dict[str, dict[str, np.ndarray]]:
    predictions: dict[str, dict[str, np.ndarray]] = {}
    for name, array in arrays.items():
        run, _, split = name.rpartition("/")
        predictions.setdefault(run, {})[split] = array
    return predictions
