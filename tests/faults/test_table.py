"""The table in ``docs`` is of what was found, and nothing that was found is wrong."""

import json

import pytest

from . import running  # noqa: F401 (the parts of the campaign lie beside it)

# isort: split
from counts import FAULTS, OF_MUTANTS, POWER
from stages import CASES
from table import FOUND, TABLE, table, wrong


@pytest.fixture
def what() -> dict:
    return json.loads(FOUND.read_text("utf-8"))


def test_the_table_is_of_what_was_found(what):
    assert TABLE.read_text("utf-8") == table(what)


def test_what_was_found_is_of_all_cases_and_faults_and_nothing_is_wrong(what):
    assert wrong(what) == []
    for case in CASES:
        assert {*FAULTS, POWER} <= set(what["cases"][case.name])


def test_what_goes_wrong_is_told_and_counted():
    count = {"steps": 3, "tried": 3, "seconds": 1.0, "megabytes": 2.0}
    bad = count | {"wrong": ["step 1: a is gone", "step 1: b is gone"]}
    found = {"seconds": 60, "cases": {"train": {"killed": bad}}}
    mutants = {f"no rename, {fault}": count | {"wrong": []} for fault in ("killed", POWER)}
    found["cases"][OF_MUTANTS] = mutants
    said = ["train, killed: step 1: a is gone", "train, killed: step 1: b is gone"]
    assert wrong(found)[:2] == said
    assert wrong(found)[2].endswith("not found")
    assert "| killed | 3 | 3 | 2 | 1.0 | 2 |" in table(found)
