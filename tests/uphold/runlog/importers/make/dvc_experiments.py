"""Have DVC keep the sample's runs: ``python make/dvc_experiments.py FILE``, in an empty folder.

Run it where git, DVC and DVCLive are installed, with PYTHONPATH at the folder of ``sample.py``. It
lays out a repository in which each run is an experiment; FILE gets what ``dvc exp show --json``
says of them, the place of the repository written over. As the script of the one stage, it is
called without a file.
"""

import subprocess
import sys
import time
from pathlib import Path

import yaml
from sample import EPOCHS, FAILED, GRID, accuracy, loss

PIPELINE = """\
stages:
  train:
    cmd: python {script}
    params: [lr, dropout, optimizer, seed]
    metrics:
      - dvclive/metrics.json:
          cache: false
"""


def train():
    from dvclive import Live

    run = yaml.safe_load(Path("params.yaml").read_text())
    with Live(save_dvc_exp=False, dvcyaml=None, monitor_system=False) as live:
        for epoch in range(EPOCHS):
            live.log_metric("val/accuracy", accuracy(run, epoch))
            live.log_metric("val/loss", loss(run, epoch))
            live.next_step()
            if run["lr"] == FAILED["lr"]:
                raise RuntimeError("diverged")


def call(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def main(file):
    call("git", "init", "-q", "-b", "main")
    call("dvc", "init", "-q")
    call("dvc", "config", "core.analytics", "false")
    Path("params.yaml").write_text(yaml.safe_dump({**GRID[0], "lr": 1.0}))
    Path("dvc.yaml").write_text(PIPELINE.format(script=Path(__file__).name))
    Path(".gitignore").write_text("__pycache__\n")
    call("git", "add", ".")
    call("git", "commit", "-q", "-m", "A stage")
    for number, run in enumerate(GRID):
        call("dvc", "exp", "run", "--name", f"run-{number}", *changes(run))
    call("dvc", "exp", "run", "--queue", "--name", "failed", *changes(FAILED))
    call("dvc", "queue", "start")
    while "Running" in (told := call("dvc", "queue", "status")) or "Queued" in told:
        time.sleep(2)
    shown = call("dvc", "exp", "show", "--json")
    Path(file).write_text(shown.replace(str(Path.cwd()), "/runs"))


def changes(run):
    dropout = "null" if run["dropout"] is None else run["dropout"]
    pairs = {"lr": run["lr"], "dropout": dropout, "seed": run["seed"]}
    return [word for key, value in pairs.items() for word in ("-S", f"{key}={value}")]


if sys.argv[1:]:
    main(sys.argv[1])
else:
    train()
