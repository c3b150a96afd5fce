"""The numbers that a program wrote get the names that params give them."""

import numpy as np
import pandas as pd
import pytest

from uphold.command import evaluation
from uphold.command.settings import Evaluation
from uphold.errors import InputError
from uphold.pipeline.stages.once_more import NUMBER

STORED = {f"{NUMBER}test.acc": np.array(0.75), f"{NUMBER}loss": np.array(0.5)}


def test_a_score_is_the_number_of_that_name():
    settings = Evaluation(scores={"accuracy": "test.acc"})
    assert evaluation.score(STORED, None, settings) == {"accuracy": 0.75}


def test_a_number_that_a_run_has_not_written_is_missing():
    settings = Evaluation(scores={"accuracy": "test.acc", "f1": "test.f1"})
    found = evaluation.score(STORED, None, settings)
    assert found["accuracy"] == 0.75
    assert np.isnan(found["f1"])


def test_a_number_that_no_run_has_written_is_told_with_those_that_were():
    scored = pd.DataFrame({"accuracy": [np.nan, np.nan], "loss": [0.5, np.nan]})
    runs = {"a": STORED, "b": STORED}
    asked = Evaluation(scores={"loss": "loss", "accuracy": "test.accuracy"})
    with pytest.raises(InputError, match=r"'test\.accuracy'; there are loss, test\.acc") as error:
        evaluation.refuse(scored, runs, asked)
    assert "evaluation.scores.accuracy" in str(error.value)
    evaluation.refuse(scored, runs, Evaluation(scores={"loss": "loss"}))
    evaluation.refuse(scored, {}, asked)
