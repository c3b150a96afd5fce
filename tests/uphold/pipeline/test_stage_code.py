"""The digests of the code of a kind of stages."""

import pytest
import yaml

from uphold.errors import InputError
from uphold.pipeline.stage_code import OWN, write_digests


@pytest.fixture
def files(tmp_path):
    """Lay out what a stage ``code-x`` names: a file, and a folder of two."""
    found = [tmp_path / "src" / name for name in ("a.py", "inner/b.py", "inner/deep/c.css")]
    for file in found:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("1")
    block = {"code-x": {"deps": [*OWN, "src/a.py", "src/inner"]}, "other": {}}
    (tmp_path / "dvc.yaml").write_text(yaml.safe_dump({"stages": block}))
    return found


def written(root) -> str:
    write_digests(root, "x")
    return (root / "results" / "code" / "x.txt").read_text()


def test_digests_change_with_each_file_and_with_nothing_else(files, tmp_path):
    first = written(tmp_path)
    assert [line.split("  ")[1] for line in first.splitlines()] == [
        file.relative_to(tmp_path).as_posix() for file in files
    ]
    for ignored in ("src/inner/__pycache__/b.cpython-311.pyc", "src/inner/.gitignore", *OWN):
        path = tmp_path / ignored
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("1")
    assert written(tmp_path) == first
    seen = {first}
    for file in files:
        file.write_text("2")
        seen.add(written(tmp_path))
    files[1].rename(files[1].with_name("d.py"))
    assert len(seen | {written(tmp_path)}) == 1 + len(files) + 1


def test_what_writes_them_is_left_out_of_a_folder_too(tmp_path):
    for name in (*OWN, "src/uphold/cli/check.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("1")
    (tmp_path / "dvc.yaml").write_text("stages: {code-x: {deps: [src/uphold/cli]}}")
    assert written(tmp_path).split()[1:] == ["src/uphold/cli/check.py"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda root: (root / "dvc.yaml").unlink(), "no dvc.yaml here"),
        (lambda root: (root / "dvc.yaml").write_text("stages: {code-y: {}}"), "Valid names: y"),
        (lambda root: (root / "dvc.yaml").write_text("stages: {}"), "no stage code-x"),
        (lambda root: (root / "src" / "a.py").unlink(), "src/a.py is missing"),
    ],
)
def test_what_is_not_there_is_named(files, tmp_path, change, says):
    change(tmp_path)
    with pytest.raises(InputError, match=says):
        write_digests(tmp_path, "x")
