import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from studies.claims.registration import registration
from studies.errors import InputError

KEYS = ("claims", "it")
START = datetime(2024, 5, 1, 12, tzinfo=UTC)


@pytest.fixture
def commit(tmp_path):
    """Commit a text as ``params.yaml`` so many hours after the start, and return the commit."""

    def git(*arguments: str, when: datetime = START) -> str:
        identity = {"NAME": "a", "EMAIL": "a@example.org", "DATE": when.isoformat()}
        env = {f"GIT_{who}_{k}": v for who in ("AUTHOR", "COMMITTER") for k, v in identity.items()}
        env |= {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(tmp_path)}
        command = ["git", "-C", str(tmp_path), *arguments]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout

    git("init", "-q")

    def at(text: str, hours: int) -> str:
        (tmp_path / "params.yaml").write_text(text)
        git("add", "params.yaml")
        git("commit", "-q", "-m", "change", when=START + timedelta(hours=hours))
        return git("rev-parse", "HEAD").strip()

    return at


def of(tmp_path, hours: float | None):
    first_run = None if hours is None else START + timedelta(hours=hours)
    return registration(tmp_path, "params.yaml", KEYS, first_run)


def test_a_claim_stands_since_its_last_change(tmp_path, commit):
    commit("claims: {it: {expect: increase}}", 0)
    changed = commit("claims: {it: {expect: decrease}}", 1)
    commit("# a comment\nclaims:\n  other: {}\n  it: {expect: decrease}  # moved", 2)
    found = of(tmp_path, 1.5)
    assert (found.commit, found.since, found.before) == (changed, START + timedelta(hours=1), True)
    assert not of(tmp_path, 0.5).before
    assert of(tmp_path, None).before


def test_a_claim_that_went_and_came_back_counts_from_its_return(tmp_path, commit):
    commit("claims: {it: 1}", 0)
    commit("claims: {}", 1)
    back = commit("claims: {it: 1}", 2)
    assert of(tmp_path, 1.5) == registration(tmp_path, "params.yaml", KEYS, START)
    assert of(tmp_path, 3).commit == back


def test_a_broken_state_of_the_file_held_no_claim(tmp_path, commit):
    commit("claims: {it: 1", 0)
    mended = commit("claims: {it: 1}", 1)
    assert of(tmp_path, 2).commit == mended


def test_what_is_not_committed_is_not_registered(tmp_path, commit):
    commit("claims: {it: 1}", 0)
    (tmp_path / "params.yaml").write_text("claims: {it: 2}")
    assert of(tmp_path, 1).commit == "" and not of(tmp_path, 1).before


def test_without_a_repository_nothing_is_registered(tmp_path):
    (tmp_path / "params.yaml").write_text("claims: {it: 2}")
    assert not of(tmp_path, 1).before


def test_a_claim_that_is_not_there_is_an_error(tmp_path):
    (tmp_path / "params.yaml").write_text("claims: {}")
    with pytest.raises(InputError, match=r"nothing at claims\.it"):
        of(tmp_path, 1)
