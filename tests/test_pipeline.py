"""What reruns: one ingredient is changed at a time in a small copy of the project.

Each test asserts the exact stages that run and the exact number of runs that are trained.
"""

import copy
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
import yaml

from studies.calls.settings.evaluation import Evaluation

from . import opened_files

ROOT = Path(__file__).parents[1]
COPIED = (
    "CITATION.cff",
    "src",
    "dvc.yaml",
    "results/dvc.yaml",
    ".dvcignore",
    ".dvc/config",
    ".dvc/plots",
    ".gitignore",
)
COPIED += ("data/recordings", "data/manifests")
FIRST, SECOND = "calls-augmentation", "calls-balancing-promoted"
OF_THE_FRAMEWORK = ("  calibrate:", "  calibration:", "  code-guide:", "  guide:")
CODE = "code-"
REGISTER = "results/dvc.yaml:register"
RUNS = {FIRST: 4, SECOND: 2}

DOCUMENT = """---
title: "A small write-up"
---

```{{python}}
#| include: false
from uphold.pages import provenance, registered, run_tables, say
from uphold.pages.writeup import writeup

page = writeup("{name}")
sweep = page.sweep("{sweep}")
```

`{{python}} say.size(sweep)`

`{{python}} registered.sentence(page)`

```{{python}}
#| label: tbl-effects
#| tbl-cap: "Effects."
run_tables.effects(sweep)
```

```{{python}}
#| label: tbl-provenance
#| tbl-cap: "What made this page."
provenance.table(page)
```
"""


CLAIM = {
    "says": "Mixup lifts OOD F1.",
    "metric": "ood_f1",
    "contrast": {"factor": "mixup", "from": False, "to": True},
    "expect": "increase",
}


def small_params() -> tuple[dict, dict]:
    """Return the project's params with two small sweeps, in two write-ups, of few clips.

    The first makes one claim.
    """
    names = yaml.safe_load((ROOT / "params.yaml").read_text())
    del names["calibration"]
    names["studies"] = {"calls": names["studies"]["calls"]}
    names["searches"] = {}
    names["sweeps"] = {name: names["sweeps"][name] for name in RUNS}
    used = {sweep["writeup"] for sweep in names["sweeps"].values()}
    names["writeups"] = {
        name: block | {"answered_by": []}
        for name, block in names["writeups"].items()
        if name in used
    }
    params = yaml.safe_load((ROOT / "params" / "calls.yaml").read_text())
    params["searches"] = {}
    params["sweeps"] = {name: params["sweeps"][name] for name in RUNS}
    params["sweeps"][FIRST]["design"] |= {
        "factors": {"mixup": [False, True], "hidden_units": [8]},
        "seeds": [1, 2],
        "looks": [],
        "taken": {},
    }
    params["sweeps"][SECOND]["design"] |= {
        "factors": {"upsampling_ratio": [0.4, 0.9]},
        "anchors": {"balance": False},
        "seeds": [1],
        "looks": [],
        "taken": {},
    }
    params["writeups"] = {name: {"claims": {}} for name in names["writeups"]}
    params["writeups"]["calls-stage2"]["claims"]["mixup-lifts"] = CLAIM
    clips = {"train": 40, "validation": 30, "iid": 30, "ood": 30}
    params["scales"]["quick"] = {
        "data": {"synthetic": clips},
        "training": {"epochs": 2, "hidden_units": 8},
    }
    return names, params


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
        """Reproduce; return the stages that ran, and the runs that each trained.

        Without register and the stages that digest code, which `all_that_ran` returns too.
        """
        ran, trained = self.all_that_ran()
        return {stage for stage in ran if not stage.startswith(CODE)}, trained

    def all_that_ran(self) -> tuple[set[str], dict[str, int]]:
        """Reproduce; return all stages that ran, register apart, and the runs that each trained."""
        done = self.run("dvc", "repro", check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        stages = set(re.findall(r"Running stage '([^']+)'", done.stdout))
        # It runs always, since nothing tells DVC of a commit.
        assert REGISTER in stages
        stages.remove(REGISTER)
        trained = re.findall(r"^(\S+): \d+ runs published, (\d+) trained", done.stdout, re.M)
        return stages, {name: int(number) for name, number in trained}

    def params(self, change, file: str = "params/calls.yaml") -> None:
        """Change the params by a function."""
        path = self.folder / file
        values = yaml.safe_load(path.read_text())
        change(values)
        path.write_text(yaml.safe_dump(values, sort_keys=False))

    def append(self, file: str, text: str) -> None:
        """Append to a source file."""
        with (self.folder / "src" / file).open("a") as source:
            source.write(text)

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace what stands once in a source file."""
        path = self.folder / "src" / file
        before, after = path.read_text().split(old)
        path.write_text(before + new + after)

    def page(self, writeup: str) -> str:
        """Return the text of a page, in one line."""
        return " ".join((self.folder / "reports" / "_site" / f"{writeup}.html").read_text().split())

    def commit(self) -> str:
        """Commit everything and return the commit's short name."""
        self.run("git", "add", "-A")
        self.run("git", "commit", "-qm", "A change")
        return self.run("git", "rev-parse", "HEAD").stdout[:7]


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
    # Nothing of a study reruns with the certificate or the guides, which have tests of their own.
    pipeline = folder / "dvc.yaml"
    stages = re.split(r"(?m)^(?=  [a-z-]+:\n)", pipeline.read_text())
    of_studies = [stage for stage in stages if not stage.startswith(OF_THE_FRAMEWORK)]
    assert len(of_studies) == len(stages) - len(OF_THE_FRAMEWORK)
    pipeline.write_text("".join(of_studies))
    (folder / "results" / "promoted").mkdir()
    (folder / "results" / "promoted" / "none.json").write_text("{}\n")
    names, params = small_params()
    for name in names["writeups"]:
        (folder / "results" / name).mkdir()
        for kept in ("replication.json", "larger.json"):
            (folder / "results" / name / kept).write_text("{}\n")
    (folder / "params").mkdir()
    for file, values in (("params.yaml", names), ("params/calls.yaml", params)):
        (folder / file).write_text(yaml.safe_dump(values, sort_keys=False))
    reports = folder / "reports"
    shutil.copytree(ROOT / "reports", reports, ignore=shutil.ignore_patterns("*.qmd", "_site"))
    for name, sweep in names["sweeps"].items():
        text = DOCUMENT.format(name=sweep["writeup"], sweep=name)
        (reports / f"{sweep['writeup']}.qmd").write_text(text)
    for document in (ROOT / "reports" / "index.qmd", *(ROOT / "reports").glob("guide-*.qmd")):
        shutil.copy(document, reports)
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
    assert len(stages) == 1 + 1 + 2 + 2 + 2 + 2 + 2 + 1
    project.commit()
    # Its pages said that there was no history.
    assert project.repro() == ({"report@calls-stage2", "report@calls-stage3"}, {})
    project.commit()
    return folder


@pytest.fixture
def project(made, tmp_path) -> Project:
    """Give a test a copy of its own, in which nothing is out of date."""
    shutil.copytree(made, tmp_path / "project", symlinks=True)
    return Project(tmp_path / "project")


def stages(*names: str) -> set[str]:
    return set(names)


AFTER_SECOND = stages("evaluate@" + SECOND, "confirm@" + SECOND)
AFTER_SECOND |= stages("analyze@calls-stage3", "report@calls-stage3")
AFTER_FIRST = stages("evaluate@" + FIRST, "confirm@" + FIRST)
AFTER_FIRST |= stages("analyze@calls-stage2", "report@calls-stage2")
TRAIN = stages("train@" + FIRST, "train@" + SECOND)
CONFIRM = stages("confirm@" + FIRST, "confirm@" + SECOND)
CHECK = stages("check@calls")
ALL = CHECK | {"prepare@calls"} | TRAIN | AFTER_FIRST | AFTER_SECOND


def apart(answer):
    """Return what ran without the front page: whether the numbers on its cards moved is chance."""
    ran, trained = answer
    return ran - {"index"}, trained


def test_nothing_reruns_where_nothing_changed(project):
    assert project.repro() == (set(), {})


def test_a_seed(project):
    project.params(lambda p: p["sweeps"][SECOND]["design"]["seeds"].append(2))
    assert apart(project.repro()) == (CHECK | {"train@" + SECOND} | AFTER_SECOND, {SECOND: 2})


def test_a_level_added_trains_the_new_runs_alone(project):
    project.params(
        lambda p: p["sweeps"][SECOND]["design"]["factors"]["upsampling_ratio"].append(0.95)
    )
    assert apart(project.repro()) == (CHECK | {"train@" + SECOND} | AFTER_SECOND, {SECOND: 1})


def test_the_order_of_levels_trains_and_scores_nothing(project):
    project.params(lambda p: p["sweeps"][SECOND]["design"]["factors"]["upsampling_ratio"].reverse())
    reran = CHECK | {"train@" + SECOND, "confirm@" + SECOND}
    reran |= {"analyze@calls-stage3", "report@calls-stage3"}
    assert project.repro() == (reran, {SECOND: 0})


def test_an_anchor_and_what_metrics_diff_says_of_it(project):
    project.params(lambda p: p["sweeps"][SECOND]["design"]["anchors"].update(dropout=0.5))
    assert apart(project.repro()) == (CHECK | {"train@" + SECOND} | AFTER_SECOND, {SECOND: 2})
    answer = json.loads(project.run("dvc", "metrics", "diff", "--json").stdout)
    moved = answer["results/calls-stage3/findings.json"]
    assert set(answer) == {"results/calls-stage3/findings.json"}
    assert "configurations.upsampling_ratio=0.4.ood_auroc.mean" in moved


def test_a_data_parameter(project):
    project.params(lambda p: p["scales"]["quick"]["data"]["synthetic"].update(ood=31))
    ran, trained = apart(project.repro())
    assert ran == ALL
    assert trained == RUNS


def test_a_threshold_grid_scores_again_and_trains_nothing(project):
    project.params(lambda p: p["evaluation"].update(thresholds=20))
    ran, trained = apart(project.repro())
    assert ran - TRAIN == CHECK | AFTER_FIRST | AFTER_SECOND
    # Another grid may promote another configuration, so that the second sweep starts elsewhere.
    assert trained in ({}, {SECOND: RUNS[SECOND]})
    analysis = project.folder / "results" / "calls-stage2" / "analysis.json"
    assert json.loads(analysis.read_text())["evaluation"]["thresholds"] == 20


def test_more_fresh_seeds_confirm_and_train_nothing_of_a_sweep(project):
    project.params(lambda p: p["sweeps"][FIRST]["promote"].update(confirm=6))
    assert apart(project.repro()) == (CHECK | AFTER_FIRST, {})
    fresh = project.folder / "results" / "calls-stage2" / "sweeps" / FIRST / "confirmation.csv"
    assert len(fresh.read_text().splitlines()) == 1 + 6


def test_evaluation_that_params_leave_out_is_told_as_it_was_done(project):
    project.params(lambda p: p["evaluation"].clear())
    project.run("uphold", "analyze", "calls-stage2")
    analysis = project.folder / "results" / "calls-stage2" / "analysis.json"
    assert json.loads(analysis.read_text())["evaluation"] == Evaluation().model_dump()


def test_statistics_code(project):
    project.append("uphold/statistics/descriptions.py", "\n\nUNUSED = 1\n")
    # Claims are checked without these statistics, which only analyses reach.
    assert project.repro() == (stages("analyze@calls-stage2", "analyze@calls-stage3"), {})


def test_code_is_digested_anew_for_the_kinds_of_stages_that_reach_it(project):
    project.append("uphold/statistics/descriptions.py", "\n\nUNUSED = 1\n")
    status = json.loads(project.run("dvc", "status", "--json").stdout)
    assert set(status) == {"code-analyze", REGISTER}
    ran, _ = project.all_that_ran()
    assert {stage for stage in ran if stage.startswith(CODE)} == {"code-analyze"}


def test_a_colour(project):
    with (project.folder / "src/uphold/theme/palette.css").open("a") as palette:
        palette.write("/* A reason. */\n")
    assert project.repro() == (stages("report@calls-stage2", "report@calls-stage3", "index"), {})


def test_what_was_transcribed_of_archived_write_ups(project):
    path = project.folder / "data" / "published" / "calls" / "README.md"
    path.write_text(path.read_text() + "\nMore words.\n")
    assert project.repro() == ({"analyze@calls-stage2", "analyze@calls-stage3"}, {})


def test_figure_code(project):
    project.append("uphold/pages/figures.py", "\n\nUNUSED = 1\n")
    assert project.repro() == ({"report@calls-stage2", "report@calls-stage3"}, {})


def test_training_code_retrains(project):
    """The slope of the loss that all of these runs descend."""
    project.edit("studies/calls/training/losses.py", ".sub_(targets)", ".sub_(targets).mul_(1.25)")
    ran, trained = apart(project.repro())
    assert trained == RUNS
    assert ran == TRAIN | AFTER_FIRST | AFTER_SECOND


def test_how_params_are_merged_retrains(project):
    """The runs are others, and DVC sees that `train` has to be asked."""
    change = "change = {**change, **dict.fromkeys({'dropout'} & set(base), 0.5)}\n    both = {\n"
    project.edit("uphold/pipeline/params.py", "both = {\n", change)
    ran, trained = project.repro()
    assert trained == RUNS
    assert ran >= CHECK | TRAIN | stages("prepare@calls", "evaluate@" + FIRST)


def test_a_verb_that_is_no_stage(project):
    for verb in ("report", "audit", "journal", "new", "pages"):
        project.append(f"uphold/cli/{verb}.py", "\n\nUNUSED = 1\n")
    assert project.repro() == (set(), {})


def test_the_verb_of_a_stage(project):
    project.append("uphold/cli/analyze.py", "\n\nUNUSED = 1\n")
    assert project.repro() == ({"analyze@calls-stage2", "analyze@calls-stage3"}, {})


def test_a_claim(project):
    project.params(
        lambda p: p["writeups"]["calls-stage2"]["claims"]["mixup-lifts"].update(says="X.")
    )
    reran = CHECK | stages("analyze@calls-stage2", "report@calls-stage2", "index")
    assert project.repro() == (reran, {})


def test_nothing_runs_before_all_params_are_valid(project):
    def spoil(params):
        params["writeups"]["calls-stage2"]["claims"]["mixup-lifts"]["metric"] = "ood_f2"
        params["training"]["dropout"] = 0.5
        params["scales"]["quick"]["data"]["synthetic"]["ood"] = 31

    project.params(spoil)
    done = project.run("dvc", "repro", check=False)
    assert done.returncode != 0
    ran = set(re.findall(r"Running stage '([^']+)'", done.stdout))
    assert ran <= {"check@calls", REGISTER, "index"}
    assert "params/calls.yaml: writeups.calls-stage2.claims.mixup-lifts" in done.stderr


def test_a_claim_committed_after_its_page_was_made(project):
    project.params(
        lambda p: p["writeups"]["calls-stage2"]["claims"]["mixup-lifts"].update(expect="decrease")
    )
    project.repro()
    said = f"expect: increase → decrease (“{CLAIM['says'].rstrip('.')}”, "
    assert f"{said}not committed)" in project.page("calls-stage2")
    commit = project.commit()
    assert project.repro() == ({"report@calls-stage2"}, {})
    page = project.page("calls-stage2")
    assert "not committed" not in page
    assert f"{said}commit {commit} of" in page
    assert project.repro() == (set(), {})
    # What was rendered is committed too, which changes nothing about the claim.
    project.commit()
    assert project.repro() == (set(), {})


def test_a_comment_in_training_code_trains_nothing(project):
    project.append("studies/calls/training/losses.py", "\n# A reason.\n")
    assert project.repro() == (TRAIN | CONFIRM, {FIRST: 0, SECOND: 0})


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

    project.params(add, "params.yaml")
    file = "params/birds.yaml"
    shutil.copy(project.folder / "params" / "calls.yaml", project.folder / file)
    project.params(lambda p: p.update(sweeps={}, writeups={}), file)
    assert project.repro() == ({"check@birds", "prepare@birds"}, {})
    project.params(lambda p: p["training"].update(dropout=0.9), file)
    assert project.repro() == ({"check@birds"}, {})
    project.append("studies/birds/settings/data.py", "\n\nUNUSED = 1\n")
    assert project.repro() == ({"check@birds", "prepare@birds"}, {})


def test_an_experiment_in_a_temporary_copy_retrains_no_run_that_exists(project):
    command = (
        "dvc",
        "exp",
        "run",
        "--temp",
        "-S",
        f"params/calls.yaml:sweeps.{SECOND}.design.seeds=[1,2]",
    )
    done = project.run(*command, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{SECOND}: 4 runs published, 2 trained" in done.stdout


def test_an_experiment_at_another_scale(project):
    done = project.run(
        "dvc", "exp", "run", "--temp", "-S", "scale=smoke", "prepare@calls", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Running stage 'prepare@calls'" in done.stdout


def test_killed_under_dvc_and_resumed_gives_the_same_bytes(project):
    """DVC is killed while its child trains; the next one ends with what an undisturbed one made."""
    outputs = sorted((project.folder / "results").glob("*/sweeps/*/*"))
    # When the runs were trained is another answer each time.
    outputs = [path for path in outputs if path.name != "training.json"]
    expected = {path: path.read_bytes() for path in outputs}
    assert len(expected) == 2 * 10
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
    project.params(lambda p: p["scales"]["quick"]["data"]["synthetic"].update(ood=31))
    done = project.run("dvc", *command, check=False)
    assert mine.read_text() == f"{command} {known}"
    if command != ("checkout", "--force"):
        assert done.returncode != 0
        assert "data/calls holds heron/mine.wav" in done.stderr


@pytest.mark.parametrize("page", ["index.html", "calls-stage2.pdf"])
def test_what_a_user_put_in_the_place_of_a_page_outlives_dvc(project, page):
    mine = project.folder / "reports" / "_site" / page
    mine.write_text("mine")
    done = project.run("dvc", "repro", check=False)
    assert mine.read_text() == "mine"
    assert done.returncode != 0
    assert f"reports/_site holds {page}" in done.stderr


def test_what_a_user_put_beside_outputs_outlives_dvc(project):
    """In every folder that a stage writes into, but for that of the data, which is refused."""
    locks = [project.folder / file for file in ("dvc.lock", "results/dvc.lock")]
    stages = [s for lock in locks for s in yaml.safe_load(lock.read_text())["stages"].values()]
    outs = {project.folder / out["path"] for stage in stages for out in stage.get("outs", ())}
    outs.remove(project.folder / "data" / "calls")
    folders = {path if path.is_dir() else path.parent for path in outs}
    assert project.folder / "results" / "registration" in folders
    notes = [folder / "notes" / "mine.txt" for folder in folders]
    for note in notes:
        note.parent.mkdir()
        note.write_text("mine")
    project.params(lambda p: p["training"].update(dropout=0.9))
    assert ALL - {"prepare@calls"} <= project.repro()[0]
    assert not [note for note in notes if not note.is_file()]


def test_two_trainings_of_one_sweep_train_each_run_once(project):
    shutil.rmtree(project.folder / ".uphold")
    command = [sys.executable, "-m", "uphold", "train", FIRST]
    both = [
        subprocess.Popen(
            command, cwd=project.folder, env=project.env, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    answer = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    trained = sorted(int(re.search(r"(\d+) trained", text)[1]) for text in answer)
    assert trained == [0, RUNS[FIRST]]


class Stage:
    """A stage of a project as DVC resolved it."""

    def __init__(self, project: Project, name: str) -> None:
        file = project.folder / ("results/dvc.lock" if name == "register" else "dvc.lock")
        stages = yaml.safe_load(file.read_text())["stages"]
        lock, code = stages[name], stages.get(f"{CODE}{name.partition('@')[0]}", {})
        self.project, self.command = project, lock["cmd"].split()
        self.named = [Path(dep["path"]) for one in (lock, code) for dep in one.get("deps", ())]
        self.named += map(Path, lock.get("params", ()))
        self.made = [Path(out["path"]) for out in lock["outs"]]

    def names(self, path: Path) -> bool:
        """Return whether a file, relative to the root, is a dependency or lies in one."""
        return any(dep == path or dep in path.parents for dep in self.named)

    def copied(self, folder: Path) -> Path:
        """Copy what the stage names, and nothing else, to a folder."""
        for path in self.named:
            source, target = self.project.folder / path, folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                hidden = shutil.ignore_patterns("__pycache__")
                shutil.copytree(source, target, ignore=hidden, dirs_exist_ok=True)
            else:
                shutil.copy(source, target)
        if (folder / "src/uphold/theme").is_dir():
            # Documents reach the theme by a link beside them, which has no content of its own.
            (folder / "reports").mkdir(exist_ok=True)
            (folder / "reports/theme").symlink_to("../src/uphold/theme")
        return folder

    def run(self, folder: Path, **env: str) -> subprocess.CompletedProcess:
        """Run the stage's command in a folder, on the code that lies there."""
        path = os.pathsep.join(filter(None, [env.pop("hook", ""), str(folder / "src")]))
        env = self.project.env | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"} | env
        return subprocess.run(self.command, cwd=folder, env=env, capture_output=True, text=True)


ONE_OF_EACH = (
    "check@calls",
    "prepare@calls",
    "train@" + SECOND,
    "evaluate@" + SECOND,
    "analyze@calls-stage2",
    "register",
    "report@calls-stage2",
    "index",
)


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_a_stage_opens_no_code_that_it_does_not_name(project, tmp_path, name):
    stage, hook = Stage(project, name), tmp_path / "hook"
    hook.mkdir()
    opened_files.hook(hook)
    opened = tmp_path / "opened"
    shutil.rmtree(project.folder / ".uphold")  # so that training trains
    # No code that was compiled before: Python opens every source file that it imports.
    hidden = {"PYTHONPYCACHEPREFIX": str(tmp_path / "none"), "OPENED": str(opened)}
    done = stage.run(project.folder, hook=str(hook), **hidden)
    assert done.returncode == 0, done.stderr
    code = opened_files.code(opened, project.folder)
    assert Path("src/uphold/cli/__init__.py") in code
    assert sorted(path for path in code if not stage.names(path)) == []


@pytest.mark.parametrize("name", ONE_OF_EACH)
def test_a_stage_runs_where_nothing_lies_but_what_it_names(made, tmp_path, name):
    stage = Stage(Project(made), name)
    alone = stage.copied(tmp_path / "alone")
    if name == "index" or name.startswith("check@"):  # that documents are there, not what they say
        kept = ("reports/*.qmd", "results/*/replication.json", "results/*/larger.json")
        for document in (path for names in kept for path in made.glob(names)):
            there = alone / document.relative_to(made)
            there.parent.mkdir(parents=True, exist_ok=True)
            there.touch()
    done = stage.run(alone)
    assert done.returncode == 0, done.stderr
    for path in stage.made:
        assert (alone / path).exists()
        # Pages carry the time, and without a repository nothing is known of commits.
        # When a run was trained is another answer each time.
        changing = path.parent.name == "_site" or path.name == "training.json"
        if (alone / path).is_file() and not changing:
            assert (alone / path).read_bytes() == (made / path).read_bytes(), path


@pytest.mark.parametrize(
    "missing", ["src/uphold/pipeline/judged.py", "src/studies/calls/scores.py"]
)
def test_a_stage_does_not_run_without_something_that_it_names(made, tmp_path, missing):
    stage = Stage(Project(made), "check@calls")
    stage.named.remove(Path(missing))
    done = stage.run(stage.copied(tmp_path / "alone"))
    assert done.returncode != 0 and re.search(r"^(ModuleNotFound|Import)Error", done.stderr, re.M)


def test_own_recordings_become_a_page_as_their_readme_says(project):
    """Its settings and its commands, as they stand, on clips of which no recorder is known."""
    text = (ROOT / "data" / "recordings" / "README.md").read_text()
    (commands,) = re.findall(r"```\n(.*?)```", text, re.S)
    given = dict(re.findall(r"`(source|positive): (\w+)`", text))
    rng = np.random.default_rng(0)
    for name, tone in ((given["positive"], 0.3), ("noise", 0.0)):
        folder = project.folder / "data" / "recordings" / name
        folder.mkdir()
        for number in range(30):
            clip = tone * np.sin(np.arange(24_000) / 3) + rng.normal(0, 0.1, 24_000)
            soundfile.write(folder / f"{number}.wav", clip, 24_000)
    project.params(lambda p: p["data"].update(given))
    for command in map(shlex.split, commands.strip().splitlines()):
        done = project.run(*command, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    page = re.sub(r"<[^>]*>", "", project.page("first"))
    assert page.count("No recorder was held out") == 1
    assert "Claims about OOD F1 are judged by IID F1 instead." in page
    findings = json.loads((project.folder / "results" / "first" / "findings.json").read_text())
    assert list(findings["claims"]) == ["mixup-matters"]
    assert findings["claims"]["mixup-matters"]["estimate"] is not None


@pytest.mark.parametrize("kind", ["folder", "s3"])
def test_a_second_clone_pulls_every_page_and_trains_nothing(project, tmp_path, kind, request):
    place = "s3://results/runs" if kind == "s3" else str(tmp_path / "remote")
    project.run("dvc", "remote", "add", "-d", "shared", place)
    if kind == "s3":
        address = request.getfixturevalue("s3")
        project.run("dvc", "remote", "modify", "shared", "endpointurl", address)
    project.commit()
    project.run("dvc", "push")
    folder = tmp_path / "second"
    project.run("git", "clone", "-q", str(project.folder), str(folder))
    second = Project(folder)
    second.run("dvc", "pull")
    for page in ("index", "calls-stage2", "calls-stage3"):
        there = Path("reports", "_site", f"{page}.html")
        assert (folder / there).read_bytes() == (project.folder / there).read_bytes()
    assert second.repro() == ({"prepare@calls"}, {})
    assert second.run("git", "status", "--porcelain").stdout == ""
    assert not (folder / ".uphold" / "journal").exists()
