"""What is edited around a program runs nothing of it again; what decides its runs does."""

import shutil
from pathlib import Path

import pytest

from uphold.pipeline.code_digest import of_command

SOURCE = Path(__file__).parents[3] / "src"
DECIDES_NOTHING = [
    ("command/process.py", "LINES, LONGEST = 12, 1500", "LINES, LONGEST = 20, 3000"),
    ("command/training.py", "COPIED = 16 * 2**20", "COPIED = 2**20"),
    ("command/settings.py", '"the folder that its results are read from"', '"its folder"'),
    ("command/results.py", "is not whole JSON", "is cut short"),
    ("command/results.py", "is not finite everywhere", "has NaN"),
    ("sources/npz.py", "LARGEST = 2**31", "LARGEST = 2**30"),
    ("runlog/importers/sacred_runs.py", "import", "import os\nimport"),
    ("pipeline/stages/train.py", "is run twice", "runs twice"),
]
DECIDES = [
    ("command/arguments.py", "str(value).lower()", "str(value)"),
    ("command/arguments.py", "repr(value)", "str(value)"),
    ("command/results.py", 'f"{under}{key}"', 'f"{under}/{key}"'),
    ("command/results.py", "np.arange(1, len(body) + 1)", "np.arange(len(body))"),
]


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    place = tmp_path_factory.mktemp("code") / "src"
    return shutil.copytree(SOURCE, place, ignore=shutil.ignore_patterns("__pycache__"))


def edited(root: Path, file: str, old: str, new: str) -> bool:
    """Return whether an edit changes the digest."""
    path = root / "uphold" / file
    before, text = of_command(root), path.read_text()
    try:
        assert old in text
        path.write_text(text.replace(old, new, 1))
        return of_command(root) != before
    finally:
        path.write_text(text)


@pytest.mark.parametrize(("file", "old", "new"), DECIDES_NOTHING)
def test_an_edit_that_decides_nothing_runs_nothing(copied, file, old, new):
    assert not edited(copied, file, old, new)


@pytest.mark.parametrize(("file", "old", "new"), DECIDES)
def test_an_edit_that_decides_runs_all(copied, file, old, new):
    assert edited(copied, file, old, new)
