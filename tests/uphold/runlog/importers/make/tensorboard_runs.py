"""Log the sample's runs as event files: ``python tensorboard_runs.py FOLDER``.

In an environment with torch, tensorboard, tensorboardX and lightning, each of which writes them in
its own manner, to a folder of its own:

torch
    ``add_hparams`` at the end of a run, which puts settings into a folder below the run's. The run
    that failed has its settings and no end, as torch's own summaries of a session write them.
tensorboardx
    The same of tensorboardX, with scalars in the older form.
lightning
    Settings and the end of the session at the start of a run: it says nothing of how one ended.
"""

import socket
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from sample import EPOCHS, FAILED, GRID, accuracy, loss

socket.gethostname = lambda: "anywhere"  # it is part of the files' names
import tensorboardX  # noqa: E402
from lightning.pytorch.loggers import TensorBoardLogger  # noqa: E402
from torch.utils.tensorboard import SummaryWriter  # noqa: E402
from torch.utils.tensorboard.summary import hparams  # noqa: E402


def called(run: dict) -> str:
    """Return what a run's folder is called."""
    return f"lr-{run['lr']}-dropout-{run['dropout']}-seed-{run['seed']}"


def flat(run: dict) -> dict:
    """Return settings as they must be for torch: none within another, and no None."""
    return {
        "lr": run["lr"],
        "dropout": str(run["dropout"]) if run["dropout"] is None else run["dropout"],
        "optimizer.name": run["optimizer"]["name"],
        "seed": run["seed"],
    }


def results(run: dict, epoch: int) -> dict:
    """Return what is logged after an epoch."""
    return {"val/accuracy": accuracy(run, epoch), "val/loss": loss(run, epoch)}


def main(folder: Path) -> None:
    """Log every run in each manner."""
    for name, writer in (("torch", SummaryWriter), ("tensorboardx", tensorboardX.SummaryWriter)):
        for run in GRID:
            with writer(str(folder / name / called(run))) as log:
                for epoch in range(EPOCHS):
                    for tag, value in results(run, epoch).items():
                        if name == "torch":
                            log.add_scalar(tag, value, epoch, new_style=run["seed"] == 3)
                        else:
                            log.add_scalar(tag, value, epoch)
                log.add_hparams(flat(run), results(run, EPOCHS - 1))
        with SummaryWriter(str(folder / name / called(FAILED))) as log:
            session = hparams(flat(FAILED), dict.fromkeys(results(FAILED, 0), 0))
            for summary in session[:2]:
                log.file_writer.add_summary(summary)
            for tag, value in results(FAILED, 0).items():
                log.add_scalar(tag, value, 0)
    for i, run in enumerate(GRID):
        logger = TensorBoardLogger(folder, name="lightning", version=i)
        logger.log_hyperparams(run)
        for epoch in range(EPOCHS):
            logger.log_metrics(results(run, epoch), epoch)
        logger.finalize("success")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
