"""Who may import whom, read from the imports themselves."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from uphold.pipeline import digest
from uphold.pipeline.study import found

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src"
STUDIES = tuple(found())
SHARED = (
    "training",
    "evaluation",
    "statistics",
    "claims",
    "audits",
    "archive",
    "runlog",
    "analysis",
    "pages",
    "rendering",
    "pipeline",
)

# What every module may use without a stage naming it: it decides no output.
NOT_IN_DEPS = {
    "studies",
    "uphold.errors",
    "uphold.validation",
    *(f"studies.{study}" for study in STUDIES),
}


def modules(package: str) -> list[str]:
    files = (SOURCE / "uphold" / package).rglob("*.py")
    parts = (path.relative_to(SOURCE).with_suffix("").parts for path in files)
    return [".".join(p[:-1] if p[-1] == "__init__" else p) for p in parts]


def outside(module: str) -> set[str]:
    """Return the top-level names of what a module imports from anywhere."""
    tree = ast.parse(digest._source(module).read_text())
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) and n.module}
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize(
    "package",
    ["statistics", "claims", "audits", "archive", "runlog", "analysis", "pages", "rendering"],
)
def test_what_judges_and_tells_never_imports_torch(package):
    for module in modules(package):
        reached = digest.reached(module)
        assert not [m for m in reached if "torch" in outside(m)], module


@pytest.mark.parametrize("package", SHARED)
def test_shared_packages_never_import_a_study(package):
    for module in modules(package):
        direct = digest._imports(module)
        assert not [m for m in direct if m.split(".")[1:2] and m.split(".")[1] in STUDIES], module


def test_importing_the_command_line_loads_nothing_heavy():
    heavy = ["torch", "pandas", "numpy", "scipy", "matplotlib", "pydantic", "rich"]
    code = f"import uphold.cli, sys; print([m for m in {heavy} if m in sys.modules])"
    command = [sys.executable, "-c", code]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert set(ast.literal_eval(told)) <= {"rich"}


def stage_deps(stage: str, study: str) -> list[str]:
    """Return the code that a stage's ``deps`` name, for one study."""
    stages = yaml.safe_load((ROOT / "dvc.yaml").read_text())["stages"]
    deps = stages["report" if stage == "render" else stage]["do"]["deps"]
    names = (d.replace("${key}", study).replace("${item.study}", study) for d in deps)
    return [name for name in names if name.startswith("src/")]


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize(
    ("stage", "part"),
    [
        ("prepare", "data"),
        ("train", "training"),
        ("evaluate", "evaluation"),
        ("analyze", None),
        ("render", None),
    ],
)
def test_a_stage_s_deps_name_the_code_it_uses(stage, part, study):
    entries = [f"uphold.pipeline.stages.{stage}", *([f"studies.{study}.{part}"] if part else [])]
    entries += modules("pages") if stage == "render" else []
    files = [ROOT / name for name in stage_deps(stage, study)]
    for module in digest.reached(*entries) - NOT_IN_DEPS:
        source = digest._source(module)
        empty = source.name == "__init__.py" and len(ast.parse(source.read_text()).body) <= 1
        assert empty or any(f == source or f in source.parents for f in files), (
            f"{module} is used by {stage}; dvc.yaml does not say so"
        )
    for file in files:
        assert file.exists(), f"{stage} names {file}, which is not there"
