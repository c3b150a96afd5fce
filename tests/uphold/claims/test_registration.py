"""Whether claims stood before their runs: on real repositories, with the times set by hand."""

import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from uphold.claims import registration as module
from uphold.claims.registration import Commit, History, Registration, registration
from uphold.errors import InputError

PARTS = {"its text": ("claims", "it"), "the margin": ("metrics", "f1", "margin")}
START = datetime(2024, 5, 1, 12, tzinfo=UTC)
METRIC = "\nmetrics: {f1: {margin: 0.02}}"


def git(folder, *arguments: str, when: datetime = START) -> str:
    identity = {"NAME": "a", "EMAIL": "a@example.org", "DATE": when.isoformat()}
    env = {f"GIT_{who}_{k}": v for who in ("AUTHOR", "COMMITTER") for k, v in identity.items()}
    env |= {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(folder)}
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def commit(tmp_path):
    """Commit a text as ``params.yaml`` so many hours after the start."""
    git(tmp_path, "init", "-q")

    def at(text: str, hours: int) -> Commit:
        (tmp_path / "params.yaml").write_text(text)
        git(tmp_path, "add", "params.yaml")
        when = START + timedelta(hours=hours)
        git(tmp_path, "commit", "-q", "-m", "change", when=when)
        return Commit(git(tmp_path, "rev-parse", "HEAD").strip(), when)

    return at


def of(folder, hours: float | None) -> Registration:
    """Judge the claim in ``params.yaml`` whose first run began so many hours after the start."""
    first_run = None if hours is None else START + timedelta(hours=hours)
    return registration(History(folder, "params.yaml"), PARTS, first_run)


def test_a_claim_stands_since_its_last_change(tmp_path, commit):
    commit("claims: {it: {expect: increase}}" + METRIC, 0)
    changed = commit("claims: {it: {expect: decrease}}" + METRIC, 1)
    commit("# a comment\nclaims:\n  other: {}\n  it: {expect: decrease}  # moved" + METRIC, 2)
    assert of(tmp_path, 1.5) == Registration(True, changed)
    assert of(tmp_path, 0.5) == Registration(False, changed={"its text": changed})
    # a commit in the same second was not before it
    assert of(tmp_path, 1).before is False


def test_a_margin_that_changed_after_the_runs_began(tmp_path, commit):
    first = commit("claims: {it: 1}" + METRIC, 0)
    changed = commit("claims: {it: 1}" + METRIC.replace("0.02", "0.05"), 2)
    assert of(tmp_path, 1) == Registration(False, changed={"the margin": changed})
    assert of(tmp_path, 3) == Registration(True, changed)
    commit("claims: {it: 1}" + METRIC, 4)
    assert of(tmp_path, 1).before is False and first.when < START + timedelta(hours=1)


def test_a_claim_that_went_and_came_back_counts_from_its_return(tmp_path, commit):
    commit("claims: {it: 1}" + METRIC, 0)
    commit("claims: {}" + METRIC, 1)
    back = commit("claims: {it: 1}" + METRIC, 2)
    assert of(tmp_path, 1.5).changed == {"its text": back}
    assert of(tmp_path, 3).commit == back


def test_a_broken_state_of_the_file_held_no_claim(tmp_path, commit):
    commit("claims: {it: 1" + METRIC, 0)
    mended = commit("claims: {it: 1}" + METRIC, 1)
    assert of(tmp_path, 2).commit == mended


def test_a_commit_that_deleted_the_file_held_no_claim(tmp_path, commit):
    commit("claims: {it: 1}" + METRIC, 0)
    git(tmp_path, "rm", "-q", "params.yaml")
    git(tmp_path, "commit", "-q", "-m", "gone", when=START + timedelta(hours=1))
    back = commit("claims: {it: 1}" + METRIC, 2)
    assert of(tmp_path, 3).commit == back


def test_what_is_not_committed_is_not_registered(tmp_path, commit):
    commit("claims: {it: 1}" + METRIC, 0)
    (tmp_path / "params.yaml").write_text("claims: {it: 2}" + METRIC)
    assert of(tmp_path, 1) == Registration(False, changed={"its text": None})


def test_without_a_repository_or_the_runs_nothing_is_known(tmp_path, commit):
    commit("claims: {it: 1}" + METRIC, 0)
    assert of(tmp_path, None).before is None and "journal" in of(tmp_path, None).reason
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "params.yaml").write_text("claims: {it: 1}" + METRIC)
    assert of(alone, 1).before is None and "no history" in of(alone, 1).reason


def test_a_shallow_clone_knows_what_stood_in_what_it_has(tmp_path, commit):
    commit("claims: {it: 1}" + METRIC, 0)
    last = commit("claims: {it: 1} # comment" + METRIC, 2)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{tmp_path}", str(clone))
    assert of(clone, 3) == Registration(True, last)
    assert of(clone, 1).before is None and "shallow" in of(clone, 1).reason
    assert of(tmp_path, 1).before is True


def test_a_file_in_a_folder_of_the_repository(tmp_path, commit):
    commit("claims: {}", 0)
    inner = tmp_path / "inner"
    inner.mkdir()
    (inner / "params.yaml").write_text("claims: {it: 1}" + METRIC)
    git(tmp_path, "add", "inner")
    git(tmp_path, "commit", "-q", "-m", "inner", when=START + timedelta(hours=1))
    assert of(inner, 2).commit.when == START + timedelta(hours=1)


def test_many_claims_cost_no_more_calls_of_git_than_one(tmp_path, commit, monkeypatch):
    for hours in range(5):
        commit(f"claims: {{it: 1, other: {hours}}}" + METRIC, hours)
    calls = []
    real = module._git
    monkeypatch.setattr(module, "_git", lambda *a, **k: calls.append(a[1]) or real(*a, **k))
    history = History(tmp_path, "params.yaml")
    for claim in ("it", "other") * 20:
        registration(history, {"its text": ("claims", claim)}, START)
    assert sorted(calls) == ["cat-file", "log", "rev-parse"]


def test_a_commit_says_its_name_and_date():
    assert str(Commit("abc1234def", START)) == "commit abc1234 of 2024-05-01"


def test_a_claim_that_is_not_there_is_an_error(tmp_path):
    (tmp_path / "params.yaml").write_text("claims: {}")
    with pytest.raises(InputError, match=r"params\.yaml: there is nothing at claims\.it"):
        of(tmp_path, 1)
