"""Settings of the speech study: one run."""

from typing import Annotated, Any, Literal

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from uphold.training.contract import RunSettings

Probability = Annotated[float, Field(ge=0, lt=1)]


class SpeechRun(RunSettings):
    """One run of a network on spectrograms.

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
    focal_gamma : float
    class_weights : bool
        Whether the loss weighs rare classes more: inverse frequency, mean 1, at most `heaviest`.
    label_smoothing : float
    specaugment : bool
    specaugment_bands, specaugment_frames : int
        Widest band and longest stretch that are blanked, counted in the archived spectrogram's 128
        bands and frames of 512 / 22,050 s; coarser spectrograms blank the same share.
    mixup : bool
        Every clip with a partner, with weights from Beta(`mixup_alpha`, `mixup_alpha`).
    balanced_sampler : bool
        Whether an epoch meets every class equally often.
    schedule : {"constant", "cosine"}
        Of the learning rate; the cosine falls to 0.
    weight_decay : float
        AdamW's; 0 is Adam.
    epochs : int
        As in the archived commands.
    epochs_scale : float
        The scale's share of them: ``round(epochs * epochs_scale)`` are trained, at least one.
    """

    split: Literal["grouped", "random"] = "grouped"
    groups: Annotated[int, Field(ge=3)] = 6
    fold: Annotated[int, Field(ge=0)] = 0
    rotating: bool = False
    model: Literal["resnet18", "small_cnn"] = "resnet18"
    resnet_width: Annotated[int, Field(ge=4, le=256)] = 64
    cnn_width: Annotated[int, Field(ge=4, le=256)] = 16
    batch_norm: bool = True
    dropout: Probability = 0.3
    loss: Literal["cross_entropy", "focal"] = "cross_entropy"
    focal_gamma: Annotated[float, Field(ge=0)] = 2.0
    class_weights: bool = False
    heaviest: Annotated[float, Field(ge=1)] = 3.0
    label_smoothing: Probability = 0.0
    specaugment: bool = False
    specaugment_bands: Annotated[int, Field(ge=0)] = 8
    specaugment_frames: Annotated[int, Field(ge=0)] = 20
    mixup: bool = False
    mixup_alpha: PositiveFloat = 0.3
    balanced_sampler: bool = False
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 1e-3
    schedule: Literal["constant", "cosine"] = "constant"
    weight_decay: Annotated[float, Field(ge=0)] = 0.0
    batch_size: Annotated[int, Field(ge=2)] = 16
    epochs: PositiveInt = 30
    epochs_scale: Annotated[float, Field(gt=0, le=1)] = 1.0

    @model_validator(mode="after")
    def _fold_exists(self) -> "SpeechRun":
        if self.fold >= self.groups:
            raise ValueError(f"fold counts from 0: the last of {self.groups} is {self.groups - 1}")
        return self

    @property
    def trained_epochs(self) -> int:
        """How many epochs are trained."""
        return max(1, round(self.epochs * self.epochs_scale))

    def canonical(self) -> dict[str, Any]:
        """Return the settings that have an effect; see `RunSettings.canonical`."""
        without = {"epochs_scale"}
        if self.model == "resnet18":
            without |= {"cnn_width", "batch_norm", "dropout"}
        else:
            without |= {"resnet_width"}
        if self.loss != "focal":
            without |= {"focal_gamma"}
        if not self.class_weights:
            without |= {"heaviest"}
        if not self.specaugment:
            without |= {"specaugment_bands", "specaugment_frames"}
        if not self.mixup:
            without |= {"mixup_alpha"}
        settings = {k: v for k, v in super().canonical().items() if k not in without}
        return settings | {"epochs": self.trained_epochs}
