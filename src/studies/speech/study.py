"""The speech study as the shared stages see it."""

from studies.speech.scores import SCORES
from studies.speech.settings import Data, Evaluation, Run
from uphold.pipeline.study import Study

STUDY = Study(
    name="speech",
    title="Speech emotion",
    data=Data,
    run=Run,
    evaluation=Evaluation,
    scores=frozenset(SCORES),
)
