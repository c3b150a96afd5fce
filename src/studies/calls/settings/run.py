"""Settings of the call-detection study: one run."""

from typing import Annotated, Any, Literal, get_args

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from uphold.training.contract import RunSettings

Fraction = Annotated[float, Field(ge=0, le=1)]
Quality = Literal["high", "medium", "low"]


class CallsRun(RunSettings):
    """One run of the classifier head of BirdNET-Analyzer.

    Attributes
    ----------
    hidden_units : int
        Width of the hidden layer; 0 is a linear head.
    width_scale : float
        What that width is multiplied by, see `width`.
    dropout : float
        Before the hidden layer (if there is one) and before the output layer.
    label_smoothing, mixup, focal_loss : bool
        Augmentations and loss; each has its own strength below, without effect while it is off.
    qualities : tuple of {"high", "medium", "low"}
        The quality levels of positive clips that the training set keeps.
    balance : bool
        Whether the larger of positives and negatives is cut to the size of the smaller.
    upsampling_ratio : float
        Every class is filled up to ``int(ratio * size of the largest class)``; 0 is off.
    targeted_upsampling : {"none", "call_type", "quality"}
        Whether the positive class is filled up by call type or by quality: each of its groups up
        to ``int(targeted_ratio * size of its largest group)``.
    early_stopping : bool
        Whether training stops once `patience` epochs in a row have not lowered the validation loss
        by more than `min_delta`, and the weights of the last epoch that did are kept.
        BirdNET-Analyzer always does: Keras' callback with ``min_delta=0.001``, a patience of
        ``min(10, max(5, int(epochs / 10)))`` and the best weights restored
        (``train_linear_classifier`` in its ``birdnet_analyzer/model.py``).
    """

    hidden_units: Annotated[int, Field(ge=0, le=8192)] = 512
    width_scale: Annotated[float, Field(gt=0, le=1)] = 1.0
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.25
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 5e-4
    label_smoothing: bool = False
    smoothing_epsilon: Annotated[float, Field(gt=0, lt=1)] = 0.1
    mixup: bool = False
    mixup_alpha: PositiveFloat = 0.2
    focal_loss: bool = False
    focal_gamma: Annotated[float, Field(ge=0)] = 2.0
    focal_alpha: Annotated[float, Field(ge=0, le=1)] = 0.25
    qualities: Annotated[tuple[Quality, ...], Field(min_length=1)] = ("high", "medium")
    balance: bool = False
    upsampling_ratio: Fraction = 0.0
    upsampling_mode: Literal["repeat", "mean", "linear", "smote"] = "repeat"
    targeted_upsampling: Literal["none", "call_type", "quality"] = "none"
    targeted_ratio: Fraction = 1.0
    optimizer: Literal["adam", "adamw"] = "adam"
    weight_decay: Annotated[float, Field(ge=0)] = 0.01
    schedule: Literal["constant", "cosine", "warmup-cosine"] = "constant"
    batch_size: PositiveInt = 32
    epochs: PositiveInt = 50
    early_stopping: bool = False
    patience: PositiveInt = 5
    min_delta: Annotated[float, Field(ge=0)] = 0.0

    @model_validator(mode="after")
    def _one_upsampling(self) -> "CallsRun":
        if self.targeted_upsampling != "none" and self.upsampling_ratio > 0:
            raise ValueError(
                "targeted_upsampling and upsampling_ratio fill up the same training set: use one"
            )
        return self

    @property
    def width(self) -> int:
        """Width of the hidden layer at this scale; 0 is a linear head."""
        return max(1, round(self.hidden_units * self.width_scale)) if self.hidden_units else 0

    def canonical(self) -> dict[str, Any]:
        """Return the settings that have an effect; see `RunSettings.canonical`."""
        without = set()
        if not self.hidden_units:
            without |= {"width_scale"}
        if not self.label_smoothing:
            without |= {"smoothing_epsilon"}
        if not self.mixup:
            without |= {"mixup_alpha"}
        if not self.focal_loss:
            without |= {"focal_gamma", "focal_alpha"}
        if self.targeted_upsampling == "none":
            without |= {"targeted_ratio"}
        if self.upsampling_ratio == 0 and self.targeted_upsampling == "none":
            without |= {"upsampling_mode"}
        if self.optimizer == "adam":
            without |= {"weight_decay"}
        if not self.early_stopping:
            without |= {"patience", "min_delta"}
        settings = {k: v for k, v in super().canonical().items() if k not in without}
        settings["qualities"] = [q for q in get_args(Quality) if q in settings["qualities"]]
        return settings
