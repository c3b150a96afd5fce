"""The multitask study as the shared stages see it."""

from studies.multitask.scores import SCORES
from studies.multitask.settings.data import Data
from studies.multitask.settings.evaluation import Evaluation
from studies.multitask.settings.run import Run
from uphold.pipeline.study import Study

STUDY = Study(
    name="multitask",
    title="Three tasks on one grid",
    data=Data,
    run=Run,
    evaluation=Evaluation,
    scores=frozenset(SCORES),
)
