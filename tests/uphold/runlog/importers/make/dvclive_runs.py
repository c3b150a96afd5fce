"""Log the sample's runs with DVCLive: ``python make/dvclive_runs.py FOLDER``, in an empty folder.

Run it where DVCLive is installed and outside a repository, with PYTHONPATH at the folder of
``sample.py``. It keeps no state, so the run that failed would look like the others and is left out.
"""

import sys
from pathlib import Path

from dvclive import Live
from sample import EPOCHS, GRID, accuracy, loss

for number, run in enumerate(GRID):
    where = str(Path(sys.argv[1]) / f"run-{number}" / "dvclive")
    with Live(where, save_dvc_exp=False, dvcyaml=None, report=None) as live:
        live.log_params(run)
        for epoch in range(EPOCHS):
            live.log_metric("val/accuracy", accuracy(run, epoch))
            live.log_metric("val/loss", loss(run, epoch))
            live.next_step()
