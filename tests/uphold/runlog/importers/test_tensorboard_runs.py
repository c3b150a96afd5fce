import shutil
import struct
from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.runlog.importers.lightning_csv import is_it as is_lightnings
from uphold.runlog.importers.tensorboard_runs import is_it, read

from .damage import flips_are_told, read_damaged
from .encoded import message, tfrecord

KEPT = Path(__file__).parent / "kept" / "tensorboard_runs"
RUNS = ("lr-0.01-dropout-None-seed-1", "lr-0.01-dropout-None-seed-3", "lr-0.1-dropout-0.5-seed-1")
NAME = "events.out.tfevents.1700000000.anywhere.1.0"
FLOAT, DOUBLE, WHOLE = 1, 2, 3
SUCCESS, FAILURE = 1, 2


@pytest.fixture
def runs(tmp_path):
    """Return a folder with runs that torch wrote."""
    for name in RUNS:
        shutil.copytree(KEPT / "torch" / name, tmp_path / "runs" / name)
    return tmp_path / "runs"


def file_of(runs: Path, name: str) -> Path:
    (path,) = (runs / name).glob("events*")
    return path


def event(*values: bytes, time: float = 1.0) -> bytes:
    return tfrecord(message((1, time), (2, 1), (5, message(*((1, value) for value in values)))))


def scalar(tag: str, value: float, time: float = 1.0) -> bytes:
    fixed = bytes([2 << 3 | 5]) + struct.pack("<f", value)
    return event(message((1, tag)) + fixed, time=time)


def tensor(tag: str, *fields: tuple[int, int | bytes], plugin: str = "") -> bytes:
    metadata = [(9, message((1, message((1, plugin)))))] if plugin else []
    return event(message((1, tag), *metadata, (8, message(*fields))))


def hparams(*fields: tuple[int, bytes], time: float = 1.0) -> bytes:
    data = message((1, "hparams"), (2, message(*fields)))
    return event(message((1, "_hparams_/x"), (9, message((1, data)))), time=time)


def start(group: str = "", **values: float | str | bool) -> bytes:
    entries = []
    for key, value in values.items():
        number = 4 if isinstance(value, bool) else 3 if isinstance(value, str) else 2
        given = int(value) if isinstance(value, bool) else value
        entries.append((1, message((1, key), (2, message((number, given))))))
    return hparams((3, message(*entries, *([(4, group)] if group else []))))


def end(status: int, time: float = 2.0) -> bytes:
    return hparams((4, message((1, status))), time=time)


def write(folder: Path, *records: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NAME).write_bytes(
        tfrecord(message((1, 1.0), (3, "brain.Event:2"))) + b"".join(records)
    )
    return folder


def results(path: Path) -> list[dict]:
    table = read(path).table
    return [
        {n[8:]: v for n, v in row.items() if n.startswith("metrics.") and v == v}
        for row in table.to_dict("records")
    ]


def test_a_folder_of_runs_a_run_and_a_file_are_told(runs):
    table = read(runs).table
    assert table["run"].tolist() == list(RUNS)
    assert read(runs / RUNS[0]).table["metrics.val/loss"][0] == table["metrics.val/loss"][0]
    path = file_of(runs, RUNS[0])
    assert read(path).table["metrics.val/loss"][0] == table["metrics.val/loss"][0]
    assert all(map(is_it, (runs, runs.parent, runs / RUNS[0], path)))
    assert not is_it(runs.parent / "nothing")


def test_settings_that_are_whole_in_all_runs_are_whole_numbers(runs):
    table = read(runs).table
    assert [str(seed) for seed in table["config.seed"]] == ["1", "3", "1"]
    assert table["config.dropout"].tolist() == ["None", "None", 0.5]


def test_a_session_without_an_end_is_running(runs):
    assert read(runs).table["state"].tolist() == ["finished", "finished", "running"]


def test_what_ray_and_lightning_tell_better_is_left_to_them(runs, tmp_path):
    for name in ("result.json", "metrics.csv"):
        folder = tmp_path / name.replace(".", "-")
        shutil.copytree(runs / RUNS[2], folder)
        (folder / name).touch()
        (folder / "hparams.yaml").touch()
        assert not is_it(folder)
    assert is_lightnings(tmp_path / "metrics-csv")
    assert not is_lightnings(tmp_path / "runs")


def test_several_sessions_of_one_writer_are_a_run_each(tmp_path):
    write(tmp_path, scalar("loss", 1))
    for i in range(3):
        write(tmp_path / f"{i}", start(lr=i / 2, flag=True, opt="adam"), end(SUCCESS))
    found = read(tmp_path)
    assert found.table["config.lr"].tolist() == [0, 0.5, 1]
    assert found.table["config.flag"].tolist() == [True] * 3
    assert "results beside the runs below it" in found.notes[0]


def test_parts_of_keras_and_curves_of_add_scalars_belong_to_their_run(tmp_path):
    for run in ("a", "b"):
        write(tmp_path / "keras" / run / "train", scalar("loss", 0.25))
        write(tmp_path / "keras" / run / "validation", scalar("loss", 0.5))
    assert results(tmp_path / "keras") == [{"train/loss": 0.25, "validation/loss": 0.5}] * 2
    assert results(tmp_path / "keras" / "a" / "train") == [{"loss": 0.25}]
    write(tmp_path / "curves" / "run", scalar("x", 1))
    for name in ("train", "val"):
        write(tmp_path / "curves" / "run" / f"loss_all_{name}", scalar("loss/all", 2))
    assert results(tmp_path / "curves") == [{"x": 1, "train/loss/all": 2, "val/loss/all": 2}]
    write(tmp_path / "curves" / "run" / "other", scalar("x", 3))
    assert len(results(tmp_path / "curves")) == 2


def test_folders_below_settings_belong_to_them(tmp_path):
    write(tmp_path / "e1" / "run", start("first", lr=0.1))
    write(tmp_path / "e1" / "run" / "eval_0", scalar("acc", 0.5))
    write(tmp_path / "e2" / "run", scalar("acc", 0.75))
    table = read(tmp_path).table
    assert table["run"].tolist() == ["e1/run", "e2/run"]
    assert table["group"].tolist() == ["first", "e2"]
    assert results(tmp_path) == [{"eval_0/acc": 0.5}, {"acc": 0.75}]


@pytest.mark.parametrize(
    ("records", "state"),
    [
        ([start(), scalar("a", 1), end(SUCCESS)], "finished"),
        ([start(), scalar("a", 1), end(FAILURE)], "failed"),
        ([start(), scalar("a", 1)], "running"),
        (
            [
                hparams((2, message((5, message((1, message((2, "a")))))))),
                start(),
                end(SUCCESS),
                scalar("a", 1),
            ],
            "finished",
        ),
        ([start(), end(SUCCESS), scalar("a", 1)], None),
        ([start(), end(FAILURE), scalar("a", 1)], "failed"),
        ([start(), scalar("a", 1), end(0)], None),
        ([start(), scalar("hp_metric", -1), end(SUCCESS)], None),
        ([start(), end(SUCCESS)], None),
    ],
)
def test_an_end_is_believed_where_all_was_logged_before_it(tmp_path, records, state):
    write(tmp_path / "run", *records)
    table = read(tmp_path).table
    assert table.to_dict("records")[0].get("state") == state


def test_an_end_below_a_run_is_not_believed_where_the_run_goes_on(tmp_path):
    write(tmp_path / "run", scalar("a", 1, time=1.0), scalar("a", 2, time=3.0))
    write(tmp_path / "run" / "17.0", start(lr=1.0), end(SUCCESS, time=2.0))
    assert "state" not in read(tmp_path).table
    write(tmp_path / "run", scalar("a", 1, time=1.0))
    assert read(tmp_path).table["state"].tolist() == ["finished"]


def test_scalars_in_tensors_are_read_and_other_tensors_are_not(tmp_path):
    single, double_ = struct.pack("<f", 0.1), struct.pack("<d", 0.1)
    write(
        tmp_path / "run",
        scalar("simple", 0.1),
        tensor("content", (1, FLOAT), (4, single), plugin="scalars"),
        tensor("packed", (1, FLOAT), (5, struct.pack("<f", 1)), plugin="scalars"),
        tensor("packed", (1, FLOAT), (5, struct.pack("<f", 2))),
        tensor("double", (1, DOUBLE), (6, double_), plugin="scalars"),
        tensor("histogram", (1, FLOAT), (4, single * 9), plugin="histograms"),
        tensor("text", (1, 7), (8, b"words"), plugin="text"),
    )
    assert results(tmp_path) == [{"simple": 0.1, "content": 0.1, "packed": 2, "double": 0.1}]
    write(tmp_path / "run", tensor("whole", (1, WHOLE), (7, b"\1"), plugin="scalars"))
    with pytest.raises(
        InputError, match="run has an event file with a scalar that is not one number"
    ):
        read(tmp_path)


def test_settings_of_lightning_stand_beside_where_no_session_has_them(tmp_path):
    folder = write(tmp_path / "version_0", scalar("hp_metric", -1), scalar("acc", 0.5))
    (folder / "hparams.yaml").write_text("opt: {lr: 0.1}\nseed: 3\n")
    table = read(tmp_path).table
    assert table["config.opt.lr"].tolist() == [0.1]
    assert results(tmp_path) == [{"acc": 0.5}]
    write(tmp_path / "version_1", scalar("hp_metric", 0.5))
    assert results(tmp_path) == [{"hp_metric": -1, "acc": 0.5}, {"hp_metric": 0.5}]


def test_a_cut_is_noted_and_empty_folders_are_counted(runs):
    path = file_of(runs, RUNS[0])
    path.write_bytes(path.read_bytes()[:-5])
    write(runs / "none")
    (write(runs / "nothing") / NAME).write_bytes(b"")
    found = read(runs)
    assert found.table["run"].tolist() == list(RUNS)
    assert found.notes == (
        f"The last record of {path} is cut: it was left out.",
        "2 folders of event files without a result: left out.",
    )
    with pytest.raises(InputError, match=r"no run that can be read: .* without a result"):
        read(runs / "none")


def test_damage_and_what_is_no_event_are_named(runs):
    path = file_of(runs, RUNS[0])
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    with pytest.raises(InputError, match=rf"{RUNS[0]}.* is damaged at byte .* move its run"):
        read(runs)
    write(path.parent, tfrecord(b"\x0a\x7f"))
    with pytest.raises(InputError, match=r"its record 2 is no event .* Move its run"):
        read(runs)


@pytest.mark.parametrize("pattern", ["events*", "*/events*"])
def test_any_damage_is_told_or_leaves_what_can_be_read(runs, pattern):
    (path,) = (runs / RUNS[1]).glob(pattern)
    whole = read(runs).table
    done, refused = read_damaged(path, runs, is_it, read)
    assert min(done, refused) > 50
    flips_are_told(path, runs, read, whole)
