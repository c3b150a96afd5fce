"""What several processes read is what one reads."""

from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.runlog.importers import each as module
from uphold.runlog.importers.each import each
from uphold.runlog.sources import read_runs

KEPT = Path(__file__).parent / "kept"
PLACES = ("wandb_runs/0.31", "lightning_csv/lightning_logs", "tensorboard_runs/torch",
          "mlflow_runs/mlruns2")  # fmt: skip


def read_one(item, notes):
    if item == 7:
        raise InputError("7 is damaged.")
    notes.append(f"note of {item}")
    return item * 2


@pytest.fixture
def several(monkeypatch):
    monkeypatch.setattr(module, "MANY", 2)
    monkeypatch.setattr(module, "AT_ONCE", 3)
    monkeypatch.setattr(module, "_processes", lambda: 2)


def test_all_is_read_in_order_with_its_notes(several):
    notes = []
    assert list(each(read_one, range(7), notes)) == [0, 2, 4, 6, 8, 10, 12]
    assert notes == [f"note of {i}" for i in range(7)]


def test_the_error_of_one_is_that_of_all(several):
    with pytest.raises(InputError, match=r"^7 is damaged\.$"):
        list(each(read_one, range(20), []))


@pytest.mark.parametrize("place", PLACES)
def test_folders_are_read_alike(several, place, monkeypatch):
    found = read_runs(KEPT / place)
    monkeypatch.setattr(module, "MANY", 10**9)
    one = read_runs(KEPT / place)
    assert found.table.equals(one.table) and found.notes == one.notes


def test_few_runs_are_read_here(monkeypatch):
    monkeypatch.setattr(module, "ProcessPoolExecutor", None)
    assert list(each(read_one, [1], [])) == [2]
