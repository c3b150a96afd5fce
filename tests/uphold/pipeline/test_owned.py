"""Files that are replaced one by one, among others; folders: ``tests/stages/test_prepare.py``."""

import errno
import os

import pytest

from uphold.errors import InputError
from uphold.pipeline.owned import publish_all, refuse_overwriting

OLD = {"a.txt": b"1", "tables/b.csv": b"2"}
NEW = {"a.txt": b"3", "tables/b.csv": b"4", "c.txt": b"5"}


def test_what_was_written_may_be_written_again(tmp_path):
    publish_all(tmp_path, OLD)
    (tmp_path / "mine.txt").write_bytes(b"mine")
    refuse_overwriting(tmp_path, NEW)
    publish_all(tmp_path, NEW)
    refuse_overwriting(tmp_path, OLD)
    assert {name: (tmp_path / name).read_bytes() for name in NEW} == NEW
    assert (tmp_path / "mine.txt").read_bytes() == b"mine"


@pytest.mark.parametrize("name", NEW)
def test_what_was_not_is_named(tmp_path, name):
    publish_all(tmp_path, OLD)
    (tmp_path / name).write_bytes(b"mine")
    with pytest.raises(InputError, match=f"holds {name}, which"):
        refuse_overwriting(tmp_path, NEW)


@pytest.mark.parametrize("marker", [b"", b"[]", b"[1]", b"null", b'{"a.txt": 1}', b"\xff"])
def test_a_marker_that_is_none_gives_nothing_away(tmp_path, marker):
    publish_all(tmp_path, OLD)
    (tmp_path / ".written.json").write_bytes(marker)
    with pytest.raises(InputError, match=r"holds a\.txt"):
        refuse_overwriting(tmp_path, NEW)


@pytest.mark.parametrize("step", range(5))
def test_killed_between_two_files_and_run_again(tmp_path, monkeypatch, step):
    publish_all(tmp_path, OLD)
    done = []

    def dying(path, to):
        if len(done) == step:
            raise KeyboardInterrupt
        done.append(path)
        replace(path, to)

    replace = os.replace
    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", dying)
        with pytest.raises(KeyboardInterrupt):
            publish_all(tmp_path, NEW)
    refuse_overwriting(tmp_path, NEW)
    (tmp_path / "a.txt").write_bytes(b"mine")
    with pytest.raises(InputError, match=r"holds a\.txt"):
        refuse_overwriting(tmp_path, NEW)


def everything(folder):
    return {path: path.is_file() and path.read_bytes() for path in folder.rglob("*")}


@pytest.mark.parametrize("old", [{}, OLD])
@pytest.mark.parametrize("full_after", range(4))
def test_a_disk_that_becomes_full_leaves_what_was_there(tmp_path, monkeypatch, old, full_after):
    """The fourth file is the marker, which is written when all others are there."""
    out = tmp_path / "out"
    if old:
        publish_all(out, old)
    before, written = everything(tmp_path), []

    def full(file, content):
        written.append(file)
        if len(written) > full_after:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(file, content)

    write = os.write
    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(OSError, match=r"No space left on device: '.*partial'"):
            publish_all(out, NEW)
    assert everything(tmp_path) == before
    publish_all(out, NEW)
    assert {name: (out / name).read_bytes() for name in NEW} == NEW


@pytest.mark.parametrize(
    "name", [".a.txt.partial", "tables/.b.csv.partial", "..written.json.partial"]
)
@pytest.mark.parametrize("to", ["precious.txt", "nothing"])
def test_a_planted_link_is_not_followed(tmp_path, name, to):
    out, precious = tmp_path / "out", tmp_path / "precious.txt"
    precious.write_bytes(b"mine")
    (out / name).parent.mkdir(parents=True)
    (out / name).symlink_to(tmp_path / to)
    refuse_overwriting(out, NEW)
    publish_all(out, NEW)
    assert precious.read_bytes() == b"mine" and not (tmp_path / "nothing").exists()
    assert {name: (out / name).read_bytes() for name in NEW} == NEW
    assert not (out / name).is_symlink()


def test_an_inner_folder_that_is_a_file_or_a_link_is_refused_before_anything_is_written(tmp_path):
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    for made in (lambda path: path.write_bytes(b"mine"), lambda path: path.symlink_to(elsewhere)):
        elsewhere.mkdir(exist_ok=True)
        out.mkdir(exist_ok=True)
        made(out / "tables")
        with pytest.raises(InputError, match="tables is to be a folder, and is a file or a link"):
            refuse_overwriting(out, NEW)
        assert [path.name for path in out.iterdir()] == ["tables"]
        (out / "tables").unlink()
    assert not list(elsewhere.iterdir())
