"""Have Optuna keep the sample's runs: ``python make/optuna_runs.py FOLDER MORE``, with PYTHONPATH.

Run it where Optuna is installed, with PYTHONPATH at the folder of ``sample.py``. FOLDER gets a
journal and an SQLite storage, their names with Optuna's version; MORE gets two studies that hold
trials in every state.
"""

import sqlite3
import sys
from pathlib import Path

import optuna
from optuna.trial import TrialState
from sample import EPOCHS, FAILED, GRID, accuracy, loss

optuna.logging.set_verbosity(optuna.logging.ERROR)
MAJOR = optuna.__version__.split(".")[0]


def chosen(trial):
    return {
        "lr": trial.suggest_float("lr", 1e-4, 1.0, log=True),
        "dropout": trial.suggest_categorical("dropout", [None, 0.5]),
        "optimizer.name": trial.suggest_categorical("optimizer.name", ["adam", "sgd"]),
        "seed": trial.suggest_int("seed", 1, 3),
    }


def single(trial):
    """Train, reporting each epoch; the loss is an attribute."""
    run = chosen(trial)
    for epoch in range(EPOCHS):
        trial.report(accuracy(run, epoch), epoch)
        trial.set_user_attr("val_loss", loss(run, epoch))
        if run["lr"] == FAILED["lr"]:
            raise RuntimeError("diverged")
    return accuracy(run, EPOCHS - 1)


def double(trial):
    run = chosen(trial)
    if run["lr"] == FAILED["lr"]:
        raise RuntimeError("diverged")
    return accuracy(run, EPOCHS - 1), loss(run, EPOCHS - 1)


def queue(study):
    for run in (*GRID, FAILED):
        name = run["optimizer"]["name"]
        study.enqueue_trial({**run, "optimizer.name": name}, skip_if_exists=False)


def journal(path):
    if MAJOR == "3":
        from optuna.storages import JournalFileStorage as Backend
    else:
        from optuna.storages.journal import JournalFileBackend as Backend
    return optuna.storages.JournalStorage(Backend(str(path)))


def database(path):
    return optuna.storages.RDBStorage(f"sqlite:///{path}")


def states(storage):
    """Two studies that disagree on the direction, and trials in every state."""
    up = optuna.create_study(storage=storage, study_name="up", direction="maximize")
    down = optuna.create_study(storage=storage, study_name="down", direction="minimize")
    gone = optuna.create_study(storage=storage, study_name="gone", direction="minimize")
    gone.optimize(lambda trial: trial.suggest_float("x", 0, 1), n_trials=2)
    for study in (up, down):
        for number in range(4):
            trial = study.ask()
            width = trial.suggest_categorical("width", [64, 128, "auto", None])
            trial.suggest_int("layers", 1, 9, step=2)
            trial.suggest_float("momentum", 0.0, 0.9, step=0.1)
            if width is not None:
                trial.suggest_categorical("release", ["1.1", "1.10"])
            trial.set_user_attr("note", f"no. {number}")
            trial.set_user_attr("dataset", "letters")
            trial.set_user_attr("test_f1", 0.5 + number / 10)
            trial.report(0.25, 0)
            if number == 0:
                study.tell(trial, 0.75)
            elif number == 1:
                study.tell(trial, state=TrialState.PRUNED)
            elif number == 2:
                study.tell(trial, state=TrialState.FAIL)
        study.enqueue_trial({"width": 64})
    done = up.ask()
    done.suggest_int("layers", 1, 9, step=2)
    up.tell(done, float("inf"))
    optuna.delete_study(storage=storage, study_name="gone")


def main():
    folder, more = map(Path, sys.argv[1:])
    folder.mkdir(parents=True, exist_ok=True)
    more.mkdir(parents=True, exist_ok=True)
    study = optuna.create_study(
        storage=journal(folder / f"optuna{MAJOR}.log"), study_name="grid", direction="maximize"
    )
    study.set_metric_names(["val/accuracy"])
    queue(study)
    study.optimize(single, n_trials=len(GRID) + 1, catch=(RuntimeError,))
    study = optuna.create_study(
        storage=database(folder / f"optuna{MAJOR}.db"),
        study_name="grid",
        directions=["maximize", "minimize"],
    )
    study.set_metric_names(["val/accuracy", "val/loss"])
    queue(study)
    study.optimize(double, n_trials=len(GRID) + 1, catch=(RuntimeError,))
    states(journal(more / f"states{MAJOR}.log"))
    states(database(more / f"states{MAJOR}.db"))
    for path in (*folder.glob("*.db"), *more.glob("*.db")):
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA page_size = 1024")
        connection.execute("VACUUM")
        connection.close()


main()
