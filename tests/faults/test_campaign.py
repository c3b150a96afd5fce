"""A few of the campaign's trials, and that it finds each way of writing that loses what is written.

All of its trials: ``make faults``.
"""

import pytest

from . import running

pytestmark = pytest.mark.skipif(bool(running.missing()), reason=running.missing())


def wrong(found: dict) -> list[str]:
    return [what for case in found.values() for count in case.values() for what in count["wrong"]]


# The second makes pages, which takes seconds: at one step.
@pytest.mark.parametrize(
    ("cases", "few"),
    [(["code", "check", "prepare over other data", "train", "register"], 5), (["report"], 1)],
)
def test_stages_survive_faults_at_some_of_their_steps(cases, few):
    found = running.campaign(cases, "--few", str(few))
    assert set(found) == set(cases)
    assert not wrong(found)
    for faults in found.values():
        assert faults["killed"]["tried"] == few
        assert faults["loss of power"]["tried"] == few


# Each with the fault that finds it.
@pytest.mark.parametrize(
    ("mutant", "fault"),
    [
        ("no temporary name", "killed"),
        ("no rename", "killed"),
        ("no fsync of a file", "loss of power"),
        ("no fsync of a folder", "loss of power"),
    ],
)
def test_a_way_of_writing_that_loses_what_is_written_is_found(mutant, fault):
    found = running.campaign(["check"], "--mutant", mutant, "--faults", fault)
    assert wrong(found)
