"""Who may import whom, read from the imports themselves."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

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
    "scaffold",
    "testing",
)


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
    answer = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert set(ast.literal_eval(answer)) <= {"rich"}
