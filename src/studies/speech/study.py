"""The speech study as the shared stages see it."""

from studies.speech.scores import SCORES
from studies.speech.settings.data import Data
from studies.speech.settings.evaluation import Evaluation
from studies.speech.settings.run import Run
from uphold.pipeline.study import Study

STUDY = Study(
    name="speech",
    title="Speech emotion",
    data=Data,
    run=Run,
    evaluation=Evaluation,
    scores=frozenset(SCORES),
)
