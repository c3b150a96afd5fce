"""Statistics and claims know nothing of torch or of any study, and a spec is cheap to check."""

import ast
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

import uphold

ROOT = Path(uphold.__file__).parent
ROOMS = ("statistics", "claims", "audits", "archive")
BESIDE = ("error_rates", "errors", "format", "run_states", "validation", "wrong_values")
ALLOWED = {f"uphold.{room}" for room in (*ROOMS, *BESIDE)}
FILES = [f for name in ROOMS for f in (ROOT / name).rglob("*.py")]


def imported(nodes: Iterable[ast.AST]) -> set[str]:
    names = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module)
    return names


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(ROOT)))
def test_imports(file):
    tree = ast.parse(file.read_text("utf-8"))
    names = imported(ast.walk(tree))
    assert not {n for n in names if n.split(".")[0] in ("torch", "dvc", "matplotlib")}
    # A second to import: only by what needs it, when it does.
    assert not {n for n in imported(tree.body) if n.split(".")[0] == "statsmodels"}
    ours = {".".join(n.split(".")[:2]) for n in names if n.startswith(("studies.", "uphold."))}
    assert ours <= ALLOWED | {"uphold.randomness"}
    if "statistics" in file.relative_to(ROOT).parts:
        assert "uphold.claims" not in ours


def test_a_claim_is_read_without_pandas_scipy_or_the_statistics():
    code = (
        "import sys; from uphold.claims.spec import Spec\n"
        "claim = {'metric': 'f1', 'contrast': {'factor': 'a', 'from': 0, 'to': 1}}\n"
        "f1 = {'label': 'F1', 'better': 'higher', 'margin': 0.02}\n"
        "spec = {'replicate': 'seed', 'factors': ['a'], 'metrics': {'f1': f1}, 'primary': 'f1'}\n"
        "assert Spec.model_validate(spec | {'claims': {'it': claim}}).claims['it'].form\n"
        "heavy = {'pandas', 'scipy', 'torch', 'matplotlib', 'uphold.statistics'}\n"
        "print(heavy & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
