"""The radio study as the shared stages see it."""

from studies.radio.scores import SCORES
from studies.radio.settings.data import Data
from studies.radio.settings.evaluation import Evaluation
from studies.radio.settings.run import Run
from uphold.pipeline.study import Study

STUDY = Study(
    name="radio",
    title="Modulation recognition",
    data=Data,
    run=Run,
    evaluation=Evaluation,
    scores=frozenset(SCORES),
)
