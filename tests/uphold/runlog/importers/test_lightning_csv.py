import shutil
from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.runlog.importers.last_values import AT_ONCE
from uphold.runlog.importers.lightning_csv import is_it, read

from .damage import left_out, read_damaged
from .sample import EPOCHS, GRID, loss

KEPT = Path(__file__).parent / "kept" / "lightning_csv" / "lightning_logs"


@pytest.fixture
def logs(tmp_path):
    for name in ("version_2", "version_10"):
        shutil.copytree(KEPT / name, tmp_path / "lightning_logs" / name)
    return tmp_path / "lightning_logs"


def test_a_run_its_folder_and_the_one_above_are_told(logs):
    assert read(logs).table["run"].tolist() == ["version_2", "version_10"]
    assert read(logs.parent).table["run"][0] == "lightning_logs/version_2"
    assert read(logs / "version_2").table["run"].tolist() == ["version_2"]
    assert all(map(is_it, (logs, logs.parent, logs / "version_2")))
    assert not is_it(logs / "version_2" / "metrics.csv")


def test_the_last_value_of_each_column_is_the_result(logs):
    row = read(logs).table.iloc[0]
    assert row["metrics.train_loss"] == loss(GRID[2], EPOCHS - 1) / 2
    assert "metrics.step" not in row.index
    assert "metrics.epoch" not in row.index


def test_a_long_table_is_read_by_portions(logs):
    path = logs / "version_2" / "metrics.csv"
    lines = ["a,b", "0.5,", *[",1"] * (2 * AT_ONCE), ",2"]
    path.write_text("\n".join([*lines, ""]))
    row = read(logs).table.iloc[0]
    assert (row["metrics.a"], row["metrics.b"]) == (0.5, 2)
    path.write_text("\n".join([*lines, "1", ""]))
    left_out(read(logs), f"line {2 * AT_ONCE + 4} has 1 cells, not 2")


def test_a_last_line_that_is_cut_is_left_out_and_noted(logs):
    path = logs / "version_2" / "metrics.csv"
    path.write_bytes(path.read_bytes()[:-4])
    found = read(logs)
    assert found.table["metrics.val/loss"][0] == loss(GRID[2], EPOCHS - 2)
    assert found.notes == (f"The last line of {path} is cut: it was left out.",)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (b"\n1,10,", b"\n1,10", r"line 4 has 4 cells, not 5\. Copy"),
        (b"2,29,,0", b"2,29,,x", r"line 7 has 'x\.\d+' in 'val/accuracy'\. Copy"),
        (b"1,10", b"\xff,10", "byte .* is no text in UTF-8"),
        (b"1,10", b'"1"2,10', "expected after"),
    ],
)
def test_damage_is_named_by_its_line(logs, old, new, what):
    path = logs / "version_2" / "metrics.csv"
    data = path.read_bytes()
    assert old in data
    path.write_bytes(data.replace(old, new))
    left_out(read(logs), rf"metrics\.csv is damaged: .*({what})")


def test_a_run_without_results_is_left_out_and_named(logs):
    (logs / "version_2" / "metrics.csv").unlink()
    found = read(logs)
    assert found.table["run"].tolist() == ["version_10"]
    assert "version_2/hparams.yaml stands without metrics.csv" in found.notes[0]
    (logs / "version_10" / "hparams.yaml").rename(logs / "kept")
    with pytest.raises(InputError, match=r"no run that can be read: .*stands without"):
        read(logs)
    (logs / "kept").rename(logs / "version_10" / "hparams.yaml")
    (logs / "version_10" / "metrics.csv").write_bytes(b"")
    assert read(logs / "version_10").table["config.lr"].tolist() == [0.01]
    with pytest.raises(InputError, match=r"no run that can be read: .*stands without"):
        read(logs / "version_2")


@pytest.mark.parametrize("name", ["metrics.csv", "hparams.yaml"])
def test_any_damage_is_told_or_leaves_what_can_be_read(logs, name):
    done, refused = read_damaged(logs / "version_2" / name, logs, is_it, read)
    assert min(done, refused) > 50
