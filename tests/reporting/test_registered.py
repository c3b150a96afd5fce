"""Whether claims stood before their runs: told from git and the journal, or said to be unknown."""

import json
import subprocess

import pytest

from studies.reporting import registered
from studies.reporting.writeup import Page

BEFORE, AFTER = "2024-05-01T11:00:00+00:00", "2024-05-01T13:00:00+00:00"
COMMITTED = "2024-05-01T12:00:00+00:00"
PARAMS = """
journal: journal
writeups: {p: {claims: {one: {expect: increase}, two: {expect: decrease}}}}
"""


@pytest.fixture
def page(tmp_path) -> Page:
    """Two claims, each about a sweep of two runs."""
    (tmp_path / "params.yaml").write_text(PARAMS)
    for sweep in ("a", "b"):
        folder = tmp_path / "results" / "p" / "sweeps" / sweep
        folder.mkdir(parents=True)
        (folder / "runs.csv").write_text(f"run,key\n1,{sweep}1\n2,{sweep}2\n")
    claims = {"one": {"sweep": "a"}, "two": {"sweep": "b"}}
    found = {"study": "calls", "claims": claims, "sweeps": {"a": {}, "b": {}}}
    return Page("p", tmp_path, found)


@pytest.fixture
def commit(tmp_path):
    """Commit the params at noon."""

    def git(*arguments: str) -> None:
        identity = {"NAME": "a", "EMAIL": "a@example.org", "DATE": COMMITTED}
        env = {f"GIT_{who}_{k}": v for who in ("AUTHOR", "COMMITTER") for k, v in identity.items()}
        env |= {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(tmp_path)}
        subprocess.run(["git", "-C", tmp_path, *arguments], env=env, check=True)

    def at_noon() -> None:
        git("init", "-q")
        git("add", "params.yaml")
        git("commit", "-q", "-m", "claims")

    return at_noon


@pytest.fixture
def finish(tmp_path):
    def at(time: str, *keys: str) -> None:
        for key in keys:
            folder = tmp_path / "journal" / "calls" / "runs" / key
            folder.mkdir(parents=True)
            (folder / "record.json").write_text(json.dumps({"finished": time}))

    return at


def test_claims_that_stood_first(page, commit, finish):
    commit()
    finish(AFTER, "a1", "a2", "b1", "b2")
    assert registered.sentence(page) == (
        "2 of 2 claims stood in git, as they stand now, before the first of the runs that they"
        " judge was finished."
    )


def test_one_early_run_is_enough_to_have_seen(page, commit, finish):
    commit()
    finish(AFTER, "a1", "a2", "b1")
    finish(BEFORE, "b2")
    told = registered.sentence(page)
    assert told.startswith("1 of 2 claims") and told.endswith("Not before it: two.")


def test_a_claim_changed_since_the_commit(page, commit, finish):
    commit()
    finish(AFTER, "a1", "a2", "b1", "b2")
    (page.root / "params.yaml").write_text(PARAMS.replace("decrease", "no-effect"))
    assert registered.sentence(page).endswith("Not before it: two.")


def test_a_run_that_the_journal_does_not_hold(page, commit, finish):
    commit()
    finish(AFTER, "a1", "a2", "b1")
    told = registered.sentence(page)
    assert told.startswith("1 of 2 claims")
    assert told.endswith("Unknown, for want of runs in the journal: two.")


def test_without_a_journal_nothing_is_claimed(page, commit):
    commit()
    assert "cannot be told here" in registered.sentence(page)
    assert "journal does not hold" in registered.sentence(page)


def test_without_a_history_nothing_is_claimed(page, finish):
    finish(AFTER, "a1", "a2", "b1", "b2")
    assert "no history of params.yaml" in registered.sentence(page)
