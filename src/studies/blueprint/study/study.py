"""The study as the shared stages see it."""

from studies.blueprint.study.scores import SCORES
from studies.blueprint.study.settings import Data, Evaluation, Run
from studies.contract import Study

STUDY = Study(
    name="blueprint",
    title="Blueprint",
    data=Data,
    run=Run,
    evaluation=Evaluation,
    scores=frozenset(SCORES),
)
