"""Python's collector rests while runs are read, and works again whatever comes of it."""

import gc

import pytest

from uphold.runlog.importers.uncollected import uncollected


def test_the_collector_rests_and_works_again_after_an_error():
    with pytest.raises(KeyError), uncollected():
        assert not gc.isenabled()
        raise KeyError
    assert gc.isenabled()


def test_one_that_rested_before_rests_after():
    gc.disable()
    try:
        with uncollected():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
