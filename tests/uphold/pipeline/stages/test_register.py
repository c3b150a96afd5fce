"""What a page needs of git is worked out once for each state of the params and their commits."""

import json
import subprocess

import pytest

from uphold.claims.history import History
from uphold.pipeline.stages.register import register

NAMES = "sweeps: {a: {after: none}, b: {after: none}}"
FILE = """
metrics: {f1: {margin: 0.02, better: higher}}
sweeps: {a: {design: {seeds: [1]}}, b: {design: {seeds: [2]}}}
writeups: {p: {claims: {one: {metric: f1}}}, q: {claims: {two: {metric: f1}}}}
"""
WRITEUPS = {"p": ("calls", ["a"]), "q": ("calls", ["b"])}


@pytest.fixture
def registered(tmp_path, monkeypatch):
    """Return a function that registers and gives what was written, and how often git was walked."""
    (tmp_path / "params").mkdir()
    (tmp_path / "params.yaml").write_text(NAMES)
    (tmp_path / "params" / "calls.yaml").write_text(FILE)
    walked = []
    real = History.standing
    monkeypatch.setattr(History, "standing", lambda self: walked.append(1) or real(self))

    def run() -> tuple[dict, int]:
        walked.clear()
        register(tmp_path, WRITEUPS, tmp_path / "out", tmp_path / "kept")
        files = (tmp_path / "out").glob("*.json")
        return {path.stem: json.loads(path.read_text()) for path in files}, len(walked)

    return run


def git(folder, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", "-C", folder, *identity, *arguments], check=True, capture_output=True)


def test_a_write_up_has_its_own_claims_and_designs(registered):
    found, _ = registered()
    assert set(found) == {"p", "q"}
    assert found["p"]["claims"] == {"one": None} and set(found["p"]["design"]) == {"a"}
    assert found["q"]["claims"] == {"two": None} and set(found["q"]["design"]) == {"b"}


def test_the_answer_is_worked_out_once_for_each_state(tmp_path, registered):
    assert registered()[1] == 1
    assert registered()[1] == 0
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "params", "params.yaml")
    git(tmp_path, "commit", "-qm", "claims")
    found, walked = registered()
    assert walked == 1 and found["p"]["claims"]["one"]["oldest"]
    assert registered() == (found, 0)
    (tmp_path / "params" / "calls.yaml").write_text(FILE.replace("0.02", "0.03"))
    found, walked = registered()
    assert walked == 1 and found["p"]["margin"]["f1"] is None


@pytest.mark.parametrize("damage", ["", "[]", '{"digest": 1}'])
def test_a_damaged_answer_is_worked_out_again(tmp_path, registered, damage):
    first, _ = registered()
    (tmp_path / "kept" / "calls.json").write_text(damage)
    assert registered() == (first, 1)
