"""A repository that was laid out is whole, and nothing of anyone's is written over."""

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from uphold.errors import InputError
from uphold.rendering import lint_site
from uphold.scaffold import repository
from uphold.scaffold.repository import lay_out_repository, requirement

from .. import full_disk

ROOT = Path(__file__).parents[3]
spec = importlib.util.spec_from_file_location(
    "repository_template", ROOT / "tests" / "repository_template.py"
)
template = importlib.util.module_from_spec(spec)
spec.loader.exec_module(template)


class Installed:
    """A distribution as pip leaves it."""

    version = "1.2.3"

    def __init__(self, answer: dict | None) -> None:
        self.answer = answer

    def read_text(self, name: str) -> str | None:
        assert name == "direct_url.json"
        return json.dumps(self.answer) if self.answer else None


@pytest.fixture
def installed(monkeypatch):
    """Return a function that says how the framework was installed."""

    def say(answer: dict | None) -> None:
        monkeypatch.setattr(repository, "distribution", lambda name: Installed(answer))

    say(None)
    return say


@pytest.fixture
def committer(monkeypatch):
    """Give git a name to commit under, and no settings of this machine."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "somebody")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "somebody@example.org")


def in_it(folder: Path, *command: str) -> subprocess.CompletedProcess:
    """Run Python in a repository, on its studies and this framework."""
    path = os.pathsep.join([str(folder / "src"), str(ROOT / "src")])
    env = os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=folder, env=env, capture_output=True, text=True
    )


def test_the_repository_passes_its_own_checks_and_tests(tmp_path, installed, committer):
    folder = tmp_path / "of" / "mine"
    made = lay_out_repository(folder, "wing_beats")
    assert made.refused is None
    git = ["git", "-C", str(folder)]
    tracked = subprocess.check_output([*git, "ls-files"], text=True).splitlines()
    assert set(tracked) == {path.as_posix() for path in made.files}
    hidden = (".gitignore", ".dvcignore", ".dvc/config", ".dvc/.gitignore", ".ci/run")
    assert {*hidden, ".github/workflows/tests.yml", "reports/theme/palette.css"} <= set(tracked)
    assert os.access(folder / ".ci" / "run", os.X_OK)
    commands = [
        ("uphold", "check"),
        ("uphold", "lint"),
        ("ruff", "check", "."),
        ("ruff", "format", "--check", "."),
        ("pytest", "-p", "no:cacheprovider"),
    ]
    for command in commands:
        done = in_it(folder, *command)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "12 passed" in done.stdout
    assert subprocess.check_output([*git, "status", "--porcelain"], text=True) == ""


def test_a_framework_from_this_machine_alone_is_named(tmp_path, installed, committer):
    assert lay_out_repository(tmp_path / "one", "wings").near is None
    installed({"url": tmp_path.as_uri(), "dir_info": {}})
    assert lay_out_repository(tmp_path / "two", "wings").near == tmp_path.as_uri()
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="file is a file: name a new folder"):
        lay_out_repository(tmp_path / "file", "wings")


def test_every_stage_finds_what_it_depends_on(tmp_path, installed, committer):
    """What is there from the start is there, the rest is made by a stage before."""
    lay_out_repository(tmp_path, "wings")
    names = yaml.safe_load((tmp_path / "params.yaml").read_text())
    values = {
        "key": ["wings", "wings-width"],
        "item.study": ["wings"],
        "item.after": ["none"],
        "item.path": [names["studies"]["wings"]["path"]],
    }
    seen = set()
    for file in ("dvc.yaml", "results/dvc.yaml"):
        for stage, block in yaml.safe_load((tmp_path / file).read_text())["stages"].items():
            for dep in block.get("do", block)["deps"]:
                if dep.startswith(("results/", "data/$")) and "promoted" not in dep:
                    continue
                ways = [dep]
                of = {"item": block["foreach"]} if isinstance(block.get("foreach"), list) else {}
                for name, found in (values | of).items():
                    ways = [way.replace(f"${{{name}}}", value) for way in ways for value in found]
                assert any((tmp_path / way).exists() for way in ways), (stage, dep)
                seen.add(dep)
    assert {"requirements.txt", "reports/theme", "data/manifests", "${item.path}"} <= seen


def test_a_folder_that_holds_anything_is_refused_and_left(tmp_path, installed):
    (tmp_path / ".mine").write_text("mine")
    with pytest.raises(InputError, match="not empty"):
        lay_out_repository(tmp_path, "wings")
    with pytest.raises(InputError, match="is a file"):
        lay_out_repository(tmp_path / ".mine", "wings")
    assert [path.name for path in tmp_path.iterdir()] == [".mine"]


@pytest.mark.parametrize("name", ["Wings", "none", "import"])
def test_a_name_that_cannot_be_a_package_leaves_nothing(tmp_path, installed, name):
    with pytest.raises(InputError, match="cannot be called"):
        lay_out_repository(tmp_path / "new", name)
    assert not (tmp_path / "new").exists()


def test_without_a_name_for_git_all_is_there_and_nothing_committed(
    tmp_path, installed, monkeypatch
):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", os.devnull)
    monkeypatch.setenv("GIT_AUTHOR_NAME", "")
    made = lay_out_repository(tmp_path, "wings")
    assert made.refused
    assert (tmp_path / "params" / "wings.yaml").is_file()


def test_the_framework_is_taken_from_where_this_one_came_from(tmp_path, installed):
    assert requirement() == "uphold[studies,test]==1.2.3"
    folder = tmp_path / "of mine"
    folder.mkdir()
    installed({"url": folder.as_uri(), "dir_info": {}})
    assert requirement() == f"uphold[studies,test] @ {folder.as_uri()}"
    folder.rmdir()
    with pytest.raises(InputError, match="is gone"):
        requirement()
    answer = {"url": "https://example.org/u.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}}
    installed(answer)
    assert requirement() == "uphold[studies,test] @ git+https://example.org/u.git@abc"
    installed(answer | {"subdirectory": "python"})
    assert requirement().endswith("u.git@abc#subdirectory=python")
    installed({"url": "https://example.org/u.whl", "archive_info": {}})
    assert requirement() == "uphold[studies,test] @ https://example.org/u.whl"


def test_what_is_not_installed_cannot_be_required(monkeypatch):
    def missing(name: str) -> None:
        raise repository.PackageNotFoundError(name)

    monkeypatch.setattr(repository, "distribution", missing)
    with pytest.raises(InputError, match="not installed"):
        requirement()


def test_the_template_is_as_this_repository():
    assert template.stale() == [], "python tests/repository_template.py --write"


def test_the_pages_are_the_index_the_first_study_and_the_guides(tmp_path, installed, committer):
    ours = (ROOT / template.SETTINGS).read_text()
    laid_out = yaml.safe_load(template.without_studies(ours))
    whole = yaml.safe_load(ours)
    index, *studies, guides = whole["website"]["sidebar"]["contents"]
    assert studies
    whole["website"]["sidebar"]["contents"] = [index, guides]
    assert laid_out == whole
    lay_out_repository(tmp_path, "wings")
    there = yaml.safe_load((tmp_path / template.SETTINGS).read_text())
    *pages, section = there["website"]["sidebar"]["contents"]
    assert [page["href"] for page in pages] == ["index.qmd", "wings.qmd"]
    assert section == guides
    for page in (*pages, *guides["contents"]):
        assert (tmp_path / "reports" / page["href"]).is_file()
    assert lint_site(tmp_path / "reports") == []


def test_a_pipeline_is_laid_out_without_the_framework_s_files():
    text = (
        "stages:\n  report:\n    do:\n      deps:\n        - src/studies/${key}/page\n"
        "        - src/uphold/cli\n      outs:\n        - x\n"
    )
    assert template.laid_out(text) == (
        "stages:\n  report:\n    do:\n      deps:\n        - src/studies/${key}/page\n"
        "        - reports/theme\n        - requirements.txt\n      outs:\n        - x\n"
    )
    for name in template.PIPELINES:
        ours = yaml.safe_load((ROOT / name).read_text())["stages"]
        theirs = yaml.safe_load(template.laid_out((ROOT / name).read_text()))["stages"]
        code = tuple(stage for stage in ours if stage.startswith(template.CODE))
        assert [stage for stage in ours if stage not in (*template.OWN, *code)] == list(theirs)
        for stage, block in ((name, ours[name]) for name in theirs):
            own, laid = block.get("do", block), theirs[stage].get("do", theirs[stage])
            assert {k: v for k, v in own.items() if k != "deps"} == {
                k: v for k, v in laid.items() if k != "deps"
            }
            other = ("src/uphold", "results/code", "CITATION.cff")
            kept = [dep for dep in own["deps"] if not dep.startswith(other)]
            assert [dep for dep in laid["deps"] if dep in own["deps"]] == kept


@pytest.mark.parametrize("name", ["Makefile", "requirements.txt", "study.py"])
def test_a_full_disk_is_told_with_the_file(tmp_path, installed, committer, name):
    with full_disk.told_of(name):
        lay_out_repository(tmp_path / "mine", "wings")
