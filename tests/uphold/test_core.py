"""What a stranger installs for the report of a run log: no torch, no DVC, no study."""

import ast
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from uphold.cli import OF_STUDIES

ROOT = Path(__file__).parents[2]
LOG = "lr,seed,f1\n" + "".join(
    f"{lr},{seed},{0.5 + lr + seed / 100}\n" for lr in (0.1, 0.2) for seed in (1, 2, 3)
)
SPEC = """
replicate: seed
factors: [lr]
metrics: {f1: {label: F1, better: higher, margin: 0.02}}
primary: f1
claims:
  faster-wins:
    says: The faster rate wins.
    metric: f1
    contrast: {factor: lr, from: 0.1, to: 0.2}
    expect: increase
"""
# Refuses what the extra `studies` brings, as if it were not installed, in kernels of pages as well.
REFUSE = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {refused}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Refuse())
"""
MODULES = {"ruamel.yaml.clib": "_ruamel_yaml"}


def extra() -> set[str]:
    """Return the modules of what only the extra ``studies`` brings, and the studies themselves."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = project["optional-dependencies"]["studies"]
    names = {line.split(">")[0].split("=")[0].split(";")[0].strip() for line in lines}
    return {MODULES.get(name, name) for name in names} | {"studies"}


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    site = folder / "site"
    site.mkdir(exist_ok=True)
    (site / "sitecustomize.py").write_text(REFUSE.format(refused=sorted(extra())))
    paths = [str(site), str(ROOT / "src")]
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )


def uphold(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    return run(folder, "-m", "uphold", *arguments)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "runs.csv").write_text(LOG)
    (tmp_path / "spec.yaml").write_text(SPEC)
    return tmp_path


def test_the_extra_is_what_the_card_says():
    assert {"torch", "dvc", "soundfile", "h5py", "jupyter"} <= extra()
    # a command line and a quicker parser, which nobody imports, the studies themselves, and what a
    # shared journal alone imports, which says itself where it is missing
    assert extra() - {"jupyter", "_ruamel_yaml", "studies", "fsspec"} == OF_STUDIES


def test_what_is_refused_is_really_refused(tmp_path):
    assert "No module named 'torch'" in run(tmp_path, "-c", "import torch").stderr


@pytest.mark.parametrize("verb", ["propose", "audit"])
def test_logs_are_read_and_audited(folder, verb):
    spec = [] if verb == "propose" else ["--spec", "spec.yaml"]
    done = uphold(folder, verb, "runs.csv", *spec)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_a_report_is_written(folder):
    done = uphold(folder, "report", "runs.csv", "--spec", "spec.yaml", "--out", "report")
    assert done.returncode == 0, done.stderr
    assert (folder / "report" / "report.pdf").read_bytes().startswith(b"%PDF")
    assert "The faster rate wins" in (folder / "report" / "report.html").read_text("utf-8")


def test_a_verb_that_needs_more_says_what_to_install(folder):
    for path in ("params.yaml", "params/calls.yaml"):
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes((ROOT / path).read_bytes())
    done = uphold(folder, "train", "calls-augmentation")
    answer = "is missing: pip install 'uphold[studies]'.\n"
    assert done.returncode == 2 and done.stderr.endswith(answer), done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_every_import_of_the_framework_is_declared():
    """Each third-party module that the framework names is a dependency, of the core or an extra."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    lines = [*project["dependencies"], *(line for extra in extras for line in extra)]
    declared = {line.split(">")[0].split("=")[0].split("[")[0].strip() for line in lines}
    modules = {MODULES.get(name, name).replace("-", "_").lower() for name in declared}
    modules |= {"yaml", "pypandoc"}  # pyyaml, pypandoc_binary
    named = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                named |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                named.add(node.module)
    tops = {name.partition(".")[0] for name in named} - set(sys.stdlib_module_names)
    assert {top for top in tops if top.lower() not in modules} <= {"uphold", "studies"}
