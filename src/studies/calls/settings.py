"""Settings of the call-detection study: its data, one run, its evaluation."""

from typing import Annotated, Literal, get_args

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from uphold.training.contract import RunSettings
from uphold.validation import Settings

Fraction = Annotated[float, Field(ge=0, le=1)]
Quality = Literal["high", "medium", "low"]


class Synthetic(Settings):
    """How many recordings are made, on how many recorders, and from which seed.

    Attributes
    ----------
    seed : int
        Everything that is drawn follows from it.
    train, validation, iid, ood : int
        Recordings in each split.
    positive_share : float
        Share of them that hold a call.
    recorders, ood_recorders : int
        How many make the recordings of ``train``, ``validation`` and ``iid``, and how many others
        those of ``ood``.
    """

    seed: int = 2025
    train: PositiveInt = 900
    validation: PositiveInt = 300
    iid: PositiveInt = 400
    ood: PositiveInt = 500
    positive_share: Annotated[float, Field(gt=0, lt=1)] = 0.3
    recorders: PositiveInt = 5
    ood_recorders: PositiveInt = 3


class Folder(Settings):
    """Recordings of one's own: a folder a class, by the rules of BirdNET-Analyzer.

    Attributes
    ----------
    manifest : str or None
        A CSV file that says what each recording is, relative to the project; None takes
        ``manifest.csv`` in the folder if it is there, and else goes by the folders' names.
    classes : tuple of str
        The classes that labels may name; empty: whatever they name.
    test_share, validation_share : float
        How splits are drawn where they are not given: `test_share` of the recordings for ``iid``,
        `validation_share` of the others for ``validation``.
    split_seed : int
        Of these draws.
    """

    manifest: str | None = None
    classes: tuple[str, ...] = ()
    test_share: Fraction = 0.2
    validation_share: Fraction = 0.2
    split_seed: int = 0


class Embeddings(Settings):
    """Ready feature vectors in BirdNET-Analyzer's ``.npz`` layout; splits are drawn as above."""

    test_share: Fraction = 0.2
    validation_share: Fraction = 0.2
    split_seed: int = 0


class Data(Settings):
    """Where the data come from.

    Attributes
    ----------
    source : {"synthetic", "folder", "embeddings"}
    path : str
        The folder of recordings or the file of embeddings, relative to the project.
    positive : str
        The class whose scores are reported.
    synthetic, folder, embeddings
        The settings of each source; those of the others are without effect.
    """

    source: Literal["synthetic", "folder", "embeddings"] = "synthetic"
    path: str = "data/recordings"
    positive: str = "call"
    synthetic: Synthetic = Synthetic()
    folder: Folder = Folder()
    embeddings: Embeddings = Embeddings()


class Run(RunSettings):
    """One run of the classifier head of BirdNET-Analyzer.

    Attributes
    ----------
    hidden_units : int
        Width of the hidden layer; 0 is a linear head.
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
    """

    hidden_units: Annotated[int, Field(ge=0, le=8192)] = 512
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

    @model_validator(mode="after")
    def _one_upsampling(self) -> "Run":
        if self.targeted_upsampling != "none" and self.upsampling_ratio > 0:
            raise ValueError(
                "targeted_upsampling and upsampling_ratio fill up the same training set: use one"
            )
        return self

    def canonical(self) -> dict:
        """Return the settings that have an effect; see `RunSettings.canonical`."""
        without = set()
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
            without |= {"patience"}
        settings = {k: v for k, v in super().canonical().items() if k not in without}
        settings["qualities"] = [q for q in get_args(Quality) if q in settings["qualities"]]
        return settings


class Evaluation(Settings):
    """How stored predictions become scores.

    ``thresholds`` is the number of steps between 0 and 1 on the grid from which a threshold is
    chosen (by the best F1 of the positive class).
    """

    thresholds: Annotated[int, Field(ge=10, le=1000)] = 100
