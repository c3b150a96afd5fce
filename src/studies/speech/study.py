"""The speech study as the shared stages see it."""

from studies.contract import Study
from studies.speech.scores import SCORES
from studies.speech.settings import Data, Evaluation, Run

STUDY = Study(
    name="speech",
    title="Speech emotion",
    data=Data,
    run=Run,
    evaluation=Evaluation,
    scores=frozenset(SCORES),
)
