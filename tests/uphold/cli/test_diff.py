"""The verb as people and CI call it: text, codes, JSON, and what it costs to import."""

import json
import subprocess
import sys

import pytest

SCORE = {"sd": 0.1, "sem": 0.04, "n": 6, "seeds": 6}


@pytest.fixture
def reports(tmp_path):
    for name, mean in (("a", 0.5), ("b", 0.52), ("far", 2.0)):
        (tmp_path / name).mkdir()
        scores = {"configurations": {"x": {"f1": {"mean": mean, **SCORE}}}, "claims": {}}
        (tmp_path / name / "findings.json").write_text(json.dumps(scores))
    return tmp_path


def diff(folder, *arguments: str, options: tuple[str, ...] = ()) -> subprocess.CompletedProcess:
    command = [sys.executable, *options, "-m", "uphold", "diff", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("other", "code", "says"),
    [
        ("a", 0, "Nothing changed from `a` to `a`"),
        ("b", 0, "No alarm from `a` to `b`"),
        ("far", 1, "Alarm from `a` to `far`"),
    ],
)
def test_an_alarm_is_exit_1_and_nothing_else_is(reports, other, code, says):
    found = diff(reports, "a", other)
    assert (found.returncode, found.stderr) == (code, "")
    assert found.stdout.startswith(says)


def test_what_cannot_be_read_is_exit_2_in_one_line(reports):
    (reports / "a" / "findings.json").write_text("[]")
    found = diff(reports, "a", "b")
    assert found.returncode == 2
    assert found.stderr.startswith("error: a/findings.json is no findings.json")
    assert len(found.stderr.splitlines()) == 1


def test_json_is_json(reports):
    found = diff(reports, "a", "far", "--json")
    assert found.returncode == 1
    (moved,) = json.loads(found.stdout)["scores"]["moved"]
    assert moved["difference"]["value"] == 1.5


def test_findings_are_compared_without_the_statistics_and_pandas(reports):
    found = diff(reports, "a", "far", options=("-X", "importtime"))
    loaded = {line.rpartition("|")[2].strip() for line in found.stderr.splitlines()}
    assert "scipy.special" in loaded
    assert not loaded & {"pandas", "statsmodels", "torch", "matplotlib", "scipy.stats"}
