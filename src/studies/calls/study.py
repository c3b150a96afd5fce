"""The call-detection study as the shared stages see it."""

from studies.calls.scores import BY_ITEM, SCORES
from studies.calls.settings.data import Data
from studies.calls.settings.evaluation import Evaluation
from studies.calls.settings.run import CallsRun
from uphold.pipeline.study import Items, StandIns, Study

STUDY = Study(
    name="calls",
    title="Call detection",
    data=Data,
    run=CallsRun,
    evaluation=Evaluation,
    scores=frozenset(SCORES),
    items=Items("clip", frozenset(BY_ITEM), group="recorder"),
    stand_ins=StandIns(
        why="No recorder was held out, so that nothing here is about other places.",
        scores={
            "ood_f1": ("iid_f1", "IID F1"),
            "ood_precision": ("iid_precision", "IID precision"),
            "ood_recall": ("iid_recall", "IID recall"),
            "ood_recall_low": ("iid_recall_low", "IID recall of low-quality calls"),
            "ood_auroc": ("iid_auroc", "IID AUROC"),
            "ood_auprc": ("iid_auprc", "IID AUPRC"),
        },
        absent={
            "f1_gap": "there are no OOD recordings",
            "ood_recall_low": "no call of the OOD split is marked as of low quality",
            "iid_recall_low": "no call of the IID split is marked as of low quality",
        },
    ),
    floors={"validation_f1": "validation_floor_f1"},
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
    names={
        "hidden_units": "hidden units",
        "width_scale": "scale of widths",
        "learning_rate": "learning rate",
        "label_smoothing": "label smoothing",
        "smoothing_epsilon": "smoothing epsilon",
        "mixup_alpha": "mixup alpha",
        "focal_loss": "focal loss",
        "focal_gamma": "focal gamma",
        "focal_alpha": "focal alpha",
        "upsampling_ratio": "upsampling ratio",
        "upsampling_mode": "upsampling mode",
        "targeted_upsampling": "targeted upsampling",
        "targeted_ratio": "targeted ratio",
        "weight_decay": "weight decay",
        "batch_size": "batch size",
        "early_stopping": "early stopping",
        "min_delta": "least improvement",
        "validation_f1": "validation F1",
        "call_type": "call type",
        "f1": "F1",
        "iid_auroc": "IID AUROC",
        "iid": "IID",
        "ood": "OOD",
    },
)
