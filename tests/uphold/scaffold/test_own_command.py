"""A program becomes a study with a sweep and a page as it stands, and nothing is overwritten."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from uphold.errors import InputError
from uphold.scaffold.own_command import Command, lay_out_command

ROOT = Path(__file__).parents[3]
EXAMPLES = ROOT / "examples"
SPIRALS = "python train.py --lr {lr=0.01} --dropout {dropout=0.0,0.5} --epochs {epochs=2}"
SPIRALS += " --optimizer {optimizer=adam,sgd} --seed {seed} --out {out}"
SCORES = ["accuracy", "validation_accuracy"]


@pytest.fixture
def project(tmp_path):
    for name in ("params.yaml", "pyproject.toml", "dvc.yaml"):
        shutil.copy(ROOT / name, tmp_path / name)
    for place in ("reports", "params", "src", "tests", "data/published", "data/manifests"):
        ignored = shutil.ignore_patterns("_site", "__pycache__")
        shutil.copytree(ROOT / place, tmp_path / place, ignore=ignored)
    shutil.copytree(ROOT / "data" / "recordings", tmp_path / "data" / "recordings")
    return tmp_path


def uphold(project, *arguments, module=("uphold",)):
    env = os.environ | {"PYTHONPATH": str(project / "src"), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", *module, *arguments]
    return subprocess.run(command, cwd=project, env=env, capture_output=True, text=True)


def test_a_program_passes_the_contract_as_it_is_laid_out(project):
    example, line = "spirals", SPIRALS
    scores = ["accuracy=test.acc", "validation_accuracy=val.acc"]
    shutil.copytree(EXAMPLES / example, project / "programs" / example)
    told = [part for score in scores for part in ("--score", score)]
    done = uphold(project, "new", example, "--command", line, *told)
    assert done.returncode == 0, done.stderr
    done = uphold(project, "check", example)
    assert done.returncode == 0, done.stderr
    checks = ["-p", "no:cacheprovider", "-q", "tests/contract", "-k", example]
    done = uphold(project, *checks, module=("pytest",))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.split()[0].count("s") == 2  # weights and checkpoints are the program's
    done = uphold(project, "check", "src/studies", module=("ruff",))
    assert done.returncode == 0, done.stdout
    params = yaml.safe_load((project / "params" / f"{example}.yaml").read_text())
    assert f"{example}-sweep" in params["sweeps"]
    assert len(params["writeups"][example]["claims"]) == 3


@pytest.mark.parametrize(
    ("typed", "kind", "levels"),
    [
        ("1e-4,1e-3", "float", [0.0001, 0.001]),
        ("-0.1,1e-3,.5", "float", [-0.1, 0.001, 0.5]),
        ("-1,+2", "int", [-1, 2]),
        ("false,true", "bool", [False, True]),
        ("16,adam", "choice", ["16", "adam"]),
        ("on,adam", "choice", ["on", "adam"]),
        ("yes,no", "choice", ["yes", "no"]),
        ("null,~", "choice", ["null", "~"]),
        ("010,0x10", "choice", ["010", "0x10"]),
        ("1:30,2:30", "choice", ["1:30", "2:30"]),
        ("1_000,2_000", "choice", ["1_000", "2_000"]),
        ("nan,.inf", "choice", ["nan", ".inf"]),
        ("2024-01-01,2024-99-99", "choice", ["2024-01-01", "2024-99-99"]),
        ("#a,*b,; rm -rf ~", "choice", ["#a", "*b", "; rm -rf ~"]),
    ],
)
def test_a_level_is_what_was_typed(project, typed, kind, levels):
    (project / "programs" / "toy").mkdir(parents=True)
    (project / "programs" / "toy" / "train.py").write_text("")
    line = f"python train.py '{{lr={typed}}}' {{seed}} {{out}}"
    told = [part for score in SCORES for part in ("--score", score)]
    done = uphold(project, "new", "toy", "--command", line, *told)
    assert done.returncode == 0, done.stderr
    params = yaml.safe_load((project / "params" / "toy.yaml").read_text())
    assert params["data"]["settings"]["lr"]["kind"] == kind
    written = params["sweeps"]["toy-sweep"]["design"]["factors"]["lr"]
    assert [*map(type, written)] == [*map(type, levels)]
    assert written == levels


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"line": "python train.py --lr {lr} --seed {seed} {out}"}, "{lr} has no value"),
        ({"line": "python train.py --lr {lr=0.1} --seed {seed} {out}"}, "levels to compare"),
        ({"line": "python train.py --lr {lr=1,2} {lr=1,3} {seed} {out}"}, "stands twice"),
        ({"line": "python train.py --lr {lr=1,2} {out}"}, "{seed}"),
        ({"line": "python train.py --lr {lr=1,2} {seed}"}, "{out}"),
        ({"line": "python train.py --lr {lr=1,2} {seed} {out} > log"}, "without one"),
        ({"line": "python train.py --lr {lr=a,} {seed} {out}"}, "empty level"),
        ({"line": "python 'train.py {lr=1,2} {seed} {out}"}, "parted into arguments"),
        ({"line": "python {seed=1,2} {out}"}, "seed"),
        ({"scores": ["accuracy"]}, "validation"),
        ({"program": "nowhere"}, "no folder nowhere"),
        ({"program": "../elsewhere"}, "outside this repository"),
        ({"program": "."}, "all of it"),
        ({"name": "calls"}, "exist"),
        ({"name": "Toy"}, "cannot be called"),
    ],
)
def test_what_cannot_be_laid_out_changes_nothing(project, change, why):
    (project / "programs" / "toy").mkdir(parents=True)
    (project / "programs" / "toy" / "train.py").write_text("")
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    good = {
        "name": "toy",
        "line": "python train.py --lr {lr=1,2} {seed} {out}",
        "program": "programs/toy",
        "scores": SCORES,
    }
    with pytest.raises(InputError) as error:
        lay_out_command(Command(**good | change), project)
    assert why in str(error.value)
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


def test_where_the_sweep_cannot_be_laid_out_nothing_is_left_of_the_study(project):
    (project / "programs" / "toy").mkdir(parents=True)
    (project / "programs" / "toy" / "train.py").write_text("")
    before = kept(project)
    line = "python train.py {lr=0.1,0.10} {seed} {out}"
    told = [part for score in SCORES for part in ("--score", score)]
    done = uphold(project, "new", "toy", "--command", line, *told)
    assert done.returncode != 0
    assert "stands twice" in done.stderr
    assert kept(project) == before
    assert not (project / "src" / "studies" / "toy").exists()
    assert not (project / "data" / "published" / "toy").exists()


def kept(project):
    files = (path for path in project.rglob("*") if path.is_file())
    return {path: path.read_bytes() for path in files if "__pycache__" not in path.parts}
