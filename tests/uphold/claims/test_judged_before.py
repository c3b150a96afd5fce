"""With how many units claims were judged before: git decides, and invents nothing."""

import json
import subprocess

import pytest
import yaml

from uphold.claims.history import Contents
from uphold.claims.judged_before import declared_looks, judged_before

FINDINGS = "results/p/findings.json"
CLAIM = {"metric": "f1", "expect": "increase", "sweep": "a"}


def git(folder, *arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def commit(tmp_path):
    """Commit a claim and findings about it."""
    git(tmp_path, "init", "-q")
    (tmp_path / "results" / "p").mkdir(parents=True)
    (tmp_path / "params").mkdir()

    def at(
        found: dict | str, claim: dict = CLAIM, design: dict | None = None, source: str = "folder"
    ) -> None:
        params = {
            "data": {"source": source},
            "sweeps": {"a": {"design": design or {}}, "b": {"design": {"looks": [7, 9]}}},
            "writeups": {"p": {"claims": {"it": claim}}},
        }
        (tmp_path / "params" / "calls.yaml").write_text(yaml.safe_dump(params))
        text = found if isinstance(found, str) else json.dumps({"claims": {"it": found}})
        (tmp_path / FINDINGS).write_text(text)
        git(tmp_path, "add", ".")
        git(tmp_path, "commit", "-q", "--allow-empty", "-m", "findings")

    return at


def numbers(folder) -> dict[str, list[int]]:
    with Contents(folder) as contents:
        return judged_before(folder, contents, "calls", "p")


def test_numbers_come_in_their_order_and_each_once_in_a_row(tmp_path, commit):
    for units, p in ((3, 0.1), (3, 0.2), (5, 0.1), (4, 0.1)):
        commit({"units": units, "p": p})
    assert numbers(tmp_path) == {"it": [3, 5, 4]}


def test_findings_on_other_data_are_no_look_at_these(tmp_path, commit):
    commit({"units": 3}, source="synthetic")
    commit({"units": 5}, source="folder")
    assert numbers(tmp_path) == {"it": [5]}
    commit({"units": 3}, source="synthetic")
    assert numbers(tmp_path) == {"it": [3]}


def test_a_fresh_clone_gives_the_same_answer(tmp_path, commit):
    for units in (3, 5):
        commit({"units": units})
    (tmp_path / FINDINGS).write_text(json.dumps({"claims": {"it": {"units": 9}}}))
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(tmp_path), str(clone))
    assert numbers(clone) == numbers(tmp_path) == {"it": [3, 5]}


def test_findings_of_another_test_do_not_count(tmp_path, commit):
    commit({"units": 3}, {**CLAIM, "expect": "decrease"})
    commit({"units": 5}, {**CLAIM, "says": "In other words.", "role": "secondary"})
    commit({"units": 8})
    assert numbers(tmp_path) == {"it": [5, 8]}


@pytest.mark.parametrize(
    "found", ["", "{", "[]", {"n": 3}, {"units": None}, {"units": "3"}, '{"claims": {"it": 3}}']
)
def test_findings_that_do_not_say_their_units_say_nothing(tmp_path, commit, found):
    commit(found)
    commit({"units": 5})
    assert numbers(tmp_path) == {"it": [5]}


def test_without_a_repository_nothing_is_known(tmp_path):
    assert numbers(tmp_path) == {}


@pytest.mark.parametrize(
    ("claim", "looks"),
    [(CLAIM, [3, 5]), ({**CLAIM, "sweep": "b"}, [7, 9]), ({"metric": "f1"}, [3, 5])],
)
def test_looks_are_those_of_the_claim_s_sweep(tmp_path, commit, claim, looks):
    commit({"units": 3}, claim, {"looks": [3, 5]})
    assert declared_looks(tmp_path, "calls", "p", ["a"]) == {"it": looks}
    commit({"units": 3}, CLAIM)
    assert declared_looks(tmp_path, "calls", "p", ["a"]) == {"it": []}


def test_looks_of_a_claim_that_names_no_sweep_are_those_of_its_write_up_s(tmp_path, commit):
    commit({"units": 3}, {"metric": "f1"}, {"looks": [3, 5]})
    file = tmp_path / "params" / "calls.yaml"
    values = yaml.safe_load(file.read_text())
    values["writeups"]["p"]["sweep"] = "b"
    file.write_text(yaml.safe_dump(values))
    assert declared_looks(tmp_path, "calls", "p", ["a", "b"]) == {"it": [7, 9]}
