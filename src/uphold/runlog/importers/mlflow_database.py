"""MLflow's SQLite database (`mlflow.db`) → its runs.

The tables are those of
https://github.com/mlflow/mlflow/blob/master/mlflow/store/tracking/dbmodels/models.py.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from uphold.errors import InputError
from uphold.runlog.importers.databases import opened
from uphold.runlog.importers.mlflow_store import OWN_TAGS, Store

TELLING = frozenset({"experiments", "runs", "latest_metrics"})
"""Tables by which such a database is known."""

_NEEDED = {
    "experiments": ("experiment_id", "name", "lifecycle_stage"),
    "runs": ("run_uuid", "name", "status", "lifecycle_stage", "experiment_id"),
    "params": ("run_uuid", "key", "value"),
    "latest_metrics": ("run_uuid", "key", "value", "is_nan"),
    "tags": ("run_uuid", "key", "value"),
}
_INFINITE = 1.7976931348623157e308
"""What MLflow keeps of an infinite metric, with its sign."""


def read_database(path: Path) -> Store:
    """Return all that a database holds of runs.

    Raises
    ------
    InputError
        The database cannot be read, or its schema is another one.
    """
    with opened(path) as database:
        version = database.version("alembic_version", "version_num")
        database.demand(_NEEDED, "MLflow's database", "MLflow 2 and 3", version)
        runs = database.select(
            "SELECT run_uuid AS run, runs.name AS name, experiments.name AS 'group', status,"
            " runs.lifecycle_stage IS 'deleted' OR experiments.lifecycle_stage IS 'deleted'"
            " AS deleted FROM runs LEFT JOIN experiments USING (experiment_id)"
        )
        parameters = database.select("SELECT run_uuid AS run, key AS name, value FROM params")
        metrics = database.select(
            "SELECT run_uuid AS run, key AS name, value, is_nan FROM latest_metrics"
        )
        own = ", ".join(f"'{name}'" for name in OWN_TAGS)
        tags = database.select(
            "SELECT run_uuid AS run, key AS name, value FROM tags"
            f" WHERE key NOT LIKE 'mlflow.%' OR key IN ({own})"
        )
    values = pd.to_numeric(metrics["value"], errors="coerce").astype(float).to_numpy(copy=True)
    if np.isnan(values).any():
        raise InputError(
            f"{path} is damaged: a metric in it is no number. Copy it again from where it was"
            " written."
        )
    values[values >= _INFINITE] = np.inf
    values[values <= -_INFINITE] = -np.inf
    values[metrics["is_nan"].astype(bool).to_numpy()] = np.nan
    return Store(runs, parameters, metrics.assign(value=values).drop(columns="is_nan"), tags)
