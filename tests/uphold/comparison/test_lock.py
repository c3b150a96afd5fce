"""Stages of a lock file, read as a parser of YAML reads them."""

from pathlib import Path

import yaml

from uphold.comparison.lock import Lock

REAL = Path(__file__).parents[3] / "dvc.lock"


def test_digests_and_settings_are_those_of_a_yaml_parser():
    text = REAL.read_text("utf-8")
    lock, stages = Lock(text), yaml.load(text, Loader=yaml.CSafeLoader)["stages"]
    for name, stage in stages.items():
        assert name in lock
        for kind in ("deps", "outs"):
            expected = {one["path"]: one["md5"] for one in stage.get(kind, ()) if "md5" in one}
            assert lock.digests(name, kind) == expected, name
        assert lock.params(name) == (stage.get("params") or {})


def test_an_unknown_stage_and_an_empty_file_hold_nothing():
    lock = Lock("")
    assert "train@x" not in lock
    assert lock.digests("train@x", "deps") == {} and lock.params("train@x") == {}


def test_makers_of_a_folder_a_file_and_of_what_lies_below():
    lock = Lock(
        "schema: '2.0'\nstages:\n"
        "  a:\n    outs:\n    - path: data/x\n      md5: 1f\n"
        "  b:\n    outs:\n    - path: results/w/sweeps/s/scores.csv\n      md5: 2f\n"
    )
    assert list(lock.making("data/x/card.json")) == ["a"]
    assert list(lock.making("results/w/sweeps")) == ["b"]
    assert list(lock.making("data/xy")) == []
