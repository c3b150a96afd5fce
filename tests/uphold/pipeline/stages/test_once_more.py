"""A program's first run is run twice under a key of its own, and the two are compared."""

import numpy as np

from uphold.pipeline.design import Run
from uphold.pipeline.stages import once_more
from uphold.pipeline.stages.once_more import NUMBER
from uphold.training.contract import Result, RunSettings

RUN = Run({"arm": "a"}, {}, RunSettings(), 1)


def result(**numbers):
    stored = {f"{NUMBER}{name}": np.array(value) for name, value in numbers.items()}
    return Result({**stored, "test": np.zeros(3)}, {})


def test_the_second_time_is_another_run_under_another_key():
    assert once_more.task_of(RUN) != RUN.task
    assert len({once_more.task_of(RUN), RUN.task}) == 2
    assert once_more.key_of("a") != "a"
    assert once_more.key_of("a") != once_more.key_of("b")


def test_numbers_that_differ_are_told_by_how_much():
    found = once_more.compared(RUN, result(f1=0.5, loss=1.0), result(f1=0.75, loss=1.0))
    assert found == {"run": "arm=a, seed=1", "apart": {f"{NUMBER}f1": 0.25}}


def test_a_failed_run_is_compared_with_nothing():
    assert once_more.compared(RUN, result(f1=0.5), Result({}, {}, failure="x")) is None
