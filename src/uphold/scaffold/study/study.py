"""The study as the shared stages see it."""

from uphold.pipeline.study import Items, Study
from uphold.scaffold.study.scores import BY_ITEM, SCORES
from uphold.scaffold.study.settings.data import Data
from uphold.scaffold.study.settings.evaluation import Evaluation
from uphold.scaffold.study.settings.run import BlueprintRun

STUDY = Study(
    name="blueprint",
    title="Blueprint",
    data=Data,
    run=BlueprintRun,
    evaluation=Evaluation,
    scores=frozenset(SCORES),
    items=Items("point", frozenset(BY_ITEM)),
)
