"""Log the sample's runs with Lightning's CSVLogger: ``python lightning_csv.py FOLDER``.

It keeps no state, so the run that failed would look like the others and is left out.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from lightning.pytorch.loggers import CSVLogger
from sample import EPOCHS, GRID, accuracy, loss


def main(folder: Path) -> None:
    """Log every run; a loss of training is logged at other steps than the validation."""
    for run in GRID:
        logger = CSVLogger(folder)
        logger.log_hyperparams(run)
        for epoch in range(EPOCHS):
            logger.log_metrics({"train_loss": loss(run, epoch) / 2, "epoch": epoch}, 10 * epoch)
            found = {"val/accuracy": accuracy(run, epoch), "val/loss": loss(run, epoch)}
            logger.log_metrics(found | {"epoch": epoch}, 10 * epoch + 9)
            logger.save()
        logger.finalize("success")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
