"""The study as the shared stages see it."""

from uphold.pipeline.study import Study
from uphold.scaffold.study.scores import SCORES
from uphold.scaffold.study.settings import Data, Evaluation, Run

STUDY = Study(
    name="blueprint",
    title="Blueprint",
    data=Data,
    run=Run,
    evaluation=Evaluation,
    scores=frozenset(SCORES),
)
