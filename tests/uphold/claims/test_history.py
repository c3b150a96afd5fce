"""The commits that touched some paths, as git tells them."""

import pytest

from uphold.claims.history import Contents, History

from ..repositories import Repository


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path)


def made(repository, *paths: str) -> list[tuple[str, tuple[str, ...], list[str]]]:
    """Return each commit with its parents and the files that it changed."""
    found = History(repository.folder, paths).made
    return [(name, m.parents, [f.path for f in m.files]) for name, m in found.items()]


def test_commits_newest_first_with_their_parents_among_those_that_touched_the_paths(repository):
    one = repository.commit({"a/x.txt": "1"})
    repository.commit({"else": "1"})
    two = repository.commit({"a/y.txt": "1", "b": "1"})
    assert made(repository, "a") == [(two, (one,), ["a/y.txt"]), (one, (), ["a/x.txt"])]


def test_contents_before_and_after(repository):
    repository.commit({"a": "old"})
    repository.commit({"a": "new"})
    repository.commit({"a": None, "b": "other\nlines\n"})
    history = History(repository.folder, ["a", "b"])
    with Contents(repository.folder) as contents:
        texts = [
            (f.path, [x and contents.of(x) for x in (*f.before, f.after)])
            for made in history.made.values()
            for f in made.files
        ]
        assert texts == [
            ("a", [b"new", ""]),
            ("b", ["", b"other\nlines\n"]),
            ("a", [b"old", b"new"]),
            ("a", ["", b"old"]),
        ]
        last = next(iter(history.made))
        assert contents.of(f"{last}:./b") == b"other\nlines\n"
        assert contents.of(f"{last}:./a") == b"" == contents.of(f"{last}:./no such file")


def test_a_file_that_moved_has_its_old_content(repository):
    text = "the same\n" * 20
    repository.commit({"a/x": text})
    repository.commit({"a/x": None, "a/ÿ z": text})
    moved = next(iter(History(repository.folder, ["a"]).made.values())).files
    assert [f.path for f in moved] == ["a/ÿ z"] and moved[0].before == (moved[0].after,)


def test_what_a_merge_itself_changed(repository):
    start = repository.commit({"a": "1", "b": "1"})
    repository.git("checkout", "-qb", "side")
    side = repository.commit({"a": "2"})
    repository.git("checkout", "-q", "main")
    main = repository.commit({"b": "2"})
    repository.git("merge", "-q", "--no-ff", "--no-commit", "side")
    merge = repository.commit({"a": "3"})
    found = made(repository, "a", "b")
    assert found[0] == (merge, (main, side), ["a"]) and found[-1] == (start, (), ["a", "b"])
    history = History(repository.folder, ["a", "b"])
    assert history.before(merge) == {start, side, main} and history.before(main) == {start}
    assert len(history.made[merge].files[0].before) == 2


def test_in_a_folder_of_the_repository_paths_start_there(repository):
    repository.commit({"in/a": "1", "a": "1"})
    repository.write({"in/a": "2", "a": "2"})
    history = History(repository.folder / "in", ["a"])
    assert [f.path for m in history.made.values() for f in m.files] == ["a"]
    assert history.uncommitted == ["a"]


def test_a_shallow_clone_says_that_it_is_cut(repository, tmp_path):
    repository.commit({"a": "1"})
    last = repository.commit({"a": "2"})
    clone = History(repository.cloned(tmp_path / "clone", "--depth=1"), ["a"])
    assert clone.cut and [*clone.made] == [last] and not clone.made[last].parents
    assert not History(repository.folder, ["a"]).cut


def test_without_commits_or_a_repository_there_is_nothing(repository, tmp_path):
    assert not History(repository.folder, ["a"]).made
    outside = tmp_path.parent / "outside"
    outside.mkdir(exist_ok=True)
    assert not History(outside, ["a"]).made


def test_the_identity_is_that_of_what_touches_the_paths(repository):
    repository.commit({"a": "1"})

    def identity() -> str:
        return History(repository.folder, ["a"]).identity

    first = identity()
    repository.commit({"else": "1"})
    assert identity() == first
    repository.commit({"a": "2"})
    assert identity() != first
