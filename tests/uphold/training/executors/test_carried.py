import numpy as np
import pytest

from uphold.training.executors import carried


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Prepared data; the system's place for temporary files is one of the test's own."""
    (tmp_path / "data" / "deep").mkdir(parents=True)
    (tmp_path / "data" / "deep" / "features.npy").write_bytes(bytes(range(256)))
    (tmp_path / "data" / "empty").write_bytes(b"")
    (tmp_path / "node").mkdir()
    monkeypatch.setattr(carried.tempfile, "tempdir", str(tmp_path / "node"))
    monkeypatch.setattr(carried, "_FOUND", {})
    return tmp_path / "data"


@pytest.fixture
def store(folder):
    """The files in a store, and how often one was got out of it."""
    kept: list[np.ndarray] = []

    def put(array):
        kept.append(array)
        return len(kept) - 1

    digest, files = carried.put(folder, put)

    def fetch(place):
        return carried.fetched(digest, files, kept.__getitem__, place)

    return digest, fetch


def contents(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_folder_that_is_seen_is_used_where_it_is(folder, store):
    digest, _ = store
    assert carried.found(folder, digest, lambda place: pytest.fail("it was fetched")) == folder


def test_what_is_not_seen_is_fetched_once_a_node(folder, store, monkeypatch):
    digest, fetch = store
    whole = contents(folder)
    folder.rename(folder.with_name("away"))
    place = carried.found(folder, digest, fetch)
    assert place != folder and contents(place) == whole
    monkeypatch.setattr(carried, "_FOUND", {})  # another process of the node
    again = carried.found(folder, digest, lambda place: pytest.fail("it was fetched again"))
    assert again == place


@pytest.mark.parametrize("at", ["there", "kept"])
def test_a_folder_of_other_content_is_not_taken_for_it(folder, store, at, monkeypatch):
    digest, fetch = store
    whole = contents(folder)
    if at == "there":
        (folder / "empty").write_bytes(b"changed")
        wrong = folder
    else:
        folder.rename(folder.with_name("away"))
        wrong = carried.found(folder, digest, fetch)
        (wrong / "empty").write_bytes(b"changed")
        monkeypatch.setattr(carried, "_FOUND", {})
    place = carried.found(folder, digest, fetch)
    assert place != wrong and contents(place) == whole


def test_of_two_that_fetch_one_folder_stays(folder, store):
    _, fetch = store
    place = folder.parent / "node" / "kept"
    assert fetch(place) == fetch(place) == place
    assert [path.name for path in place.parent.iterdir()] == ["kept"]
