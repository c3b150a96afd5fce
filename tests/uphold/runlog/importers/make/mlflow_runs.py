"""Have MLflow keep the sample's runs: ``python make/mlflow_runs.py STORE [more] [trim]``.

STORE is a file ``….db`` or a folder. Run it where MLflow is installed, with PYTHONPATH at the
folder of ``sample.py``, and with LOGNAME=someone: MLflow notes who ran what. With ``more`` the
store gets two experiments with runs in every state instead; with ``trim`` a database loses the
tables that hold nothing of runs. The place of the store is written over where MLflow notes it.
"""

import os
import sqlite3
import sys
from pathlib import Path

os.environ.update(MLFLOW_ALLOW_FILE_STORE="true", GIT_PYTHON_REFRESH="quiet")
import mlflow
from mlflow.tracking import MlflowClient
from sample import EPOCHS, FAILED, GRID, accuracy, loss


def sample():
    mlflow.set_experiment("grid")
    for run in (*GRID, FAILED):
        name = f"lr{run['lr']}-{run['seed']}"
        try:
            with mlflow.start_run(run_name=name, tags={"team": "blue"}):
                flat = {key: run[key] for key in ("lr", "dropout", "seed")}
                mlflow.log_params({**flat, "optimizer.name": run["optimizer"]["name"]})
                for epoch in range(EPOCHS):
                    mlflow.log_metric("val/accuracy", accuracy(run, epoch), step=epoch)
                    mlflow.log_metric("val/loss", loss(run, epoch), step=epoch)
                    if run is FAILED:
                        raise RuntimeError("diverged")
        except RuntimeError:
            pass


def more():
    """Parents, deleted runs, an experiment that was deleted, and values of every kind."""
    client = MlflowClient()
    mlflow.set_experiment("sweep")
    with mlflow.start_run(run_name="sweep of lr"):
        for number in range(3):
            with mlflow.start_run(run_name=f"child {number}", nested=True):
                mlflow.log_params(
                    {"lr": f"1e-{number + 1}", "release": ["1.1", "1.10"][number % 2]}
                )
                mlflow.log_params({"amp": number > 0, "layers": [number, None][number == 2]})
                mlflow.log_metric("f1", 0.5 + number / 10)
                mlflow.log_metric("f1", 0.25, step=-1)
                mlflow.log_metric("worst", [float("inf"), -float("inf"), float("nan")][number])
    mlflow.set_experiment("others")
    with mlflow.start_run(run_name="kept"):
        mlflow.log_params({"lr": 0.5, "text": "a\nb", "empty": ""})
        mlflow.log_metric("f1", 0.9)
    experiment = client.get_experiment_by_name("others").experiment_id
    client.create_run(experiment, run_name="begun")
    killed = client.create_run(experiment, run_name="killed")
    client.set_terminated(killed.info.run_id, "KILLED")
    gone = client.create_run(experiment, run_name="deleted")
    client.delete_run(gone.info.run_id)
    mlflow.set_experiment("deleted")
    with mlflow.start_run():
        mlflow.log_metric("f1", 0.1)
    client.delete_experiment(client.get_experiment_by_name("deleted").experiment_id)


OF_RUNS = ("alembic_version", "experiments", "runs", "params", "metrics", "latest_metrics", "tags")


def clean_database(path, trim):
    database = sqlite3.connect(path, isolation_level=None)
    here = str(Path.cwd())
    for table, column in (("experiments", "artifact_location"), ("runs", "artifact_uri")):
        database.execute(f"UPDATE {table} SET {column} = replace({column}, ?, '/runs')", (here,))
    if trim:
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        database.execute("PRAGMA foreign_keys = OFF")
        for (table,) in tables:
            if table not in OF_RUNS:
                database.execute(f'DROP TABLE "{table}"')
    database.execute("PRAGMA page_size = 512")
    database.execute("VACUUM")
    database.close()


def clean_folder(path):
    here = str(Path.cwd())
    for file in path.rglob("meta.yaml"):
        file.write_text(file.read_text().replace(here, "/runs"))


store = sys.argv[1]
is_database = store.endswith(".db")
mlflow.set_tracking_uri(f"sqlite:///{store}" if is_database else store)
more() if "more" in sys.argv else sample()
if is_database:
    clean_database(store, "trim" in sys.argv)
else:
    clean_folder(Path(store))
