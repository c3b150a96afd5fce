"""A preparation replaces what a preparation wrote, and never a file of anybody else's."""

import hashlib
import json
import os
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from uphold.errors import InputError
from uphold.pipeline import digest, owned
from uphold.pipeline.stages import prepare as stage


class Dead(BaseException):
    """What a killed process does: from then on, nothing."""


class Project:
    """A repository with one study, ``calls``, whose data are what `made` says."""

    def __init__(self, root: Path) -> None:
        self.folder = root / "data" / "calls"
        self.source = root / "data" / "recordings"
        self.made = {"x.bin": "1", "parts/y.bin": "2", "card.json": "{}"}
        self.inputs: list[Path] = []
        self.source.mkdir(parents=True)

    def prepare(self, watched: Path | None = None) -> str:
        return stage.prepare("calls", None, self.folder, [watched or self.source])

    def write(self, settings: None, folder: Path) -> None:
        """Write the study's data, as its package would."""
        for name, text in self.made.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)


@pytest.fixture
def project(tmp_path, monkeypatch):
    made = Project(tmp_path)
    data = SimpleNamespace(prepare=made.write, inputs=lambda settings: made.inputs)
    monkeypatch.setattr(stage, "find", lambda name: SimpleNamespace(module=lambda part: data))
    return made


def tree(folder: Path) -> dict[str, str | None]:
    """Return what a folder holds, by name: the text of a file, None for a folder or a link."""
    return {
        path.relative_to(folder).as_posix(): path.read_text() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def put(path: Path, text: str | None = "mine") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir() if text is None else path.write_text(text)


FOREIGN = [
    ("heron/a.wav", "mine"),
    (".hidden", "mine"),
    ("empty", None),
    ("notes/card.json", "{}"),
    ("parts/z.bin", "mine"),
]


@pytest.mark.parametrize("prepared", [False, True])
@pytest.mark.parametrize(("name", "text"), FOREIGN)
def test_a_folder_that_holds_anything_else_is_refused(project, prepared, name, text):
    if prepared:
        project.prepare()
    put(project.folder / name, text)
    before = tree(project.folder.parent)
    with pytest.raises(InputError) as refused:
        project.prepare()
    assert f"{project.folder} holds {name}" in str(refused.value)
    assert tree(project.folder.parent) == before


def test_it_is_refused_before_anything_is_made(project):
    put(project.folder / "mine.wav")
    project.made = None
    with pytest.raises(InputError, match=r"mine\.wav"):
        project.prepare()


def test_what_came_while_the_data_were_made_stays(project):
    project.prepare()
    before = tree(project.folder)
    write = project.write

    def slow(settings, folder):
        write(settings, folder)
        put(project.folder / "mine.wav")

    stage.find("calls").module("data").prepare = slow
    with pytest.raises(InputError, match=r"mine\.wav"):
        project.prepare()
    assert tree(project.folder) == {**before, "mine.wav": "mine"}


@pytest.mark.parametrize("place", ["", "parts"])
def test_what_comes_into_the_old_folder_until_it_is_removed_stays(project, monkeypatch, place):
    project.prepare()
    old = project.folder.with_name(".calls.old")
    refuse = owned._refuse

    def late(folder):
        refuse(folder)
        if folder == old:
            put(old / place / "mine.wav")

    monkeypatch.setattr(owned, "_refuse", late)
    with pytest.raises(InputError, match=r"\.calls\.old holds .*mine\.wav"):
        project.prepare()
    assert (old / place / "mine.wav").read_text() == "mine"


@pytest.mark.parametrize("name", ["x.bin", "parts/y.bin", "card.json"])
def test_a_file_that_was_changed_since_is_refused(project, name):
    project.prepare()
    put(project.folder / name, "edited")
    before = tree(project.folder.parent)
    with pytest.raises(InputError) as refused:
        project.prepare()
    assert f"{project.folder} holds {name}" in str(refused.value)
    assert tree(project.folder.parent) == before


def test_many_are_counted(project):
    for number in range(60):
        put(project.folder / f"{number:02}.wav")
    with pytest.raises(InputError, match=r"holds 00\.wav, 01\.wav, 02\.wav and 57 more"):
        project.prepare()


@pytest.mark.parametrize("gone", [None, "x.bin", "parts"])
def test_what_a_preparation_wrote_is_replaced_as_a_whole(project, gone):
    project.prepare()
    if gone == "parts":
        shutil.rmtree(project.folder / gone)
    elif gone:
        (project.folder / gone).unlink()
    project.made = {"z.bin": "3", "card.json": "{}"}
    project.prepare()
    assert {"z.bin", "card.json"} == set(tree(project.folder)) - {".written.json"}
    assert [path.name for path in project.folder.parent.iterdir()] != []
    assert sorted(p.name for p in project.folder.parent.iterdir()) == ["calls", "recordings"]


def test_an_empty_folder_is_taken(project):
    project.folder.mkdir()
    project.prepare()
    assert (project.folder / "x.bin").is_file()


def test_data_that_were_prepared_before_there_was_a_marker_are_known_by_their_card(project):
    project.prepare()
    (project.folder / ".written.json").unlink()
    project.prepare()
    (project.folder / ".written.json").unlink()
    put(project.folder / "notes" / "card.json")
    with pytest.raises(InputError, match="holds"):
        project.prepare()
    assert (project.folder / "notes" / "card.json").read_text() == "mine"


def test_the_marker_changes_no_digest(project):
    project.prepare()
    answer = json.loads((project.folder / "card.json").read_text())["digest"]
    assert digest.of_data(project.folder) == answer
    (project.folder / ".written.json").unlink()
    assert digest.of_data(project.folder) == answer


@pytest.mark.parametrize("place", ["data/calls", "data/calls/wavs", "data"])
@pytest.mark.parametrize("read", [False, True])
def test_a_source_and_the_output_keep_apart(project, tmp_path, place, read):
    source = tmp_path / place
    put(source / "mine.wav")
    project.inputs = [source] if read else []
    before = tree(tmp_path)
    with pytest.raises(InputError) as refused:
        project.prepare(source)
    assert str(source) in str(refused.value)
    assert "another" in str(refused.value)
    assert tree(tmp_path) == before


def test_a_source_that_is_a_link_to_the_output_is_refused(project, tmp_path):
    project.prepare()
    (tmp_path / "link").symlink_to(project.folder)
    with pytest.raises(InputError, match="another"):
        project.prepare(tmp_path / "link")


@pytest.mark.parametrize("kind", ["file", "link", "link to prepared data", "link to nothing"])
def test_an_output_that_is_no_folder_is_refused(project, tmp_path, kind):
    put(tmp_path / "elsewhere" / "mine.wav")
    if kind == "file":
        put(project.folder)
    elif kind == "link to prepared data":
        project.prepare()
        project.folder.rename(tmp_path / "prepared")
        project.folder.symlink_to(tmp_path / "prepared")
    else:
        project.folder.symlink_to(tmp_path / ("elsewhere" if kind == "link" else "nowhere"))
    before = tree(tmp_path)
    with pytest.raises(InputError, match=f"{project.folder} is to be a folder"):
        project.prepare()
    assert tree(tmp_path) == before


@pytest.mark.parametrize("name", [".calls.partial", ".calls.old"])
def test_folders_that_look_like_a_preparation_s_are_left_alone(project, name):
    project.prepare()
    put(project.folder.with_name(name) / "mine.wav")
    try:
        project.prepare()
    except InputError as refused:
        assert name in str(refused)
    assert (project.folder.with_name(name) / "mine.wav").read_text() == "mine"
    assert (project.folder / "x.bin").is_file()


def test_a_preparation_that_fails_leaves_the_data_as_they_were(project):
    project.prepare()
    before = tree(project.folder.parent)

    def fails(settings, folder):
        put(folder / "half.bin")
        raise InputError("no")

    stage.find("calls").module("data").prepare = fails
    with pytest.raises(InputError, match="no"):
        project.prepare()
    assert tree(project.folder.parent) == before


STEPS = ("rename", "replace", "unlink", "rmdir")


@pytest.mark.parametrize("step", range(12))
def test_killed_at_any_step_and_run_again(project, monkeypatch, step):
    """Old or new data are on disk as a whole at each moment, and the next run mends the rest."""
    project.prepare()
    old = tree(project.folder)
    project.made = {"z.bin": "3", "parts/y.bin": "4", "card.json": "{}"}
    done = []

    def dying(real):
        def run(*arguments, **options):
            if len(done) >= step:
                raise Dead
            done.append(real.__name__)
            return real(*arguments, **options)

        return run

    with monkeypatch.context() as patched:
        for name in STEPS:
            patched.setattr(os, name, dying(getattr(os, name)))
        try:
            project.prepare()
        except Dead:
            killed = True
        else:
            killed = False
    assert killed or step > 3  # the swap alone has two steps
    beside = [path for path in project.folder.parent.iterdir() if path.name != "recordings"]
    whole = [tree(path) for path in beside]
    new = {name: text for name, text in project.made.items() if name != "card.json"}
    assert any(found == old or new.items() <= found.items() for found in whole)
    # also where the data cannot be made any more, those that were there come back
    with monkeypatch.context() as patched:
        patched.setattr(project, "made", None)
        with pytest.raises(AttributeError):
            project.prepare()
    assert {"z.bin", "x.bin"} & set(tree(project.folder))
    message = project.prepare()
    assert new.items() <= tree(project.folder).items()
    left = {p.name for p in project.folder.parent.iterdir()} - {"calls", "recordings"}
    assert all(name in message for name in left)
    assert len(left) <= 1


@pytest.mark.parametrize("name", ["../recordings/mine.wav", "{absolute}"])
def test_a_marker_gives_away_nothing_outside_its_folder(project, name):
    project.prepare()
    mine = project.source / "mine.wav"
    put(mine)
    marker = project.folder / ".written.json"
    named = json.loads(marker.read_text())
    named[name.format(absolute=mine)] = [hashlib.sha256(b"mine").hexdigest()]
    marker.write_text(json.dumps(named))
    project.prepare()
    assert mine.read_text() == "mine"


def test_data_that_runs_cannot_be_trained_on_replace_none(project, monkeypatch):
    project.prepare()
    before = tree(project.folder)

    def refuse(folder, run):
        raise InputError(f"{(folder / 'x.bin').read_text()} cannot be trained on by {run}")

    known = stage.find("calls")
    study = SimpleNamespace(module=known.module, refuse=refuse)
    monkeypatch.setattr(stage, "find", lambda name: study)
    project.made["x.bin"] = "2"
    with pytest.raises(InputError, match="2 cannot be trained on by such runs"):
        stage.prepare("calls", None, project.folder, [project.source], "such runs")
    assert tree(project.folder) == before
