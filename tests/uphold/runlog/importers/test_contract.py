"""What every importer promises, on files that each tracker wrote itself."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from uphold.runlog.importers import NAMES, importers
from uphold.runlog.importers.imported import LEADING
from uphold.runlog.sources import knowing, read_runs

from .sample import EPOCHS, FAILED, GRID, accuracy, loss

KEPT = Path(__file__).parent / "kept"
RUN = {"hydra_runs": "*.log", "mlflow_runs": "params"}
"""What lies in a run's own folder, where not everything does."""
KINDS = ("config.", "metrics.", "tags.")


def places(name: str) -> list[Path]:
    """Return what an importer is tried on: all that lies in its folder of kept files."""
    return sorted(p for p in (KEPT / name).glob("*") if p.suffix != ".md")


EVERY = [(name, place) for name in NAMES for place in places(name)]


def column(table: pd.DataFrame, *names: str) -> pd.Series:
    """Return the one column whose name ends so: trackers write a slash or a dot between words."""
    ends = [n for n in table if any(n.split(".", 1)[-1] == name for name in names)]
    assert len(ends) == 1, (names, list(table))
    return table[ends[0]]


def test_every_importer_has_files_that_its_tracker_wrote():
    kept = {folder.name for folder in KEPT.iterdir() if (folder / "README.md").is_file()}
    assert set(NAMES) - kept == set()
    assert [name for name in NAMES if not places(name)] == []


@pytest.mark.parametrize(("name", "place"), EVERY)
def test_each_is_told_by_its_files_alone(name, place):
    assert knowing(place) == [dict(importers())[name]]


@pytest.mark.parametrize(
    ("name", "place"), [one for one in EVERY if one[1].is_dir() and one[0] != "tensorboard_runs"]
)
def test_event_files_beside_a_tracker_s_runs_are_told_and_change_nothing(name, place, tmp_path):
    here = shutil.copytree(place, tmp_path / place.name)
    alone = read_runs(here)
    of_a_run = min(path.parent for path in here.rglob(RUN.get(name, "*")))
    events = next(path for path in (KEPT / "tensorboard_runs").rglob("*tfevents*"))
    (of_a_run / "tb").mkdir()
    shutil.copy(events, of_a_run / "tb")
    both = read_runs(here)
    pd.testing.assert_frame_equal(both.table, alone.table)
    assert both.format == alone.format
    told = "TensorBoard's event files lie there too and were not read."
    assert list(both.notes) == [*alone.notes, told]


@pytest.mark.parametrize(("name", "place"), EVERY)
def test_the_runs_come_back_as_they_were(name, place):
    table = read_runs(place).table
    assert set(table) == {n for n in table if n in LEADING or n.startswith(KINDS)}
    done = table[table["state"] == "finished"] if "state" in table else table
    assert len(done) == len(GRID)
    keys = ("config.lr", "config.dropout", "config.seed")
    found = {tuple(row): i for i, row in zip(done.index, done[list(keys)].to_numpy(), strict=True)}
    for run in GRID:
        dropout = "None" if run["dropout"] is None else run["dropout"]
        row = done.loc[found[run["lr"], dropout, run["seed"]]].to_frame().T
        last = EPOCHS - 1
        assert column(row, "val/accuracy", "val_accuracy", "val.accuracy").item() == accuracy(
            run, last
        )
        assert column(row, "val/loss", "val_loss", "val.loss").item() == loss(run, last)
        assert row["config.optimizer.name"].item() == "adam"


@pytest.mark.parametrize(("name", "place"), EVERY)
def test_a_run_that_failed_is_told_from_those_that_are_finished(name, place):
    table = read_runs(place).table
    if "state" in table:
        (other,) = table[table["state"] != "finished"].to_dict("records")
        assert other["state"] in ("failed", "killed", "running")
        assert other["config.lr"] == FAILED["lr"]
