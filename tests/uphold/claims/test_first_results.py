"""Which commit first holds results of a sweep."""

import pytest

from uphold.claims.first_results import PATHS, first_results
from uphold.claims.history import Contents, History

from ..repositories import Repository


@pytest.fixture
def repository(tmp_path):
    made = Repository(tmp_path)
    made.commit({"results/promoted/none.json": "{}", "results/promoted/a-b.json": "{}"})
    return made


def found(repository, sweep: str = "a") -> str | None:
    with Contents(repository.folder) as contents:
        history = History(repository.folder, PATHS)
        first = first_results(history, contents, sweep, {("p", "one")})
    return first and first.name


@pytest.mark.parametrize(
    "results",
    [
        {"results/promoted/a.json": "null"},
        {"results/p/sweeps/a/scores.csv": "run,f1\n"},
        {"results/p/findings.json": '{"promoted": {"a": {}}}'},
        {"results/p/findings.json": '{"configurations": {"a: mixup=0": {}}}'},
        {"results/p/findings.json": '{"claims": {"one": {}}}'},
        {"results/another/findings.json": '{"effects": {"a": {}}}'},
        {"dvc.lock": "schema: '2.0'\nstages:\n  train@a:\n    cmd: x\n"},
        {"dvc.lock": "stages:\n  evaluate@a:\n    cmd: x\n"},
    ],
)
def test_any_trace_of_results_counts(repository, results):
    assert found(repository) is None
    first = repository.commit(results)
    repository.commit({"results/promoted/a.json": '{"later": 1}'})
    assert found(repository) == first
    repository.commit({path: None for path in results if path != "results/promoted/a.json"})
    assert found(repository) == first


@pytest.mark.parametrize(
    "no_results",
    [
        {"results/promoted/b.json": "{}"},
        {"results/p/findings.json": '{"claims": {"a": {}}, "promoted": {"a-b": {}}}'},
        {"results/p/findings.json": "broken: ["},
        {"results/p/findings.json": "[1]"},
        {"results/q/findings.json": '{"claims": {"one": {}}}'},
        {"results/p/sweeps/a-b/scores.csv": ""},
        {"results/checked/a.txt": ""},
        {"dvc.lock": "stages:\n  train@a-b:\n    cmd: x\n  prepare@a:\n    cmd: train@a:\n"},
        {"else/promoted/a.json": "{}"},
    ],
)
def test_what_is_no_result_of_it(repository, no_results):
    repository.commit(no_results)
    assert found(repository) is None
