"""The speech study as the shared stages see it."""

from studies.speech.scores import BY_ITEM, SCORES
from studies.speech.settings.data import Data
from studies.speech.settings.evaluation import Evaluation
from studies.speech.settings.run import SpeechRun
from uphold.pipeline.study import Items, Study

STUDY = Study(
    name="speech",
    title="Speech emotion",
    data=Data,
    run=SpeechRun,
    evaluation=Evaluation,
    scores=frozenset(SCORES),
    items=Items("clip", frozenset(BY_ITEM), group="actor"),
    names={
        "resnet_width": "ResNet width",
        "tested_fold": "tested fold",
        "cnn_width": "CNN width",
        "batch_norm": "batch normalisation",
        "focal_gamma": "focal gamma",
        "class_weights": "class weights",
        "label_smoothing": "label smoothing",
        "specaugment_bands": "widest SpecAugment band",
        "specaugment_frames": "longest SpecAugment stretch",
        "mixup_alpha": "mixup alpha",
        "balanced_sampler": "balanced sampler",
        "learning_rate": "learning rate",
        "weight_decay": "weight decay",
        "batch_size": "batch size",
        "warmup_epochs": "epochs of warm-up",
        "epochs_scale": "scale of epochs",
        "rate_scale": "scale of learning rates",
        "batch_scale": "scale of batches",
        "ensemble_gain": "ensembles’ lead",
        "validation_macro_f1": "validation macro-F1",
        "specaugment": "SpecAugment",
        "resnet18": "ResNet18",
        "small_cnn": "small CNN",
        "cross_entropy": "cross-entropy",
    },
)
