"""What stood before the results is worked out once for each state of the params and the commits."""

import json

import pytest

from uphold.claims.registration import Registry
from uphold.pipeline.stages.register import register

from ...repositories import CODE, FILE, NAMES, PARAMS, RESULTS, Repository, changed

WRITEUPS = {"p": ("calls", ["a"]), "q": ("calls", ["b"])}


def two() -> dict:
    """Return params with two write-ups, each about a sweep of its own."""
    names = changed({"study": "calls", "writeup": "q", "after": "a"}, "sweeps", "b", base=NAMES)
    file = changed(FILE["sweeps"]["a"], "sweeps", "b")
    file = changed({"claims": {"three": {"metric": "f1"}}}, "writeups", "q", base=file)
    return {"params.yaml": names, "params/calls.yaml": file}


@pytest.fixture
def repository(tmp_path):
    return Repository(tmp_path)


@pytest.fixture
def registered(repository, monkeypatch):
    """Return a function that registers: what was written, and how often it was worked out."""
    worked_out = []
    real = Registry.of
    monkeypatch.setattr(Registry, "of", lambda *a: worked_out.append(1) or real(*a))

    def run() -> tuple[dict, int]:
        worked_out.clear()
        folder = repository.folder
        register(folder, WRITEUPS, folder / "out", folder / "kept")
        files = (folder / "out").glob("*.json")
        return {path.stem: json.loads(path.read_text()) for path in files}, len(worked_out)

    return run


def test_a_write_up_has_its_own_claims_and_sweeps(repository, registered):
    repository.write(two())
    found, _ = registered()
    assert {name: (set(f["claims"]), set(f["sweeps"])) for name, f in found.items()} == {
        "p": ({"one", "two"}, {"a"}),
        "q": ({"three"}, {"b"}),
    }


def test_the_answer_is_worked_out_once_for_each_state(repository, registered):
    repository.write(two())
    assert registered()[1] == 2
    assert registered()[1] == 0
    for change in ({}, RESULTS, {CODE: "x = 1"}, {"params/calls.yaml": {}}):
        repository.commit(change)
        found, times = registered()
        assert times == 2
        assert registered() == (found, 0)
    repository.commit({"other": "x"})
    assert registered() == (found, 0)


def test_an_edit_of_training_code_is_seen_each_time(repository, registered):
    repository.commit(two(), {CODE: "x = 1\n"}, RESULTS)
    for text, uncommitted in (("x = 2\n", True), ("# why\nx = 1\n", False), ("x = 1\n", False)):
        repository.write({CODE: text})
        assert registered()[0]["p"]["sweeps"]["a"]["code"]["uncommitted"] == uncommitted


def test_what_git_does_not_have_changes_nothing(repository, registered):
    """Runs in the journal, and when they began, have no say."""
    repository.commit(two(), RESULTS)
    first, _ = registered()
    repository.write({"results/p/sweeps/a/training.json": "{}", ".uphold/journal/x": "1"})
    assert registered() == (first, 0)


@pytest.mark.parametrize("damage", ["", "[]", '{"digest": 1}'])
def test_a_damaged_answer_is_worked_out_again(repository, registered, damage):
    repository.commit(PARAMS)
    first, _ = registered()
    (repository.folder / "kept" / "answers.json").write_text(damage)
    assert registered() == (first, 2)


def test_a_date_in_the_params_can_be_written_down(repository, registered):
    repository.commit(two(), RESULTS)
    file = "writeups: {p: {claims: {one: {metric: f1, where: {day: 2024-05-01}}}}}"
    repository.commit({"params/calls.yaml": file})
    claims = registered()[0]["p"]["claims"]
    assert "2024-05-01" in json.dumps(claims["one"])
