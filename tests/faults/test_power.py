"""What the model of a disk lets a loss of power leave, held against small recordings."""

import pytest

from . import running  # noqa: F401 (the parts of the campaign lie beside it)

# isort: split
from power import FOLDER, Recorded, Unknown
from shim import Step

ROOT = "/r"
OLD = {"a": b"old"}


def step(what: str, path: str, to: str = "", **more) -> Step:
    return Step(what, f"{ROOT}/{path}", f"{ROOT}/{to}" if to else "", **more)


def states(*steps: Step, before: dict[str, bytes] = OLD) -> list[dict[str, bytes]]:
    return [state for _, state in Recorded(before, steps, ROOT).states(seed=1)]


def last(*steps: Step, before: dict[str, bytes] = OLD) -> list[dict[str, bytes]]:
    """Return what may lie there when all steps were asked for."""
    found = Recorded(before, steps, ROOT).states(seed=1)
    return [state for moment, state in found if moment == len(steps)]


NEW = step("open", "b", size=1)
DATA = step("write", "b", data=b"12345678", size=8)
RENAMED = step("rename", "b", "a")
FLUSHED, FOLDER_FLUSHED = step("fsync", "b"), Step("fsync", ROOT)


def test_a_file_that_was_not_flushed_may_be_there_empty_cut_or_full_of_zeros():
    found = [state["a"] for state in states(NEW, DATA, RENAMED)]
    assert {b"old", b"", b"1234", bytes(8), b"12345678"} <= set(found)


def test_a_file_that_was_flushed_and_renamed_is_the_old_one_or_the_new_one():
    assert {state["a"] for state in states(NEW, DATA, FLUSHED, RENAMED)} == {b"old", b"12345678"}


def test_a_rename_is_there_for_good_once_its_folder_is_flushed():
    steps = (NEW, DATA, FLUSHED, RENAMED, FOLDER_FLUSHED)
    assert last(*steps) == [{"a": b"12345678"}]
    assert OLD in last(*steps[:-1])


def test_a_file_that_was_flushed_may_have_no_name():
    assert OLD in last(NEW, DATA, FLUSHED)


def test_names_may_come_in_another_order_than_they_were_asked_for():
    found = states(step("mkdir", "x"), step("mkdir", "y"))
    assert {**OLD, "y": FOLDER} in found
    assert {**OLD, "x": FOLDER} in found


def test_what_was_removed_may_come_back_without_its_folder_flushed():
    assert OLD in last(step("unlink", "a"))
    assert last(step("unlink", "a"), FOLDER_FLUSHED) == [{}]


def test_a_step_that_the_model_does_not_know_is_refused():
    with pytest.raises(Unknown, match="mmap"):
        Recorded(OLD, [Step("other", f"{ROOT}/a", "mmap")], ROOT)
