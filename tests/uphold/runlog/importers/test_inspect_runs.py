"""Logs of inspect_ai: both kinds, states, scorers, and archives that are damaged."""

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from uphold.errors import InputError
from uphold.runlog.importers.inspect_runs import is_it, read

from .damage import read_damaged

KEPT = Path(__file__).parent / "kept" / "inspect_runs"


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(KEPT / "inspect0_3_285_json", tmp_path / "logs")
    return tmp_path / "logs"


@pytest.fixture
def archive(tmp_path):
    first = sorted((KEPT / "inspect0_3_285_eval").iterdir())[0]
    return Path(shutil.copy(first, tmp_path / "a.eval"))


def packed(path, **parts):
    with zipfile.ZipFile(path, "w") as written:
        for name, text in parts.items():
            written.writestr(name.replace("__", "/").replace("_json", ".json"), text)


def header(archive):
    with zipfile.ZipFile(archive) as given:
        return json.loads(given.read("header.json"))


def test_a_log_and_a_folder_above_logs_are_read(folder, archive):
    assert read(archive).table["state"].tolist() == ["finished"]
    assert len(read(folder.parent).table) == 14
    other = folder / "2026-01-01T00-00-00_grid_x.json"
    other.write_text('{"version": 1}')
    found = read(folder)
    assert len(found.table) == 13
    assert found.notes == (f"{other} does not begin as logs of inspect_ai do: it was left out.",)
    assert not is_it(other) and not is_it(folder / "none")


def test_both_kinds_of_file_say_the_same():
    one, other = (read(KEPT / f"inspect0_3_60_{kind}").table for kind in ("eval", "json"))
    same = [name for name in one if name != "run"]
    first, second = (t.sort_values(same)[same].reset_index(drop=True) for t in (one, other))
    assert first.equals(second)


def test_an_evaluation_that_goes_on_is_running(archive):
    held = header(archive)
    packed(archive, _journal__start_json=json.dumps({k: held[k] for k in ("eval", "plan")}))
    row = read(archive).table.iloc[0]
    assert row["state"] == "running" and row["config.temperature"] == 0.5
    assert not [name for name in row.index if name.startswith("metrics.")]


@pytest.mark.parametrize(
    ("status", "state"), [("cancelled", "killed"), ("started", "running"), ("error", "failed")]
)
def test_each_status_is_a_state(archive, status, state):
    packed(archive, header_json=json.dumps(header(archive) | {"status": status}))
    assert read(archive).table["state"].tolist() == [state]


def test_scorers_are_told_apart_and_standard_errors_are_tags(archive):
    held = header(archive)
    held["results"]["scores"] = [
        {"name": name, "metrics": {"accuracy": {"value": value}, "stderr": {"value": 0.1}}}
        for name, value in (("exact", 0.5), ("close", 0.75))
    ]
    held["eval"] |= {"tags": ["a", "b"], "metadata": {"stage": {"n": 2}}}
    held["eval"]["model_args"] = {"device": "cpu", "layers": [1, 2]}
    packed(archive, header_json=json.dumps(held))
    row = read(archive).table.iloc[0]
    assert (row["metrics.exact.accuracy"], row["metrics.close.accuracy"]) == (0.5, 0.75)
    assert (row["tags.exact.stderr"], row["tags.tags"], row["tags.stage.n"]) == (0.1, "a, b", 2)
    assert row["config.device"] == "cpu" and "config.layers" not in row.index


def test_a_log_that_stands_there_twice_is_named(folder):
    first = sorted(folder.iterdir())[0]
    shutil.copy(first, first.with_stem(f"{first.stem}2"))
    with pytest.raises(InputError, match="holds two runs called"):
        read(folder)


@pytest.mark.parametrize(
    ("parts", "says"),
    [
        ({"other": "x"}, r"no whole archive of inspect_ai \(.*start\.json"),
        ({"header_json": '{"version": 2}'}, "holds no evaluation of inspect_ai that is known"),
        ({"header_json": "[]"}, "holds no evaluation of inspect_ai that is known"),
        ({"header_json": "{"}, r"header\.json is not whole JSON"),
    ],
)
def test_an_archive_of_something_else_is_named(archive, parts, says):
    packed(archive, **parts)
    with pytest.raises(InputError, match=rf"a\.eval.*{says}"):
        read(archive)


def test_a_header_that_is_too_long_is_not_unpacked(archive, monkeypatch):
    monkeypatch.setattr("uphold.runlog.importers.inspect_runs._LONGEST", 100)
    with pytest.raises(InputError, match=r"header\.json is of [\d,]+ bytes"):
        read(archive)


def test_any_damage_of_an_archive_is_told_or_leaves_what_can_be_read(archive):
    done, refused = read_damaged(archive, archive, is_it, read)
    assert done > 5 and refused > 100
