"""Log the sample's runs with W&B: ``python wandb_runs.py FOLDER`` in an environment with wandb.

Of what it writes only what the importer reads is kept: each run's log, its configuration and
summary. No machine is named: where W&B offers no switch, its settings are given.
"""

import os
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from sample import EPOCHS, FAILED, GRID, accuracy, loss

QUIET = {
    "MODE": "offline",
    "SILENT": "true",
    "CONSOLE": "off",
    "DISABLE_CODE": "true",
    "DISABLE_GIT": "true",
    "USERNAME": "anyone",
    "HOST": "anywhere",
    "PROGRAM": "train.py",
    "_DISABLE_META": "true",
    "_DISABLE_STATS": "true",
    "X_DISABLE_META": "true",
    "X_DISABLE_STATS": "true",
}
os.environ |= {f"WANDB_{name}": value for name, value in QUIET.items()}
import wandb  # noqa: E402


def main(folder: Path) -> None:
    """Log every run, and keep what the importer reads."""
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    for i, run in enumerate([*GRID, FAILED]):
        logged = wandb.init(
            project="sample",
            config=run,
            id=f"sample{i:02}",
            name=f"lr {run['lr']}, seed {run['seed']}",
            group="grid",
            tags=["sample", f"seed-{run['seed']}"],
        )
        for epoch in range(EPOCHS if run is not FAILED else 1):
            found = {"val/accuracy": accuracy(run, epoch), "val/loss": loss(run, epoch)}
            logged.log(found | {"train": {"loss": loss(run, epoch) / 2}})
        logged.finish(exit_code=int(run is FAILED))
    for path in folder.glob("wandb/*"):
        if path.is_symlink() or path.is_file():
            path.unlink()
    for path in folder.glob("wandb/*/*"):
        if path.is_dir():
            for name in path.iterdir():
                if name.name not in ("config.yaml", "wandb-summary.json"):
                    shutil.rmtree(name) if name.is_dir() else name.unlink()
            if path.name != "files":
                shutil.rmtree(path)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
