"""Have Ray Tune keep the sample's runs: ``python make/ray_tune_runs.py FOLDER NAME``.

Run it where ``ray[tune]`` is installed, with PYTHONPATH at the folder of ``sample.py``. Pickles,
event files and checkpoints are thrown away, and what Ray notes of the machine is written over, but
for what stands in pickles: so let FOLDER be one that tells nothing, such as /tmp/runs.
"""

import os
import re
import shutil
import socket
import sys
from pathlib import Path

import ray
from ray import tune
from ray.tune.search import BasicVariantGenerator
from sample import EPOCHS, FAILED, GRID, accuracy, loss

try:
    from ray.tune import RunConfig, report
except ImportError:  # as it was before Ray 2.43
    from ray.train import RunConfig, report

FOLDER, NAME = Path(sys.argv[1]).resolve(), sys.argv[2]
KEPT = ("experiment_state-*.json", "params.json", "result.json", "progress.csv", "error.txt")
SPACE = {
    "lr": tune.choice([0.001, 0.01, 0.1]),
    "dropout": tune.choice([None, 0.5]),
    "optimizer": {"name": "adam"},
    "seed": tune.choice([1, 2, 3]),
}


def train(config):
    for epoch in range(EPOCHS):
        report({"val_accuracy": accuracy(config, epoch), "val_loss": loss(config, epoch)})
        if config["lr"] == FAILED["lr"]:
            raise RuntimeError("diverged")


def main():
    ray.init(num_cpus=2, include_dashboard=False)
    runs = [{k: run[k] for k in ("lr", "dropout", "seed")} for run in (*GRID, FAILED)]
    tune.Tuner(
        train,
        param_space=SPACE,
        tune_config=tune.TuneConfig(
            search_alg=BasicVariantGenerator(points_to_evaluate=runs), num_samples=len(runs)
        ),
        run_config=RunConfig(name=NAME, storage_path=str(FOLDER)),
    ).fit()
    where = FOLDER / NAME
    kept = {file for pattern in KEPT for file in where.rglob(pattern)}
    for file in where.rglob("*"):
        if file.is_file() and file not in kept:
            file.unlink()
        elif file.is_file():
            file.write_text(neutral(file.read_text()))
    for folder in [f for f in where.rglob("checkpoint_*") if f.is_dir()]:
        shutil.rmtree(folder)


def neutral(text):
    """Return a text without what it tells of the machine."""
    places = {str(FOLDER): "/runs", sys.prefix: "/env", str(Path(__file__).parent): "/scripts"}
    for place, other in places.items():
        text = text.replace(place, other)
    text = text.replace(str(Path.home()), "/home").replace(socket.gethostname(), "host")
    text = re.sub(rf"/tmp/[^\"\s]*|{re.escape(os.sep)}root[^\"\s]*", "/tmp", text)
    return re.sub(r"\b\d+\.\d+\.\d+\.\d+\b", "127.0.0.1", text)


main()
