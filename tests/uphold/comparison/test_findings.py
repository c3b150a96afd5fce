"""What a findings.json must be, and one message for each that is none."""

import json

import pytest

from uphold.comparison import findings
from uphold.comparison.findings import read_findings
from uphold.errors import InputError

CLAIM = {"verdict": "supported", "estimate": 1, "ci_low": 0, "ci_high": 2, "p": 0.01, "units": 5}
SCORE = {"mean": 1.0, "sd": 0.2, "sem": 0.1, "n": 10, "seeds": 5}


def content(claim=CLAIM, score=SCORE, **more) -> bytes:
    return json.dumps(
        {"claims": {"c": claim}, "configurations": {"x": {"f1": score}}, **more}
    ).encode()


def test_what_is_compared_is_read():
    found = read_findings(content(promoted={"s": {"configuration": "x"}}), "f.json")
    assert found.claims["c"].estimate == 1 and found.claims["c"].units == 5
    assert found.configurations["x"]["f1"].sem == 0.1
    assert found.promoted == {"s": "x"}


def test_what_older_versions_left_out_is_made_up_for_by_n():
    claim = {**CLAIM, "n": 7}
    del claim["units"]
    found = read_findings(content(claim, {"mean": 1, "sd": 0.2, "n": 4}), "f.json")
    assert found.claims["c"].units == 7 and not found.claims["c"].seeds_known
    assert found.configurations["x"]["f1"].sem == pytest.approx(0.1)


def test_a_claim_without_p_is_void():
    assert (
        read_findings(content({**CLAIM, "p": None, "verdict": "inconclusive"}), "f")
        .claims["c"]
        .verdict
        == "void"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"", "f.json is no findings.json: line 1"),
        (b'{"a": "\xff"}', "not text in UTF-8"),
        (b"[" * 200_000, "nested too deep"),
        (b'{"claims": NaN}', "NaN is no number"),
        (b"[1]", "has no claims and configurations"),
        (b'{"claims": []}', "has no claims and configurations"),
        (b'{"claims": [], "configurations": {}}', "claims is no mapping"),
        (content({"verdict": 3}), "claims.c has no verdict"),
        (content({"verdict": "supported"}), "claims.c has no estimate"),
        (content(CLAIM | {"p": "low"}), "claims.c.p is no number"),
        (content(CLAIM | {"p": True}), "claims.c.p is no number"),
        (content(score={"mean": 1}), "configurations.x.f1 has no sd"),
        (content(score=3), "configurations.x.f1 is no mapping"),
        (content().replace(b"0.01", b"1e999"), "is no finite number"),
    ],
)
def test_what_is_none_is_refused_in_one_message(text, says):
    with pytest.raises(InputError, match=says) as error:
        read_findings(text, "f.json")
    assert str(error.value).startswith("f.json")


def test_a_huge_file_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(findings, "MOST_BYTES", 10)
    with pytest.raises(InputError, match="which no findings"):
        read_findings(content(), "f.json")
