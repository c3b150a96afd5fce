"""A block of a lock file is put where DVC puts it, to the same bytes."""

import shutil
from pathlib import Path

import pytest
import yaml
from dvc.utils.serialize import modify_yaml

from uphold.pipeline.lock_file import put

ROOT = Path(__file__).parents[3]
BEGUN = "schema: '2.0'\nstages:\n"
BLOCK = {
    "cmd": "uphold check calls",
    "deps": [{"path": "params/ä b.yaml", "hash": "md5", "md5": "0" * 32, "size": 3}],
    "params": {
        "params.yaml": {
            "says": "a long sentence, which DVC breaks after eighty characters: " * 3,
            "lines": "first\n\nthird\n",
            "rate": 1e-5,
            "on": True,
            "none": None,
            "empty": [],
        }
    },
}


def as_dvc(path: Path, name: str, block: dict) -> str:
    """Return what DVC makes of a lock file in which a stage is as given."""
    with modify_yaml(path) as data:
        if not data:
            data.update({"schema": "2.0"})
        data["stages"] = data.get("stages", {})
        data["stages"].update({name: block})
    return path.read_text("utf-8")


@pytest.mark.parametrize("name", ["a", "b@x", "c@y-z", "new", "0", "yes", "x: y"])
def test_a_block_is_put_as_dvc_puts_it(name, tmp_path):
    mine, theirs = tmp_path / "mine.lock", tmp_path / "theirs.lock"
    for path in (mine, theirs):
        for before in ("a", "b@x", "c@y-z", "0"):
            as_dvc(path, before, {**BLOCK, "cmd": before})
    put(mine, name, BLOCK)
    assert mine.read_text("utf-8") == as_dvc(theirs, name, BLOCK)


def test_a_lock_file_is_begun(tmp_path):
    mine, theirs = tmp_path / "mine.lock", tmp_path / "theirs.lock"
    for name in ("b", "a"):
        put(mine, name, BLOCK)
        assert mine.read_text("utf-8") == as_dvc(theirs, name, BLOCK)


def test_each_block_of_the_committed_lock_is_where_it_was(tmp_path):
    path = tmp_path / "dvc.lock"
    shutil.copy(ROOT / "dvc.lock", path)
    text = path.read_text("utf-8")
    stages = yaml.load(text, yaml.CSafeLoader)["stages"]
    for name in [*stages][::8]:
        put(path, name, {"cmd": "none"})
        assert path.read_text("utf-8") != text
        put(path, name, stages[name])
        assert path.read_text("utf-8") == text, name
