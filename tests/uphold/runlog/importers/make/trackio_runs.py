"""Log the sample's runs with trackio: ``python trackio_runs.py FOLDER`` where it is installed.

Of what it writes only the database is kept. Nothing is shown and nothing leaves the machine.
"""

import os
import shutil
import sqlite3
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from sample import EPOCHS, GRID, accuracy, loss

FOLDER = Path(sys.argv[1]).resolve()
FOLDER.mkdir(parents=True, exist_ok=True)
os.environ |= {
    "TRACKIO_DIR": str(FOLDER),
    "HF_HOME": str(FOLDER / "home"),
    "HF_HUB_OFFLINE": "1",
    "GRADIO_ANALYTICS_ENABLED": "False",
}
import trackio  # noqa: E402


def main() -> None:
    """Log the runs that were finished: trackio keeps no state, so another would look like them."""
    for run in GRID:
        trackio.init(
            project="sample",
            name=f"lr {run['lr']}, dropout {run['dropout']}, seed {run['seed']}",
            group="grid",
            config=run,
        )
        for epoch in range(EPOCHS):
            trackio.log({"val/accuracy": accuracy(run, epoch), "val/loss": loss(run, epoch)})
        trackio.finish()
    database = sqlite3.connect(FOLDER / "sample.db")
    database.execute("PRAGMA page_size = 512")
    database.execute("VACUUM INTO ?", (str(FOLDER / "small.db"),))


if __name__ == "__main__":
    main()
    (FOLDER / "small.db").replace(FOLDER / "sample.db")
    for path in FOLDER.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.suffix != ".db":
            path.unlink()
    os._exit(0)  # an old trackio's server, which would write again when it ends
