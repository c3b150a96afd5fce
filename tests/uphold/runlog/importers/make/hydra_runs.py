"""Run the sample as a Hydra multirun: ``python make/hydra_runs.py -m PAIRS``, in an empty folder.

Run it where hydra-core is installed, with PYTHONPATH at the folder of ``sample.py``. Called without
words it calls itself once for each of the sample's runs that share all but the seed, and once for
the run that fails. ``KIND=csv`` has the jobs write a row an epoch, ``KIND=lightning`` has them log
with Lightning's CSVLogger; else they write what came last.
"""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import hydra
from hydra.core.hydra_config import HydraConfig
from omegaconf import OmegaConf
from sample import EPOCHS, FAILED, GRID, accuracy, loss

CONFIG = """\
lr: 1.0
dropout: null
optimizer:
  name: adam
seed: 1
hydra:
  sweep:
    dir: multirun/grid
    subdir: ${lr}-${dropout}-${seed}
"""


@hydra.main(version_base=None, config_path=".", config_name="config")
def train(config):
    run = OmegaConf.to_container(config)
    folder = Path(HydraConfig.get().runtime.output_dir)
    rows = [
        {"epoch": e, "val_accuracy": accuracy(run, e), "val_loss": loss(run, e)}
        for e in range(EPOCHS)
    ]
    if run["lr"] == FAILED["lr"]:
        raise RuntimeError("diverged")
    if os.environ.get("KIND") == "csv":
        with (folder / "metrics.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    elif os.environ.get("KIND") == "lightning":
        from lightning.pytorch.loggers import CSVLogger

        logger = CSVLogger(folder)
        logger.log_hyperparams({"lr": run["lr"]})
        for row in rows:
            logger.log_metrics({"train_loss": row["val_loss"] / 2}, 10 * row["epoch"])
            logger.log_metrics(row, 10 * row["epoch"] + 9)
        logger.finalize("success")
    else:
        last = {"val": {"accuracy": rows[-1]["val_accuracy"], "loss": rows[-1]["val_loss"]}}
        (folder / "metrics.json").write_text(json.dumps({**last, "checkpoint": "best.pt"}))


def main():
    Path("config.yaml").write_text(CONFIG)
    failing = [] if os.environ.get("KIND") else [FAILED]
    for run in [r for r in GRID if r["seed"] == 1] + failing:
        dropout = "null" if run["dropout"] is None else run["dropout"]
        seeds = "1" if run is FAILED else "1,2,3"
        words = [f"lr={run['lr']}", f"dropout={dropout}", f"seed={seeds}"]
        told = [sys.executable, Path(__file__).name, "-m", *words]
        subprocess.run(told, check=run is not FAILED)
    for file in Path("multirun").rglob("*.*"):
        if file.is_file():
            text = file.read_text().replace(str(Path.cwd()), "/runs").replace(sys.prefix, "/env")
            file.write_text(text)


if sys.argv[1:]:
    train()
else:
    main()
