"""The multitask study as the shared stages see it."""

from studies.multitask.scores import BY_ITEM, SCORES
from studies.multitask.settings.data import Data
from studies.multitask.settings.evaluation import Evaluation
from studies.multitask.settings.run import MultitaskRun
from uphold.pipeline.study import Items, Study

STUDY = Study(
    name="multitask",
    title="Three tasks on one grid",
    data=Data,
    run=MultitaskRun,
    evaluation=Evaluation,
    scores=frozenset(SCORES),
    items=Items("sample", frozenset(BY_ITEM)),
    names={
        "stem_width": "stem width",
        "width_scale": "scale of widths",
        "mixup_alpha": "mixup alpha",
        "label_smoothing": "label smoothing",
        "smoothing_epsilon": "smoothing epsilon",
        "rate_floor": "lowest share of the learning rate",
        "plateau_factor": "factor on a plateau",
        "plateau_patience": "patience on a plateau",
        "plateau_min_delta": "least fall of the validation loss",
        "plateau": "lowered on plateaus",
        "learning_rate": "learning rate",
        "weight_a": "weight of head A",
        "weight_b": "weight of head B",
        "weight_c": "weight of head C",
        "batch_size": "batch size",
        "early_stopping": "early stopping",
        "validation_accuracy": "validation accuracy",
    },
)
