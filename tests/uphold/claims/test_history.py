"""Since when claims stand: on real repositories, with the times set by hand."""

import subprocess
from datetime import UTC, datetime, timedelta

import pytest
import yaml

from uphold.claims import history as module
from uphold.claims.history import History

START = datetime(2024, 5, 1, 12, tzinfo=UTC)
NAMES = {
    "studies": {"calls": {"path": "data"}},
    "sweeps": {"a": {"study": "calls", "writeup": "p", "after": "none"}},
    "writeups": {"p": {"study": "calls", "title": "P"}},
}
FILE = {
    "metrics": {"f1": {"label": "F1", "better": "higher", "margin": 0.02}},
    "sweeps": {"a": {"title": "A", "design": {"factors": {"mixup": [False, True]}, "seeds": [1]}}},
    "writeups": {"p": {"claims": {"it": {"metric": "f1", "expect": "increase"}, "other": {}}}},
}
WHOLE = {
    "studies": {"calls": {"metrics": FILE["metrics"]}},
    "sweeps": {"a": {"study": "calls", "title": "A", "design": FILE["sweeps"]["a"]["design"]}},
    "writeups": {"p": {"study": "calls", "title": "P", **FILE["writeups"]["p"]}},
}
WHOLE["sweeps"]["a"]["design"] = {**WHOLE["sweeps"]["a"]["design"], "after": "none"}


def git(folder, *arguments: str, when: datetime = START) -> str:
    identity = {"NAME": "a", "EMAIL": "a@example.org", "DATE": when.isoformat()}
    env = {f"GIT_{who}_{k}": v for who in ("AUTHOR", "COMMITTER") for k, v in identity.items()}
    env |= {"PATH": "/usr/bin:/bin:/usr/local/bin", "HOME": str(folder)}
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=True).stdout


def write(folder, text: str | dict, file: str) -> None:
    path = folder / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(text if isinstance(text, str) else yaml.safe_dump(text, sort_keys=False))


@pytest.fixture
def commit(tmp_path):
    """Commit the study's file, or params.yaml, so many hours after the start; return its name."""
    git(tmp_path, "init", "-q")
    write(tmp_path, NAMES, "params.yaml")

    def at(text: str | dict, hours: int, file: str = "params/calls.yaml") -> str:
        write(tmp_path, text, file)
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "-qm", "change", when=START + timedelta(hours=hours))
        return git(tmp_path, "rev-parse", "HEAD").strip()

    return at


def changed(value: object, *keys: str, base: dict = FILE) -> dict:
    """Return the study's file with one value changed."""
    key, *inside = keys
    held = base.get(key, {})
    return {**base, key: changed(value, *inside, base=held) if inside else value}


def since(folder, *place: str) -> str | None:
    """Return the name of the commit since which what is there stands."""
    found = History(folder, "calls").standing()
    for key in place:
        found = found[key]
    return found and found["name"]


CLAIM = ("claims", "p", "it")


def test_a_claim_stands_since_its_last_change(tmp_path, commit):
    first = commit(FILE, 0)
    second = commit(changed("decrease", "writeups", "p", "claims", "it", "expect"), 1)
    text = yaml.safe_dump(yaml.safe_load((tmp_path / "params/calls.yaml").read_text()))
    commit(f"# a comment, and other layout\n{text}", 2)
    assert since(tmp_path, *CLAIM) == second
    assert since(tmp_path, "claims", "p", "other") == first
    answer = History(tmp_path, "calls").standing()
    when = (START + timedelta(hours=1)).isoformat()
    assert answer["claims"]["p"]["it"] == {"name": second, "when": when, "oldest": False}
    assert answer["claims"]["p"]["other"]["oldest"] and answer["history"] == "whole"


@pytest.mark.parametrize(
    ("place", "keys", "value"),
    [
        (("margin", "f1"), ("metrics", "f1", "margin"), 0.05),
        (("better", "f1"), ("metrics", "f1", "better"), "lower"),
        (("design", "a"), ("sweeps", "a", "design", "seeds"), [1, 2]),
    ],
)
def test_what_a_claim_rests_on_stands_since_its_own_last_change(
    tmp_path, commit, place, keys, value
):
    first = commit(FILE, 0)
    second = commit(changed(value, *keys), 1)
    commit(changed("F one", "metrics", "f1", "label", base=changed(value, *keys)), 2)
    assert since(tmp_path, *place) == second
    assert since(tmp_path, *CLAIM) == first


def test_what_a_sweep_comes_after_belongs_to_its_design(tmp_path, commit):
    first = commit(FILE, 0)
    names = changed("b", "sweeps", "a", "after", base=NAMES)
    second = commit(names, 1, "params.yaml")
    assert since(tmp_path, "design", "a") == second
    assert since(tmp_path, *CLAIM) == first


def test_a_claim_that_moved_to_the_file_of_its_study_has_not_changed(tmp_path, commit):
    """All of it stood in params.yaml once; the commit that divided it changed no claim."""
    (tmp_path / "params.yaml").unlink()
    first = commit(WHOLE, 0, "params.yaml")
    write(tmp_path, NAMES, "params.yaml")
    write(tmp_path, FILE, "params/calls.yaml")
    places = (CLAIM, ("margin", "f1"), ("better", "f1"), ("design", "a"))
    assert [since(tmp_path, *place) for place in places] == [first] * 4
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "divide", when=START + timedelta(hours=1))
    assert [since(tmp_path, *place) for place in places] == [first] * 4
    last = commit(changed(0.05, "metrics", "f1", "margin"), 2)
    assert [since(tmp_path, *place) for place in places] == [first, last, first, first]


def test_a_claim_that_changed_as_it_moved_has_changed(tmp_path, commit):
    (tmp_path / "params.yaml").unlink()
    commit(WHOLE, 0, "params.yaml")
    write(tmp_path, NAMES, "params.yaml")
    moved = commit(changed("decrease", "writeups", "p", "claims", "it", "expect"), 1)
    assert since(tmp_path, *CLAIM) == moved


def test_a_claim_that_went_and_came_back_counts_from_its_return(tmp_path, commit):
    commit(FILE, 0)
    commit(changed({}, "writeups", "p", "claims"), 1)
    back = commit(FILE, 2)
    assert since(tmp_path, *CLAIM) == back


def test_a_broken_state_of_the_file_held_no_claim(tmp_path, commit):
    commit(yaml.safe_dump(FILE) + "broken: [", 0)
    mended = commit(FILE, 1)
    assert since(tmp_path, *CLAIM) == mended


@pytest.mark.parametrize("state", ["", "[]", "metrics: 1\nsweeps: [a]\nwriteups: {p: {claims: 2}}"])
def test_a_state_of_another_shape_held_no_claim(tmp_path, commit, state):
    commit(state or "\n", 0)
    mended = commit(FILE, 1)
    assert since(tmp_path, *CLAIM) == mended


def test_a_commit_that_deleted_the_file_held_no_claim(tmp_path, commit):
    commit(FILE, 0)
    git(tmp_path, "rm", "-q", "params/calls.yaml")
    git(tmp_path, "commit", "-q", "-m", "gone", when=START + timedelta(hours=1))
    back = commit(FILE, 2)
    assert since(tmp_path, *CLAIM) == back


def test_what_is_not_committed_stands_since_no_commit(tmp_path, commit):
    first = commit(FILE, 0)
    now = changed("decrease", "writeups", "p", "claims", "it", "expect")
    write(tmp_path, now, "params/calls.yaml")
    assert since(tmp_path, *CLAIM) is None
    assert since(tmp_path, "margin", "f1") == first


def test_without_a_repository_there_is_no_history(tmp_path):
    write(tmp_path, NAMES, "params.yaml")
    write(tmp_path, FILE, "params/calls.yaml")
    answer = History(tmp_path, "calls").standing()
    assert answer["history"] == "none" and answer["claims"]["p"]["it"] is None


def test_a_shallow_clone_knows_that_its_history_is_cut(tmp_path, commit):
    commit(FILE, 0)
    last = commit("# a comment\n" + yaml.safe_dump(FILE), 2)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{tmp_path}", str(clone))
    answer = History(clone, "calls").standing()
    assert answer["history"] == "cut"
    assert answer["claims"]["p"]["it"]["name"] == last and answer["claims"]["p"]["it"]["oldest"]


def test_a_folder_of_the_repository(tmp_path, commit):
    commit(FILE, 0)
    inner = tmp_path / "inner"
    inner.mkdir()
    write(inner, NAMES, "params.yaml")
    later = commit(FILE, 1, "inner/params/calls.yaml")
    assert since(inner, *CLAIM) == later


def test_many_claims_and_commits_cost_three_calls_of_git(tmp_path, commit, monkeypatch):
    for hours in range(5):
        commit(changed(hours, "writeups", "p", "claims", "other", "expect"), hours)
    calls = []
    real = module._git
    monkeypatch.setattr(module, "_git", lambda *a, **k: calls.append(a[1]) or real(*a, **k))
    History(tmp_path, "calls").standing()
    assert sorted(calls) == ["cat-file", "log", "rev-parse"]


def test_the_digest_is_that_of_what_the_answer_depends_on(tmp_path, commit):
    commit(FILE, 0)
    first = History(tmp_path, "calls").digest
    commit("else", 1, "other.txt")
    assert History(tmp_path, "calls").digest == first
    write(tmp_path, changed(0.1, "metrics", "f1", "margin"), "params/calls.yaml")
    second = History(tmp_path, "calls").digest
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "margin", when=START + timedelta(hours=2))
    assert len({first, second, History(tmp_path, "calls").digest}) == 3
