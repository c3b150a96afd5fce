import json
import math
import shutil
from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.runlog.importers.framing import leveldb
from uphold.runlog.importers.wandb_runs import HEADER, is_it, read
from uphold.runlog.sources import knowing

from . import encoded
from .damage import flips_are_told, left_out, read_damaged
from .encoded import message
from .sample import EPOCHS, GRID, loss

KEPT = Path(__file__).parent / "kept" / "wandb_runs"
VERSIONS = ["0.13", "0.31"]
FOLDER = "offline-run-20260101_000000-"
HISTORY, SUMMARY, CONFIG, RUN, EXIT = 2, 3, 5, 17, 18


@pytest.fixture(params=VERSIONS)
def runs(tmp_path, request):
    """Return a project's folder with two runs that one version wrote."""
    wandb = KEPT / request.param / "wandb"
    for number in ("03", "12"):
        (folder,) = wandb.glob(f"*sample{number}")
        shutil.copytree(folder, tmp_path / "wandb" / folder.name)
    return tmp_path


def log_of(runs: Path, number: str) -> Path:
    (log,) = runs.rglob(f"run-sample{number}.wandb")
    return log


def item(key: str, value: object) -> bytes:
    return message((1, key), (16, json.dumps(value)))


def made(root: Path, name: str, *records: tuple[int, bytes], log: bool = True) -> Path:
    """Write a run's folder by hand; its records are a number and a message each."""
    folder = root / "wandb" / f"{FOLDER}{name}"
    (folder / "files").mkdir(parents=True)
    run = message((1, name), (4, message((1, item("lr", 0.1)))))
    framed = encoded.leveldb([message(r) for r in [(RUN, run), *records]], HEADER)
    if log:
        (folder / f"run-{name}.wandb").write_bytes(framed)
    return folder


def test_a_project_a_folder_of_runs_a_run_and_its_log_are_told(runs):
    log = log_of(runs, "03")
    both, one = read(runs).table, read(log).table
    assert list(both["run"]) == ["sample03", "sample12"]
    assert read(runs / "wandb").table.equals(both)
    assert read(log.parent).table.equals(one)
    assert one.iloc[0].equals(both.iloc[0][one.columns].astype(one.iloc[0].dtype))
    assert all(map(is_it, (runs, runs / "wandb", log.parent, log)))
    assert not knowing(runs / "wandb" / "nothing")


def test_nested_metrics_have_dots_and_wandbs_own_are_left_out(runs):
    row = read(runs).table.iloc[0]
    assert row["metrics.train.loss"] == loss(GRID[3], EPOCHS - 1) / 2
    assert row["group"] == "grid"
    assert row["tags.tags"] == "sample, seed-1"
    assert not [name for name in row.index if "_" in name]


def test_a_run_without_its_exit_is_running_and_a_cut_is_noted(runs):
    log = log_of(runs, "03")
    data = log.read_bytes()
    *records, _ = leveldb(data, len(HEADER), log)
    whole = [r for r in records if r is not None and message((EXIT, b""))[:2] not in r[:8]]
    log.write_bytes(encoded.leveldb(whole[:6], HEADER))
    found = read(runs)
    assert found.table["state"].tolist() == ["running", "failed"]
    assert found.notes == ()
    log.write_bytes(data[: len(data) // 2])
    found = read(runs)
    assert found.table["state"].tolist() == ["running", "failed"]
    assert found.table.iloc[0]["config.lr"] == 0.001
    (note,) = found.notes
    assert (
        note == f"The last record of {log} is cut: its run has no end there and counts as running."
    )


def test_a_log_that_ends_before_its_run_is_left_out_and_named(runs):
    log = log_of(runs, "03")
    log.write_bytes(log.read_bytes()[:30])
    found = read(runs)
    assert found.table["run"].tolist() == ["sample12"]
    assert found.notes == (f"{log} ends before its run begins: it was left out.",)
    with pytest.raises(InputError, match=r"no run that can be read: .*03\.wandb ends before"):
        read(log.parent)


def test_damage_in_the_middle_is_named_with_its_file(runs):
    log = log_of(runs, "03")
    data = bytearray(log.read_bytes())
    data[200] ^= 8
    log.write_bytes(data)
    left_out(read(runs), r"sample03\.wandb is damaged at byte .* move its run")


def test_a_run_without_a_log_two_with_one_id_and_another_log_are_named(runs):
    log = log_of(runs, "03")
    other = log.parent.with_name(f"{FOLDER}again")
    shutil.copytree(log.parent, other)
    with pytest.raises(InputError, match=r"two runs with the id 'sample03'.* move the one"):
        read(runs)
    (other / log.name).write_bytes(b"something else")
    left_out(read(runs), r"sample03\.wandb is no log of W&B .* Move its run")
    (other / log.name).unlink()
    assert is_it(other)
    left_out(read(runs), f"{other.name} is the folder .* without its log.* move")


def test_a_record_that_is_none_is_named_by_its_number(tmp_path):
    made(tmp_path, "a", (HISTORY, b"\x0a\x7f"))
    with pytest.raises(InputError, match=r"run-a\.wandb: its record 2 is none of a run"):
        read(tmp_path)


def test_a_value_that_is_no_json_is_named_by_its_key(tmp_path):
    made(tmp_path, "a", (HISTORY, message((1, message((1, "loss"), (16, "0.1.2"))))))
    with pytest.raises(InputError, match=r"run-a\.wandb, the value of loss is not whole JSON"):
        read(tmp_path)


def test_the_summary_is_the_result_and_the_history_where_it_is_silent(tmp_path):
    rows = [
        message(*((1, item(k, v)) for k, v in row))
        for row in [[("acc", 0.9), ("loss", 0.1), ("gone", 1)], [("acc", 0.8)]]
    ]
    summary = message((1, item("acc", {"max": 0.9})), (1, item("best", 3)), (1, item("x", 1)))
    removed = message((2, message((1, "x"))))
    made(tmp_path, "a", *((HISTORY, row) for row in rows), (SUMMARY, summary), (SUMMARY, removed))
    row = read(tmp_path).table.iloc[0]
    results = {name: row[name] for name in row.index if name.startswith("metrics.")}
    assert results == {
        "metrics.acc.max": 0.9,
        "metrics.loss": 0.1,
        "metrics.gone": 1,
        "metrics.best": 3,
    }


def test_every_form_of_a_value_is_read(tmp_path):
    typed = [
        message((1, "none"), (3, 0)),
        message((1, "yes"), (4, 1)),
        message((1, "whole"), (5, 5)),
        message((1, "number"), (6, 0.25)),
        message((1, "word"), (7, "é")),
        message((1, "nested"), (8, '{"a": [1, null], "b": {}}')),
        message((2, "deep"), (2, "er"), (16, "2")),
        message((1, "k" * 200), (16, "1")),
        message((1, "l" * 200), (16, '"' + "v" * 200 + '"')),
    ]
    made(tmp_path, "a", (CONFIG, message(*((1, one) for one in typed))))
    row = read(tmp_path).table.iloc[0]
    assert {name[7:]: row[name] for name in row.index if name.startswith("config.")} == {
        "lr": 0.1,
        "none": "None",
        "yes": True,
        "whole": -3,
        "number": 0.25,
        "word": "é",
        "nested.a": "[1, None]",
        "nested.b": "{}",
        "deep.er": 2,
        "k" * 200: 1,
        "l" * 200: "v" * 200,
    }


def test_pictures_are_no_results_and_texts_are_tags(tmp_path):
    values = {"nan": "NaN", "top": "Infinity", "said": "well", "table": {"_type": "x", "rows": 3}}
    flat = [
        message((2, "hist"), (2, "_type"), (16, '"h"')),
        message((2, "hist"), (2, "n"), (16, "1")),
    ]
    items = [*(item(*pair) for pair in values.items()), *flat]
    made(tmp_path, "a", (HISTORY, message(*((1, one) for one in items))))
    made(tmp_path, "b", (HISTORY, message((1, item("nan", 1)))))
    row = read(tmp_path).table.iloc[0]
    assert math.isnan(row["metrics.nan"])
    assert math.isinf(row["metrics.top"])
    assert row["tags.said"] == "well"
    assert not [name for name in row.index if "hist" in name or "table" in name]


@pytest.mark.parametrize(
    ("code", "state"), [(0, "finished"), (1, "failed"), (255, "killed"), (2**64 - 9, "failed")]
)
def test_the_exit_code_is_the_state(tmp_path, code, state):
    made(tmp_path, "a", (EXIT, message((1, code))))
    assert read(tmp_path).table["state"].tolist() == [state]


def test_files_beside_a_log_fill_what_it_lacks(tmp_path):
    folder = tmp_path / "wandb" / f"{FOLDER}a"
    (folder / "files").mkdir(parents=True)
    run = message((RUN, message((1, "a"))))
    (folder / "run-a.wandb").write_bytes(encoded.leveldb([run], HEADER))
    (folder / "files/config.yaml").write_text(
        "wandb_version: 1\n_wandb:\n  value: {cli_version: 0.1}\n"
        "lr:\n  desc: null\n  value: 0.5\nopt:\n  value:\n    name: null\n"
    )
    (folder / "files/wandb-summary.json").write_text('{"acc": 0.5, "_step": 3, "_wandb": {}}')
    row = read(tmp_path).table.iloc[0].to_dict()
    assert row == {"run": "a", "state": "running", "config.lr": 0.5, "config.opt.name": "None"} | {
        "metrics.acc": 0.5
    }


def test_any_damage_is_told_or_leaves_what_can_be_read(runs):
    whole = read(runs).table
    done, refused = read_damaged(log_of(runs, "03"), runs, is_it, read)
    assert min(done, refused) > 50
    flips_are_told(log_of(runs, "03"), runs, read, whole)
