"""From a space to compared finalists on the command line, with real training on a few clips."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from uphold.pipeline.stages.files import read_csv, read_json

ROOT = Path(__file__).parents[3]


def uphold(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "uphold", *arguments],
        cwd=folder,
        env=os.environ | {"OMP_NUM_THREADS": "1", "UPHOLD_WORKERS": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout if done.returncode == 0 else done.stderr


@pytest.fixture
def project(tmp_path):
    """Lay out a search of four trials and its sweep, with prepared data."""
    names = yaml.safe_load((ROOT / "params.yaml").read_text())
    sweep = {"calls-autotune": names["sweeps"]["calls-autotune"]}
    names |= {"scale": "smoke", "studies": {"calls": names["studies"]["calls"]}, "sweeps": sweep}
    names["writeups"] = {"calls-stage4": names["writeups"]["calls-stage4"]}
    params = yaml.safe_load((ROOT / "params" / "calls.yaml").read_text())
    params["sweeps"] = {"calls-autotune": params["sweeps"]["calls-autotune"]}
    params["sweeps"]["calls-autotune"]["design"] |= {"finalists": 2, "seeds": [1, 2]}
    params["writeups"] = {"calls-stage4": {"claims": {}}}
    params["searches"]["calls-search"] |= {
        "trials": 4,
        "space": {"hidden_units": [0, 8], "learning_rate": {"from": 1e-3, "to": 0.1, "log": True}},
    }
    (tmp_path / "params").mkdir()
    for name, values in (("params.yaml", names), ("params/calls.yaml", params)):
        (tmp_path / name).write_text(yaml.safe_dump(values, sort_keys=False))
    assert "error" not in uphold(tmp_path, "prepare", "calls")
    return tmp_path


def test_a_search_then_its_finalists_and_nothing_of_either_is_pruned(project):
    assert "calls-search.json is missing: run dvc repro search@calls-search first" in uphold(
        project, "train", "calls-autotune"
    )
    assert "is a search and no sweep: uphold search calls-search" in uphold(
        project, "train", "calls-search"
    )
    said = uphold(project, "search", "calls-search").splitlines()[-1]
    assert said.startswith("calls-search: 4 trials, ") and "; 0 of " not in said
    said = uphold(project, "search", "calls-search", "--dry-run")
    assert "4 in the journal, 0 to be trained" in said
    assert "; 0 of " in uphold(project, "search", "calls-search")
    assert "6 runs published, 6 trained" in uphold(project, "train", "calls-autotune")
    folder = project / "results" / "calls-stage4" / "sweeps" / "calls-autotune"
    found = read_json(project / "results" / "promoted" / "calls-search.json")
    assert read_json(folder / "design.json")["search"] == found
    assert set(read_csv(folder / "runs.csv")["arm"]) == {"untuned", "finalist-1", "finalist-2"}
    assert "calls: 0 would be deleted" in uphold(project, "journal", "prune", "calls")
