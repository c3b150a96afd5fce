"""The radio study as the shared stages see it."""

from studies.radio.scores import BY_ITEM, SCORES
from studies.radio.settings.data import Data
from studies.radio.settings.evaluation import Evaluation
from studies.radio.settings.run import RadioRun
from uphold.pipeline.study import Items, Study

STUDY = Study(
    name="radio",
    title="Modulation recognition",
    data=Data,
    run=RadioRun,
    evaluation=Evaluation,
    scores=frozenset(SCORES),
    items=Items("frame", frozenset(BY_ITEM)),
    names={
        "dual_path": "dual path",
        "bypass_denoiser": "bypass denoiser",
        "expert_features": "expert features",
        "snr_balanced": "SNR-balanced sampling",
        "mixup_alpha": "mixup alpha",
        "mixup_probability": "mixup probability",
        "mixup_min_snr": "lowest SNR of mixup",
        "label_smoothing": "label smoothing",
        "lambda_noise": "weight of the noise loss",
        "lambda_denoise": "weight of the denoising loss",
        "lambda_id": "weight of the identity loss",
        "lambda_preservation": "weight of the preservation loss",
        "preservation_from": "share of training before features are preserved",
        "flat_patience": "flat epochs before a run ends",
        "degradation_steps": "degradation steps",
        "degradation_aimed": "aimed degradation",
        "degradation_aim": "aim of the degradation",
        "auxiliary_epochs": "auxiliary epochs",
        "batch_size": "batch size",
        "learning_rate": "learning rate",
        "weight_decay": "weight decay",
        "noise_channels": "noise channels",
        "denoiser_channels": "denoiser channels",
        "denoiser_levels": "denoiser levels",
        "mixed_precision": "mixed precision",
        "validation_accuracy": "validation accuracy",
        "film": "FiLM",
        "+film": "A3 + FiLM",
        "+mixup": "A3 + mixup",
        "+dropout": "A3 + dropout",
        "+shift": "A3 + shift",
        "+identity": "A3 + identity loss",
        "all-losses": "all losses",
        "classifier-only": "classifier only",
    },
)
