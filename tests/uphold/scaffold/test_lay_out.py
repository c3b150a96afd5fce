"""A new study runs as it stands, and laying it out overwrites nothing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from uphold.errors import InputError
from uphold.scaffold import lay_out

ROOT = Path(__file__).parents[3]
COPIED = ("src", "reports", "params", "tests")
COPIED += ("data/published", "data/manifests", "data/recordings")


@pytest.fixture
def project(tmp_path):
    for name in ("params.yaml", "pyproject.toml", "dvc.yaml"):
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def test_a_new_study_passes_the_contract_as_it_stands(project):
    for place in COPIED:
        ignored = shutil.ignore_patterns("_site", "__pycache__")
        shutil.copytree(ROOT / place, project / place, ignore=ignored)
    before = (project / "params.yaml").read_text()
    written = lay_out("wing_beats", project)
    after = (project / "params.yaml").read_text()
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []
    assert yaml.safe_load(after)["sweeps"]["wing_beats-width"]["study"] == "wing_beats"
    assert all((project / path).is_file() for path in written)
    places = {
        path.parts[:3] if path.parts[0] in ("src", "data") else path.parts for path in written
    }
    assert places == {
        ("src", "studies", "wing_beats"),
        ("data", "published", "wing_beats"),
        ("params", "wing_beats.yaml"),
        ("params.yaml",),
        ("reports", "wing_beats.qmd"),
        ("reports", "_quarto.yml"),
        ("results", "wing_beats", "replication.json"),
        ("results", "wing_beats", "larger.json"),
    }
    env = os.environ | {"PYTHONPATH": str(project / "src"), "OMP_NUM_THREADS": "1"}
    pytests = ["pytest", "-p", "no:cacheprovider", "tests/contract", "tests/uphold/test_imports.py"]
    checks = ([*pytests, "-k", "wing_beats"], ["ruff", "check", "src/studies/wing_beats"])
    for check in checks:
        command = [sys.executable, "-m", *check]
        done = subprocess.run(command, cwd=project, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "name",
    [
        *("Wings", "2wings", "wing-beats", "index", "checked", "class", "", "../wings"),
        *("on", "yes", "no", "off", "null", "true", "y", "None", "1", "a b", "a\nb", "a;b", "ä"),
    ],
)
def test_a_name_that_cannot_be_a_package_is_refused(project, name):
    with pytest.raises(InputError, match="cannot be called"):
        lay_out(name, project)


def test_nothing_is_overwritten(project):
    lay_out("wings", project)
    params = (project / "params.yaml").read_bytes()
    shutil.rmtree(project / "src")
    with pytest.raises(InputError, match=r"exists? already"):
        lay_out("wings", project)
    assert (project / "params.yaml").read_bytes() == params
    assert not (project / "src").exists()


def test_names_of_other_sections_are_not_taken_over(project):
    with pytest.raises(InputError, match=r"calls exists already|studies\.calls exists"):
        lay_out("calls", project)


def everything(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


READ = ("recordings", "radioml", "grids", "ravdess")


@pytest.mark.parametrize("there", [True, False])
@pytest.mark.parametrize("name", [*READ, "published", "manifests", "promoted"])
def test_a_name_whose_folders_are_others_already_is_refused(project, name, there):
    """Preparing such a study would put its data where the files of others lie, or will."""
    if there:
        folder = project / ("results" if name == "promoted" else "data") / name
        folder.mkdir(parents=True)
        (folder / "mine.wav").write_bytes(b"mine")
    before = everything(project)
    with pytest.raises(InputError, match="another name") as refused:
        lay_out(name, project)
    assert "remove" not in str(refused.value)
    assert everything(project) == before


@pytest.mark.parametrize(
    "place",
    [
        "data/wings",
        "params/wings.yaml",
        "data/published/wings",
        "results/wings",
        "results/promoted/wings-width.json",
        "reports/wings.qmd",
        "reports/_site/wings.html",
        "reports/_site/wings.pdf",
    ],
)
def test_a_name_of_which_something_is_there_is_refused(project, place):
    (project / place).parent.mkdir(parents=True)
    (project / place).symlink_to(project / "nowhere")
    before = everything(project)
    with pytest.raises(InputError, match=f"{place} exists already"):
        lay_out("wings", project)
    assert everything(project) == before


def test_a_place_that_a_study_s_settings_name_is_not_taken(project):
    params = project / "params.yaml"
    params.write_text(params.read_text().replace("data/radioml}", "data/wings/radioml}"))
    assert "data/wings/radioml" in params.read_text()
    with pytest.raises(InputError, match=r"studies\.radio"):
        lay_out("wings", project)


def test_a_last_line_without_an_end_stays_a_line(project):
    params = project / "params.yaml"
    params.write_text(params.read_text().rstrip())
    before = yaml.safe_load(params.read_text())
    lay_out("wings", project)
    after = yaml.safe_load(params.read_text())
    for section in ("studies", "sweeps", "writeups"):
        assert list(after[section])[:-1] == list(before[section])


@pytest.mark.parametrize("empty", ["", " {}", " {  }   # none yet", "  # none yet"])
def test_sections_may_be_empty_before_the_first_study(project, empty):
    params = project / "params.yaml"
    sections = "\n\n# Why.\n".join(f"{s}:{empty}" for s in ("studies", "sweeps", "writeups"))
    params.write_text(f"scale: quick\njournal: .uphold/journal\n{sections}\n")
    for name in ("wings", "songs"):
        lay_out(name, project)
    text = params.read_text()
    assert text.count("# Why.") == 2
    assert text.count("# none yet") == 3 * ("none yet" in empty)
    names = yaml.safe_load(text)
    assert list(names["studies"]) == list(names["writeups"]) == ["wings", "songs"]
    assert list(names["sweeps"]) == ["wings-width", "songs-width"]


def test_a_section_that_is_missing_is_named(project):
    params = project / "params.yaml"
    params.write_text("scale: quick\nstudies: {}\nsweeps: {}\n")
    with pytest.raises(InputError, match="no section 'writeups'"):
        lay_out("wings", project)
    assert not (project / "src").exists()


def test_a_name_is_as_short_as_names_of_files_are(project):
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    with pytest.raises(InputError, match="at most 60 letters, not 300"):
        lay_out("w" * 300, project)
    assert before == {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
