"""A few of the campaign's trials, and that it finds each way of writing that loses what is written.

All of its trials: ``make faults``.
"""

import pytest

from . import running

pytestmark = pytest.mark.skipif(bool(running.missing()), reason=running.missing())

CASES = ("code", "check", "prepare over other data", "train", "evaluate", "register", "report")


def wrong(found: dict) -> list[str]:
    return [what for case in found.values() for count in case.values() for what in count["wrong"]]


def test_stages_survive_faults_at_some_of_their_steps():
    found = running.campaign(CASES, "--few", "5")
    assert set(found) == set(CASES)
    assert not wrong(found)
    for case, faults in found.items():
        for fault, count in faults.items():
            assert (
                count["tried"] == min(count["steps"], 5) or "temporary" in fault or "full" in fault
            )
        assert faults["killed"]["tried"] and faults["loss of power"]["tried"], case


# Each with the faults that find it.
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
