import shutil
from pathlib import Path

import pytest

from uphold.pipeline.params import load

ROOT = Path(__file__).parents[3]


@pytest.fixture
def project(tmp_path):
    """The project's params and documents."""
    shutil.copy(ROOT / "params.yaml", tmp_path)
    shutil.copytree(ROOT / "params", tmp_path / "params")
    shutil.copytree(ROOT / "reports", tmp_path / "reports", ignore=shutil.ignore_patterns("_site"))
    for name in load(ROOT).names.writeups:
        (tmp_path / "results" / name).mkdir(parents=True)
        for kept in ("replication.json", "larger.json"):
            (tmp_path / "results" / name / kept).write_text("{}\n")
    return tmp_path
