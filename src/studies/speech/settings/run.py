"""Settings of the speech study: one run."""

from typing import Annotated, Any, Literal

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from uphold.training.contract import RunSettings

Probability = Annotated[float, Field(ge=0, lt=1)]
ScaleFactor = Annotated[float, Field(gt=0, le=100)]


class SpeechRun(RunSettings):
    """One run of a network on spectrograms.

    Defaults are those of the script that trained the archived rows, as far as it has the option:
    github.com/dmanzato/live-sentiment-classifier, ``train.py``.

    Attributes
    ----------
    split : {"grouped", "random"}
        Whether an actor's clips stay together (the test actors are then new to the network) or are
        dealt out, which leaks: the same voices are in training and test.
    groups : int
        Into how many groups the actors are divided; as many as there are actors leave one out.
    fold : int
        Which group is tested. The next one validates and all others train.
    rotating : bool
        Whether the seed turns the folds, so that the runs of a configuration test other actors.
    model : {"resnet18", "small_cnn"}
    resnet_width, cnn_width : int
        Channels of the first stage.
    batch_norm : bool
    dropout : float
        Both of the small network alone; the other one has batch normalisation and no dropout.
    loss : {"cross_entropy", "focal"}
        The focal loss always weighs classes and never smooths labels.
    focal_gamma : float
    class_weights : bool
        Whether the loss weighs rare classes more: by inverse frequency, at most `heaviest` times
        as much as the commonest class.
    heaviest : float
    label_smoothing : float
        Of the cross-entropy.
    specaugment : bool
    specaugment_bands, specaugment_frames : int
        Widest band and longest stretch that are blanked, counted in the archived spectrogram's 128
        bands and frames of 512 / 22,050 s; coarser spectrograms blank the same share.
    mixup : bool
        Every clip with a partner, by one weight a batch, from Beta(`mixup_alpha`, `mixup_alpha`).
    mixup_alpha : float
    balanced_sampler : bool
        Whether an epoch draws its clips with replacement, every class equally often on average.
    learning_rate : float
    schedule : {"warmup-cosine", "cosine", "constant"}
        Of the learning rate: both cosines fall to 0, the first after `warmup_epochs` of climbing.
    warmup_epochs : int
    weight_decay : float
        Adam's own, part of the gradient: not AdamW's.
    batch_size, epochs : int
        As in the archived commands.
    epochs_scale, rate_scale, batch_scale : float
        What the scale makes of the archived epochs, learning rates and batches: ``round(epochs *
        epochs_scale)`` are trained, at least one; the other two multiply.
    """

    split: Literal["grouped", "random"] = "grouped"
    groups: Annotated[int, Field(ge=3)] = 6
    fold: Annotated[int, Field(ge=0)] = 0
    rotating: bool = False
    model: Literal["resnet18", "small_cnn"] = "small_cnn"
    resnet_width: Annotated[int, Field(ge=4, le=256)] = 64
    cnn_width: Annotated[int, Field(ge=4, le=256)] = 32
    batch_norm: bool = False
    dropout: Probability = 0.0
    loss: Literal["cross_entropy", "focal"] = "cross_entropy"
    focal_gamma: Annotated[float, Field(ge=0)] = 2.0
    class_weights: bool = False
    heaviest: Annotated[float, Field(ge=1)] = 3.0
    label_smoothing: Probability = 0.0
    specaugment: bool = False
    specaugment_bands: Annotated[int, Field(ge=0)] = 8
    specaugment_frames: Annotated[int, Field(ge=0)] = 20
    mixup: bool = True
    mixup_alpha: PositiveFloat = 0.2
    balanced_sampler: bool = False
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 3e-4
    schedule: Literal["warmup-cosine", "cosine", "constant"] = "warmup-cosine"
    warmup_epochs: PositiveInt = 2
    weight_decay: Annotated[float, Field(ge=0)] = 1e-4
    batch_size: Annotated[int, Field(ge=2)] = 32
    epochs: PositiveInt = 25
    epochs_scale: Annotated[float, Field(gt=0, le=1)] = 1.0
    rate_scale: ScaleFactor = 1.0
    batch_scale: Annotated[int, Field(ge=1, le=100)] = 1

    @model_validator(mode="after")
    def _fold_exists(self) -> "SpeechRun":
        if self.fold >= self.groups:
            raise ValueError(
                f"there is no fold {self.fold}: training.groups is {self.groups}, and folds count"
                f" from 0 to {self.groups - 1}. Leave the folds beyond out of the design, or raise"
                " training.groups"
            )
        return self

    @property
    def trained_epochs(self) -> int:
        """How many epochs are trained."""
        return max(1, round(self.epochs * self.epochs_scale))

    @property
    def trained_rate(self) -> float:
        """The highest learning rate."""
        return self.learning_rate * self.rate_scale

    @property
    def trained_batch(self) -> int:
        """How many clips a step takes."""
        return self.batch_size * self.batch_scale

    @property
    def weighs(self) -> bool:
        """Whether the loss weighs classes."""
        return self.class_weights or self.loss == "focal"

    def canonical(self) -> dict[str, Any]:
        """Return the settings that have an effect; see `RunSettings.canonical`."""
        without = {"epochs_scale", "rate_scale", "batch_scale"}
        if self.model == "resnet18":
            without |= {"cnn_width", "batch_norm", "dropout"}
        else:
            without |= {"resnet_width"}
        if self.loss == "focal":
            without |= {"class_weights", "label_smoothing"}
        else:
            without |= {"focal_gamma"}
        if not self.weighs:
            without |= {"heaviest"}
        if not self.specaugment:
            without |= {"specaugment_bands", "specaugment_frames"}
        if not self.mixup:
            without |= {"mixup_alpha"}
        if self.schedule != "warmup-cosine":
            without |= {"warmup_epochs"}
        settings = {k: v for k, v in super().canonical().items() if k not in without}
        return settings | {
            "epochs": self.trained_epochs,
            "learning_rate": self.trained_rate,
            "batch_size": self.trained_batch,
        }
