"""Optuna's SQLite storage (`optuna.storages.RDBStorage`) → its trials.

The tables are those of
https://github.com/optuna/optuna/blob/master/optuna/storages/_rdb/models.py.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from uphold.errors import InputError
from uphold.runlog.importers.databases import Database, opened
from uphold.runlog.importers.json_text import json_of
from uphold.runlog.importers.optuna_trials import (
    METRIC_NAMES,
    Direction,
    Study,
    Trials,
    decoder,
    scale_of,
)

TELLING = frozenset({"studies", "trials", "trial_params"})
"""Tables by which such a database is known."""

_NEEDED = {
    "studies": ("study_id", "study_name"),
    "study_directions": ("study_id", "direction", "objective"),
    "study_system_attributes": ("study_id", "key", "value_json"),
    "trials": ("trial_id", "number", "study_id", "state"),
    "trial_params": ("trial_id", "param_name", "param_value", "distribution_json"),
    "trial_values": ("trial_id", "objective", "value", "value_type"),
    "trial_user_attributes": ("trial_id", "key", "value_json"),
}
_BETTER: dict[str, Direction] = {"MINIMIZE": "lower", "MAXIMIZE": "higher"}
_INFINITE = {"INF_POS": np.inf, "INF_NEG": -np.inf}


def read_database(path: Path) -> Trials:
    """Return all that a storage holds.

    Raises
    ------
    InputError
        The database cannot be read, or its schema is another one.
    """
    with opened(path) as database:
        version = database.version("version_info", "library_version")
        database.demand(_NEEDED, "Optuna's storage", "Optuna 3 to 5", version)
        try:
            return _trials(database, str(path))
        except (ValueError, TypeError, OverflowError, KeyError) as error:
            raise InputError(
                f"{path} is damaged: a value in it is none that Optuna writes ({error}). Copy it"
                " again from where it was written."
            ) from None


def _trials(database: Database, source: str) -> Trials:
    trials = database.select("SELECT trial_id AS run, study_id AS study, number, state FROM trials")
    if trials["run"].duplicated().any():
        raise ValueError("two trials with one id")
    trials = trials.assign(number=pd.to_numeric(trials["number"]).astype(int))
    parameters = database.select(
        "SELECT trial_id AS run, param_name AS name, param_value AS value, distribution_json"
        " FROM trial_params"
    )
    code, distributions = pd.factorize(parameters["distribution_json"])
    decoders = [decoder(str(text), source) for text in distributions]
    scales = [scale_of(str(text)) for text in distributions]
    if (code < 0).any():
        raise ValueError("a parameter without a distribution")
    values = [decoders[at](value) for at, value in zip(code, parameters["value"], strict=True)]
    results = database.select(
        "SELECT trial_id AS run, objective AS name, value, value_type FROM trial_values"
    )
    infinite = results["value_type"].map(_INFINITE)
    return Trials(
        _studies(database, source),
        trials,
        parameters.assign(value=pd.Series(values, dtype=object))[["run", "name", "value"]],
        results.assign(value=infinite.fillna(pd.to_numeric(results["value"])))[
            ["run", "name", "value"]
        ],
        _attributes(database, source),
        {
            str(name): scale
            for name, at in zip(parameters["name"], code, strict=True)
            if (scale := scales[at]) is not None
        },
    )


def _studies(database: Database, source: str) -> dict[int, Study]:
    studies = {
        key: Study(str(name), [])
        for key, name in database.select(
            "SELECT study_id, study_name FROM studies ORDER BY study_id"
        ).itertuples(index=False, name=None)
    }
    directions = database.select(
        "SELECT study_id, direction FROM study_directions ORDER BY study_id, objective"
    )
    for key, direction in directions.itertuples(index=False, name=None):
        if key in studies:
            studies[key].better.append(_BETTER.get(direction))
    named = database.select("SELECT study_id, key, value_json FROM study_system_attributes")
    for key, attribute, text in named.itertuples(index=False, name=None):
        if attribute == METRIC_NAMES and key in studies:
            names = json_of(str(text), f"{source}: {METRIC_NAMES}")
            studies[key].metrics = names if isinstance(names, list) else None
    return studies


def _attributes(database: Database, source: str) -> pd.DataFrame:
    found = database.select(
        "SELECT trial_id AS run, key AS name, value_json AS value FROM trial_user_attributes"
    )
    code, texts = pd.factorize(found["value"])
    known = [json_of(str(text), f"{source}: an attribute of a trial") for text in texts]
    return found.assign(value=pd.Series([known[at] for at in code], dtype=object))
