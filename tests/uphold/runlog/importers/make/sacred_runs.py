"""Have Sacred keep the sample's runs: ``python make/sacred_runs.py FOLDER``.

Run it where Sacred is installed, with PYTHONPATH at the folder of ``sample.py``. What Sacred notes
of the machine is not asked for, and the place of the script is written over.
"""

import contextlib
import json
import sys
from pathlib import Path

from sacred import SETTINGS, Experiment
from sacred.observers import FileStorageObserver
from sample import EPOCHS, FAILED, GRID, accuracy, loss

SETTINGS.HOST_INFO.INCLUDE_GPU_INFO = False
SETTINGS.HOST_INFO.INCLUDE_CPU_INFO = False
SETTINGS.CAPTURE_MODE = "no"
FOLDER = Path(sys.argv[1])

experiment = Experiment(
    "grid", save_git_info=False, base_dir=str(Path.cwd()), additional_host_info=[]
)
experiment.observers.append(FileStorageObserver(FOLDER, copy_sources=False))
experiment.add_config({**GRID[0], "layers": (64, 32)})


@experiment.main
def train(_run, _config):
    for epoch in range(EPOCHS):
        _run.log_scalar("val/accuracy", accuracy(_config, epoch), epoch)
        _run.log_scalar("val/loss", loss(_config, epoch), epoch)
        if _config["lr"] == FAILED["lr"]:
            raise RuntimeError("diverged")
    _run.info["epochs run"] = EPOCHS
    return {"test": {"accuracy": accuracy(_config, EPOCHS - 1) - 0.05}}


for run in (*GRID, FAILED):
    with contextlib.suppress(RuntimeError):
        experiment.run(config_updates=run)


def neutral(value):
    """Return a value without what it tells of the machine."""
    if isinstance(value, dict):
        return {
            key: "host" if key == "hostname" else ["Linux"] if key == "os" else neutral(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [neutral(inner) for inner in value if "site-packages" not in str(inner)]
    return value.replace(str(Path.cwd()), "/runs") if isinstance(value, str) else value


for file in FOLDER.glob("*/run.json"):
    told = neutral(json.loads(file.read_text()))
    file.write_text(json.dumps(told, sort_keys=True, indent=2))
