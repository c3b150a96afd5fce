"""Files that are replaced one by one, among others; folders: ``tests/stages/test_prepare.py``."""

import pytest

from uphold.errors import InputError
from uphold.pipeline import owned
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

    def dying(path, content):
        if len(done) == step:
            raise KeyboardInterrupt
        done.append(path)
        publish(path, content)

    publish = owned.publish
    with monkeypatch.context() as patched:
        patched.setattr(owned, "publish", dying)
        with pytest.raises(KeyboardInterrupt):
            publish_all(tmp_path, NEW)
    refuse_overwriting(tmp_path, NEW)
    (tmp_path / "a.txt").write_bytes(b"mine")
    with pytest.raises(InputError, match=r"holds a\.txt"):
        refuse_overwriting(tmp_path, NEW)
