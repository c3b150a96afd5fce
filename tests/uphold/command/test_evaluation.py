"""The numbers that a program wrote get the names that params give them."""

import numpy as np
import pytest

from uphold.command import evaluation
from uphold.command.settings import Evaluation
from uphold.errors import InputError
from uphold.pipeline.stages.once_more import NUMBER

STORED = {f"{NUMBER}test.acc": np.array(0.75), f"{NUMBER}loss": np.array(0.5)}


def test_a_score_is_the_number_of_that_name():
    settings = Evaluation(scores={"accuracy": "test.acc"})
    assert evaluation.score(STORED, None, settings) == {"accuracy": 0.75}


def test_a_number_that_was_not_written_is_told_with_those_that_were():
    settings = Evaluation(scores={"accuracy": "test.accuracy"})
    with pytest.raises(InputError, match=r"'test\.accuracy'; it has test\.acc, loss") as error:
        evaluation.score(STORED, None, settings)
    assert "evaluation.scores.accuracy" in str(error.value)
