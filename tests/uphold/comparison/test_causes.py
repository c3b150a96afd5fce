"""What stands behind a write-up that changed, from two lock files."""

import copy

import pytest
import yaml

from uphold.comparison.causes import causes
from uphold.comparison.lock import Lock


def entry(path: str, digest: str = "aa") -> dict:
    return {"path": path, "hash": "md5", "md5": digest}


STAGES = {
    "prepare@s": {"deps": [entry("src/p.py")], "outs": [entry("data/s")]},
    "train@w1": {
        "deps": [entry("data/s"), entry("src/t.py")],
        "params": {
            "params/s.yaml": {"training": {"rate": 0.1}, "sweeps.w1.design": {"seeds": [1, 2]}}
        },
        "outs": [entry("results/w/sweeps/w1/runs.csv")],
    },
    "analyze@w": {
        "deps": [entry("data/s/card.json"), entry("results/w/sweeps"), entry("src/a.py")],
        "params": {
            "params/s.yaml": {
                "metrics": {"f1": {"margin": 0.02}},
                "writeups.w": {"claims": {"c": {"says": "A."}}},
            }
        },
        "outs": [entry("results/w/findings.json")],
    },
}  # fmt: skip


def found(changed: dict, before: dict = STAGES):
    texts = (yaml.safe_dump({"stages": s}, sort_keys=False) for s in (before, changed))
    return causes(*map(Lock, texts), "w")


@pytest.fixture
def after() -> dict:
    return copy.deepcopy(STAGES)


def rerun(stages: dict) -> None:
    """Let training have been run again: its output and the folder that holds it are others."""
    stages["train@w1"]["outs"][0]["md5"] = "bb"
    stages["analyze@w"]["deps"][1]["md5"] = "bb"


def test_nothing_that_changed_is_no_cause(after):
    one = found(after)
    assert one.known and not (one.data or one.code or one.settings or one.seeds)


def test_code_that_changed_no_output_is_not_followed(after):
    after["train@w1"]["deps"][1]["md5"] = "bb"
    assert not found(after).code
    rerun(after)
    assert found(after).code == {"train": {"src/t.py"}}


def test_code_that_a_stage_names_by_its_digests_is_named_as_the_stage_s(after):
    before = copy.deepcopy(STAGES)
    rerun(after)
    for stages, digest in ((before, "aa"), (after, "bb")):
        stages["train@w1"]["deps"][1] = entry("results/code/train.txt", digest)
        stages["code-train"] = {
            "deps": [entry("src/t.py", digest), entry("src/u.py")],
            "outs": [entry("results/code/train.txt", digest)],
        }
    assert found(after, before).code == {"train": {"src/t.py"}}


def test_a_sweep_that_gave_the_same_is_not_followed_where_another_did_not(after):
    after["analyze@w"]["deps"][1]["md5"] = "bb"
    after["train@w1"]["deps"][1]["md5"] = "bb"
    assert not found(after).code


def test_settings_are_named_by_file_and_key_and_seeds_apart(after):
    rerun(after)
    after["train@w1"]["params"]["params/s.yaml"] = {
        "training": {"rate": 0.2},
        "sweeps.w1.design": {"seeds": [3, 4]},
    }
    one = found(after)
    assert one.settings == {("params/s.yaml", "training.rate"): (0.1, 0.2)}
    assert one.seeds == {"w1": ([1, 2], [3, 4])}


def test_data_are_named_once_and_followed_to_what_made_them(after):
    rerun(after)
    after["prepare@s"]["deps"][0]["md5"] = "bb"
    after["prepare@s"]["outs"][0]["md5"] = "bb"
    after["train@w1"]["deps"][0]["md5"] = "bb"
    after["analyze@w"]["deps"][0]["md5"] = "bb"
    one = found(after)
    assert one.data == {"data/s"}
    assert one.code == {"prepare": {"src/p.py"}}


def test_margins_and_claims_are_told_of_by_claim(after):
    after["analyze@w"]["params"]["params/s.yaml"] = {
        "metrics": {"f1": {"margin": 0.01}},
        "writeups.w": {"claims": {"c": {"says": "B."}}},
    }
    assert not found(after).settings


def test_a_lock_that_does_not_know_the_write_up_says_so(after):
    del after["analyze@w"]
    assert not found(after).known
