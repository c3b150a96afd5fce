"""The call-detection study as the shared stages see it."""

from studies.calls.scores import SCORES
from studies.calls.settings.data import Data
from studies.calls.settings.evaluation import Evaluation
from studies.calls.settings.run import Run
from uphold.pipeline.study import Study

STUDY = Study(
    name="calls",
    title="Call detection",
    data=Data,
    run=Run,
    evaluation=Evaluation,
    scores=frozenset(SCORES),
    training_set=frozenset(
        {
            "balance",
            "qualities",
            "upsampling_mode",
            "upsampling_ratio",
            "targeted_upsampling",
            "targeted_ratio",
        }
    ),
)
