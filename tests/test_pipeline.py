"""What reruns: one ingredient is changed at a time in a small copy of the project.

Each test asserts the exact stages that run and the exact number of runs that are trained.
"""

import copy
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
COPIED = ("src", "dvc.yaml", ".dvcignore", ".dvc/config", ".dvc/plots", ".gitignore")
COPIED += ("data/recordings", "data/manifests")
FIRST, SECOND = "calls-augmentation", "calls-balancing"
RUNS = {FIRST: 4, SECOND: 2}

DOCUMENT = """---
title: "A small write-up"
---

```{{python}}
#| include: false
from uphold.pages import say, tables
from uphold.pages.writeup import writeup

page = writeup("{name}")
sweep = page.sweep("{sweep}")
```

`{{python}} say.size(sweep)`

```{{python}}
#| label: tbl-effects
#| tbl-cap: "Effects."
tables.effects(sweep)
```
"""


def small_params() -> dict:
    """Return the project's params with two small sweeps, in two write-ups, of few clips."""
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    params["studies"] = {"calls": params["studies"]["calls"]}
    params["sweeps"] = {name: params["sweeps"][name] for name in RUNS}
    params["sweeps"][FIRST]["design"] |= {
        "factors": {"mixup": [False, True], "hidden_units": [8]},
        "seeds": [1, 2],
    }
    params["sweeps"][SECOND]["design"] |= {
        "factors": {"upsampling_ratio": [0.4, 0.9]},
        "anchors": {"balance": False},
        "seeds": [1],
    }
    used = {sweep["writeup"] for sweep in params["sweeps"].values()}
    params["writeups"] = {
        name: {**block, "claims": {}} for name, block in params["writeups"].items() if name in used
    }
    clips = {"train": 40, "validation": 30, "iid": 30, "ood": 30}
    params["studies"]["calls"]["scales"]["quick"] = {
        "data": {"synthetic": clips},
        "training": {"epochs": 2, "hidden_units": 8},
    }
    return params


class Project:
    """A small copy of the project, and what running it did."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess:
        """Run a command in the copy, with the copy's own code."""
        return subprocess.run(
            command, cwd=self.folder, env=self.env, capture_output=True, text=True, check=check
        )

    @property
    def env(self) -> dict[str, str]:
        """The copy's own code, and training in one process, which starts sooner."""
        return os.environ | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "PYTHONPATH": str(self.folder / "src"),
            "OMP_NUM_THREADS": "1",
            "UPHOLD_WORKERS": "1",
        }

    def repro(self) -> tuple[set[str], dict[str, int]]:
        """Reproduce; return the stages that ran and the runs that each trained."""
        done = self.run("dvc", "repro", check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        stages = set(re.findall(r"Running stage '([^']+)'", done.stdout))
        trained = re.findall(r"^(\S+): \d+ runs published, (\d+) trained", done.stdout, re.M)
        return stages, {name: int(number) for name, number in trained}

    def params(self, change) -> None:
        """Change the params by a function."""
        path = self.folder / "params.yaml"
        values = yaml.safe_load(path.read_text())
        change(values)
        path.write_text(yaml.safe_dump(values, sort_keys=False))

    def append(self, file: str, text: str) -> None:
        """Append to a source file."""
        with (self.folder / "src" / file).open("a") as source:
            source.write(text)


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """Reproduce a small copy of the project once."""
    folder = tmp_path_factory.mktemp("made") / "project"
    for name in COPIED:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    (folder / "results" / "promoted").mkdir(parents=True)
    (folder / "results" / "promoted" / "none.json").write_text("{}\n")
    params = small_params()
    (folder / "params.yaml").write_text(yaml.safe_dump(params, sort_keys=False))
    reports = folder / "reports"
    shutil.copytree(ROOT / "reports", reports, ignore=shutil.ignore_patterns("*.qmd", "_site"))
    for name, sweep in params["sweeps"].items():
        text = DOCUMENT.format(name=sweep["writeup"], sweep=name)
        (reports / f"{sweep['writeup']}.qmd").write_text(text)
    shutil.copy(ROOT / "reports" / "index.qmd", reports / "index.qmd")
    # The small params make no claims that archived sentences could be linked with.
    archive = folder / "data" / "published" / "calls"
    archive.mkdir(parents=True)
    shutil.copy(ROOT / "data" / "published" / "README.md", archive)
    project = Project(folder)
    project.run("git", "init", "-q")
    project.run("git", "config", "user.email", "tests@example.org")
    project.run("git", "config", "user.name", "Tests")
    stages, trained = project.repro()
    assert trained == RUNS
    assert len(stages) == 1 + 2 + 2 + 2 + 2 + 1
    project.run("git", "add", "-A")
    project.run("git", "commit", "-qm", "A small project")
    return folder


@pytest.fixture
def project(made, tmp_path) -> Project:
    """Give a test a copy of its own, in which nothing is out of date."""
    shutil.copytree(made, tmp_path / "project", symlinks=True)
    return Project(tmp_path / "project")


def stages(*names: str) -> set[str]:
    return set(names)


AFTER_SECOND = stages("evaluate@" + SECOND, "analyze@calls-stage3", "report@calls-stage3")
AFTER_FIRST = stages("evaluate@" + FIRST, "analyze@calls-stage2", "report@calls-stage2")
TRAIN = stages("train@" + FIRST, "train@" + SECOND)
ALL = {"prepare@calls"} | TRAIN | AFTER_FIRST | AFTER_SECOND


def test_nothing_reruns_where_nothing_changed(project):
    assert project.repro() == (set(), {})


def test_a_seed(project):
    project.params(lambda p: p["sweeps"][SECOND]["design"]["seeds"].append(2))
    assert project.repro() == ({"train@" + SECOND} | AFTER_SECOND, {SECOND: 2})


def test_a_level_added_trains_the_new_runs_alone(project):
    project.params(
        lambda p: p["sweeps"][SECOND]["design"]["factors"]["upsampling_ratio"].append(0.95)
    )
    assert project.repro() == ({"train@" + SECOND} | AFTER_SECOND, {SECOND: 1})


def test_the_order_of_levels_trains_and_scores_nothing(project):
    project.params(lambda p: p["sweeps"][SECOND]["design"]["factors"]["upsampling_ratio"].reverse())
    reran = {"train@" + SECOND, "analyze@calls-stage3", "report@calls-stage3"}
    assert project.repro() == (reran, {SECOND: 0})


def test_an_anchor_and_what_metrics_diff_says_of_it(project):
    project.params(lambda p: p["sweeps"][SECOND]["design"]["anchors"].update(dropout=0.5))
    assert project.repro() == ({"train@" + SECOND} | AFTER_SECOND, {SECOND: 2})
    told = json.loads(project.run("dvc", "metrics", "diff", "--json").stdout)
    moved = told["results/calls-stage3/findings.json"]
    assert set(told) == {"results/calls-stage3/findings.json"}
    assert "configurations.upsampling_ratio=0.4.ood_auroc.mean" in moved


def test_a_data_parameter(project):
    project.params(
        lambda p: p["studies"]["calls"]["scales"]["quick"]["data"]["synthetic"].update(ood=31)
    )
    ran, trained = project.repro()
    assert ran == ALL
    assert trained == RUNS


def test_a_threshold_grid_scores_again_and_trains_nothing(project):
    project.params(lambda p: p["studies"]["calls"]["evaluation"].update(thresholds=20))
    ran, trained = project.repro()
    assert ran - TRAIN == AFTER_FIRST | AFTER_SECOND
    print(ran, trained)
    # Another grid may promote another configuration, so that the second sweep starts elsewhere.
    assert trained in ({}, {SECOND: RUNS[SECOND]})


def test_statistics_code(project):
    project.append("uphold/statistics/descriptions.py", "\n\nUNUSED = 1\n")
    assert project.repro() == ({"analyze@calls-stage2", "analyze@calls-stage3"}, {})


def test_what_was_transcribed_of_archived_write_ups(project):
    path = project.folder / "data" / "published" / "calls" / "README.md"
    path.write_text(path.read_text() + "\nMore words.\n")
    assert project.repro() == ({"analyze@calls-stage2", "analyze@calls-stage3"}, {})


def test_figure_code(project):
    project.append("uphold/pages/figures.py", "\n\nUNUSED = 1\n")
    assert project.repro() == ({"report@calls-stage2", "report@calls-stage3", "index"}, {})


def test_training_code_retrains(project):
    project.append("studies/calls/training/losses.py", "\n\nUNUSED = 1\n")
    ran, trained = project.repro()
    assert trained == RUNS
    # The runs have new keys, which stand in the sweeps' folders, and the same scores.
    assert ran == TRAIN | AFTER_FIRST | AFTER_SECOND


def test_a_comment_in_training_code_trains_nothing(project):
    project.append("studies/calls/training/losses.py", "\n# A reason.\n")
    assert project.repro() == (TRAIN, {FIRST: 0, SECOND: 0})


def test_a_document(project):
    path = project.folder / "reports" / "calls-stage3.qmd"
    path.write_text(path.read_text() + "\nMore words.\n")
    assert project.repro() == ({"report@calls-stage3"}, {})


def test_another_study_s_params(project):
    """A second study, laid out as the first under another name, changes nothing of the first."""
    src = project.folder / "src" / "studies"
    shutil.copytree(src / "calls", src / "birds", ignore=shutil.ignore_patterns("__pycache__"))
    for path in (src / "birds").rglob("*.py"):
        text = path.read_text().replace("studies.calls", "studies.birds")
        path.write_text(text.replace('name="calls"', 'name="birds"'))

    def add(params):
        params["studies"]["birds"] = copy.deepcopy(params["studies"]["calls"])

    project.params(add)
    assert project.repro() == ({"prepare@birds"}, {})
    project.params(lambda p: p["studies"]["birds"]["training"].update(dropout=0.9))
    assert project.repro() == (set(), {})


def test_an_experiment_in_a_temporary_copy_retrains_no_run_that_exists(project):
    command = ("dvc", "exp", "run", "--temp", "-S", f"sweeps.{SECOND}.design.seeds=[1,2]")
    done = project.run(*command, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{SECOND}: 4 runs published, 2 trained" in done.stdout


def test_killed_under_dvc_and_resumed_gives_the_same_bytes(project):
    """DVC is killed while its child trains; the next one ends with what an undisturbed one made."""
    outputs = sorted((project.folder / "results").glob("*/sweeps/*/*"))
    expected = {path: path.read_bytes() for path in outputs}
    assert len(expected) == 2 * 8
    shutil.rmtree(project.folder / ".uphold")
    shutil.rmtree(project.folder / ".dvc" / "cache")
    for path in outputs:
        path.unlink()
    env = project.env | {"UPHOLD_WORKERS": "2"}
    first = subprocess.Popen(
        ["dvc", "repro"], cwd=project.folder, env=env, stdout=subprocess.DEVNULL
    )
    lock = project.folder / ".uphold" / "journal" / "calls" / "locks"
    deadline = time.monotonic() + 120
    while not lock.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert lock.exists()
    first.send_signal(signal.SIGKILL)
    first.wait()
    project.repro()
    assert {path: path.read_bytes() for path in outputs} == expected


@pytest.mark.parametrize("command", [("repro",), ("exp", "run"), ("checkout", "--force")])
@pytest.mark.parametrize("known", [True, False])
def test_what_a_user_put_where_data_are_prepared_outlives_dvc(project, command, known):
    """DVC itself deletes what it takes for an output, before the stage is asked."""
    if not known:
        shutil.rmtree(project.folder / "data" / "calls")
    mine = project.folder / "data" / "calls" / "heron" / "mine.wav"
    mine.parent.mkdir(parents=True)
    mine.write_text(f"{command} {known}")
    project.params(
        lambda p: p["studies"]["calls"]["scales"]["quick"]["data"]["synthetic"].update(ood=31)
    )
    done = project.run("dvc", *command, check=False)
    assert mine.read_text() == f"{command} {known}"
    if command != ("checkout", "--force"):
        assert done.returncode != 0
        assert "data/calls holds heron/mine.wav" in done.stderr


def test_two_trainings_of_one_sweep_train_each_run_once(project):
    shutil.rmtree(project.folder / ".uphold")
    command = [sys.executable, "-m", "uphold", "train", FIRST]
    both = [
        subprocess.Popen(
            command, cwd=project.folder, env=project.env, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    told = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    trained = sorted(int(re.search(r"(\d+) trained", text)[1]) for text in told)
    assert trained == [0, RUNS[FIRST]]
