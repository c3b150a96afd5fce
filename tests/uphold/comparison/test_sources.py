"""What is named on the command line, and one message for each mixture."""

import json
from pathlib import Path

import pytest

from uphold.comparison.sources import read_sources
from uphold.errors import InputError

EMPTY = json.dumps({"claims": {}, "configurations": {}})
SPEC = """
replicate: seed
factors: [lr]
metrics: {f1: {label: F1, better: higher, margin: 0.02}}
primary: f1
claims:
  faster-wins:
    says: The faster rate wins.
    metric: f1
    contrast: {factor: lr, from: 0.1, to: 0.2}
    expect: increase
"""


def log(first: int = 1, gain: float = 0.1) -> str:
    rows = ((lr, seed) for lr in (0.1, 0.2) for seed in range(first, first + 5))
    return "lr,seed,f1\n" + "".join(
        f"{lr},{seed},{0.5 + gain * (lr > 0.1) + (seed * 7 % 5) / 100 * (1 + lr)}\n"
        for lr, seed in rows
    )


@pytest.fixture
def here(commit, tmp_path) -> Path:
    (tmp_path / "report").mkdir()
    (tmp_path / "report/findings.json").write_text(EMPTY)
    (tmp_path / "a.csv").write_text(log())
    (tmp_path / "b.csv").write_text(log(first=10))
    (tmp_path / "spec.yaml").write_text(SPEC)
    commit({"results/w/findings.json": EMPTY})
    return tmp_path


@pytest.mark.parametrize(
    ("a", "b", "kind"),
    [
        ("HEAD", "main", "revision"),
        ("report", "report/findings.json", "findings.json"),
        ("results/w", "report/", "findings.json"),
    ],
)
def test_each_kind_is_told_by_what_is_there(here, a, b, kind):
    assert {side.kind for side in read_sources(a, b)} == {kind}


def test_run_logs_are_judged_in_memory(here):
    before = sorted(here.rglob("*"))
    a, b = read_sources("a.csv", "b.csv", Path("spec.yaml"))
    assert a.pages[""].claims["faster-wins"].verdict == "supported"
    assert set(a.pages[""].configurations) == {"lr=0.1", "lr=0.2"}
    assert a.seeds == {"1", "2", "3", "4", "5"} and a.seeds != b.seeds
    assert sorted(here.rglob("*")) == before


@pytest.mark.parametrize(
    ("a", "b", "spec", "says"),
    [
        ("HEAD", "report", None, "HEAD is a revision and report a findings.json: name two"),
        ("HEAD", "a.csv", None, "a.csv is no findings.json"),
        ("HEAD", "HAED", None, "'HAED' is no revision, and no file here. Did you mean 'HEAD'"),
        ("a.csv", "report", "spec.yaml", "report is findings already: leave out --spec"),
        ("a.csv", "HEAD", "spec.yaml", "HEAD is missing: --spec reads run logs"),
        (".", ".", None, "The folder . holds no findings.json"),
        ("spec.json", "spec.json", None, "is no revision, and no file here"),
    ],
)
def test_a_mixture_is_refused_in_one_message(here, a, b, spec, says):
    with pytest.raises(InputError) as error:
        read_sources(a, b, spec and Path(spec))
    assert says in str(error.value)
