"""Whether claims stood before their runs: told from git and the times of the runs."""

import json
import subprocess

import pytest

from uphold.analysis.model.writeup import Writeup
from uphold.errors import InputError
from uphold.pages import registered
from uphold.pages.writeup import Page
from uphold.pipeline.stages.register import register

from ...partly import partly

MORNING, BEFORE, AFTER = (f"2024-05-01T{hour}:00:00+00:00" for hour in ("09", "11", "13"))
COMMITTED = "2024-05-01T12:00:00+00:00"
NAMES = """
journal: journal
sweeps: {a: {after: none}, b: {after: none}}
"""
PARAMS = """
metrics: {f1: {label: F1, better: higher, margin: 0.02}}
sweeps:
  a: {title: A, design: {factors: {mixup: [false, true]}, anchors: {}, seeds: [1, 2]}}
  b: {title: B, design: {factors: {mixup: [false, true]}, anchors: {}, seeds: [1, 2]}}
writeups: {p: {claims: {one: {expect: increase}, two: {expect: decrease}}}}
"""


@pytest.fixture
def page(tmp_path) -> Page:
    """Two claims, each about a sweep of two runs."""
    (tmp_path / "params").mkdir()
    (tmp_path / "params.yaml").write_text(NAMES)
    (tmp_path / "params" / "calls.yaml").write_text(PARAMS)
    for sweep in ("a", "b"):
        folder = tmp_path / "results" / "p" / "sweeps" / sweep
        folder.mkdir(parents=True)
        (folder / "runs.csv").write_text(f"run,key\n1,{sweep}1\n2,{sweep}2\n")
    claims = {"one": {"sweep": "a", "metric": "f1"}, "two": {"sweep": "b", "metric": "f1"}}
    found = {"study": "calls", "claims": claims, "sweeps": {"a": {}, "b": {}}}
    return Page("p", tmp_path, partly(Writeup, found))


@pytest.fixture
def commit(tmp_path):
    """Commit the params, at noon unless said, and return the commit's short name."""

    def git(*arguments: str, when: str) -> str:
        identity = {"NAME": "a", "EMAIL": "a@example.org", "DATE": when}
        env = {f"GIT_{who}_{k}": v for who in ("AUTHOR", "COMMITTER") for k, v in identity.items()}
        env |= {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(tmp_path)}
        command = ["git", "-C", str(tmp_path), *arguments]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout

    def at(when: str = COMMITTED) -> str:
        git("init", "-q", when=when)
        git("add", "params.yaml", "params", when=when)
        git("commit", "-q", "-m", "claims", when=when)
        return git("rev-parse", "HEAD", when=when)[:7]

    return at


@pytest.fixture
def train(tmp_path):
    """Write down that runs, named by their sweep and a number, began at one time."""

    def at(time: str, *keys: str) -> None:
        for key in keys:
            file = tmp_path / "results" / "p" / "sweeps" / key[0] / "training.json"
            times = json.loads(file.read_text()) if file.exists() else {}
            times[key] = {"started": time, "finished": "2024-05-02T00:00:00+00:00"}
            file.write_text(json.dumps(times))

    return at


def change(page: Page, old: str, new: str) -> None:
    file = page.root / "params" / "calls.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def sentence(page: Page) -> str:
    """Register, as the pipeline does before it renders, and say what the page says."""
    out, kept = page.root / "results" / "registration", page.root / "kept"
    register(page.root, {"p": ("calls", ["a", "b"])}, out, kept)
    return registered.sentence(page)


def test_claims_that_stood_first(page, commit, train):
    name = commit()
    train(AFTER, "a1", "a2", "b1", "b2")
    assert sentence(page) == (
        f"Registered in commit {name} of 2024-05-01, before the first of the runs: all claims."
    )


def test_a_run_that_began_before_the_commit_and_ended_after_it(page, commit, train):
    name = commit()
    train(AFTER, "a1", "a2", "b1")
    train(BEFORE, "b2")
    assert sentence(page) == (
        f"Registered in commit {name} of 2024-05-01, before the first of the runs: one. "
        f"Not registered before the runs (changed in commit {name} of 2024-05-01: its text, the"
        " margin of f1, what is better in f1, the design of b): two."
    )


def test_a_claim_changed_since_the_commit(page, commit, train):
    commit()
    train(AFTER, "a1", "a2", "b1", "b2")
    change(page, "decrease", "no-effect")
    answer = sentence(page)
    assert answer.endswith("Not registered before the runs (not committed as now: its text): two.")


@pytest.mark.parametrize(
    ("old", "new", "part", "whose"),
    [
        ("margin: 0.02", "margin: 0.05", "the margin of f1", "all claims"),
        ("better: higher", "better: lower", "what is better in f1", "all claims"),
        ("seeds: [1, 2]}}\n  b", "seeds: [1, 2, 3]}}\n  b", "the design of a", "one"),
    ],
)
def test_what_a_claim_rests_on_changed_after_its_runs(page, commit, train, old, new, part, whose):
    commit(MORNING)
    train(BEFORE, "a1", "a2", "b1", "b2")
    change(page, old, new)
    late = commit(AFTER)
    answer = f"(changed in commit {late} of 2024-05-01: {part}): {whose}."
    assert sentence(page).endswith(answer)


def test_other_lines_may_change(page, commit, train):
    commit(MORNING)
    train(BEFORE, "a1", "a2", "b1", "b2")
    change(page, "label: F1", "label: F one")
    change(page, "title: A", "title: B")
    commit(AFTER)
    assert sentence(page).startswith("Registered in commit")


def test_without_a_history_nothing_is_claimed(page, train):
    train(AFTER, "a1", "a2", "b1", "b2")
    answer = sentence(page)
    assert answer.startswith("Not known") and "no history in git: all claims." in answer


def test_committed_after_the_page_was_made(page, commit, train):
    """What is kept of the last time never stands in the way of the right answer."""
    train(AFTER, "a1", "a2", "b1", "b2")
    assert "no history in git" in sentence(page)
    commit(MORNING)
    change(page, "decrease", "no-effect")
    assert sentence(page).endswith("(not committed as now: its text): two.")
    name = commit()
    assert sentence(page).startswith("Registered in commit")
    assert f"Registered in commit {name} of 2024-05-01, before the first of the runs: two." in (
        sentence(page)
    )


def test_a_claim_that_is_in_the_analysis_and_no_more_in_the_params(page, commit, train):
    commit()
    train(AFTER, "a1", "b1")
    change(page, "two:", "three:")
    with pytest.raises(InputError, match=r"'two'.* do not hold any more: run dvc repro"):
        sentence(page)


def test_before_anything_was_registered(page):
    with pytest.raises(InputError, match=r"p\.json is missing: run uphold register"):
        registered.sentence(page)
