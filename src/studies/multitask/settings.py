"""Settings of the multitask study: its data, one run, its evaluation."""

from typing import Annotated, Literal

from pydantic import Field, PositiveFloat, PositiveInt

from uphold.training.contract import RunSettings
from uphold.validation import Settings

Share = Annotated[float, Field(gt=0, lt=1)]
Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Synthetic(Settings):
    """How many figures are drawn, how hard they are to read, and from which seed.

    Attributes
    ----------
    seed : int
        Everything that is drawn follows from it.
    train, validation, test : int
        Images in each split.
    contrast : float
        How strongly a texture modulates the brightness of its figure.
    clutter : float
        Brightness of the strokes and waves behind a figure, where a figure has about 1.
    noise : float
        Standard deviation of the noise of each pixel, in the same unit.
    """

    seed: int = 2025
    train: PositiveInt = 1200
    validation: PositiveInt = 400
    test: PositiveInt = 2400
    contrast: Annotated[float, Field(ge=0, le=1)] = 0.6
    clutter: Weight = 0.2
    noise: Weight = 0.12


class Npz(Settings):
    """Grids of one's own in an ``.npz`` file; splits are drawn, stratified by head A.

    Attributes
    ----------
    validation_share, test_share : float
        How much of all items goes to each.
    split_seed : int
        Of the draw.
    """

    validation_share: Share = 0.15
    test_share: Share = 0.25
    split_seed: int = 0


class Data(Settings):
    """Where the data come from.

    Attributes
    ----------
    source : {"synthetic", "npz"}
    path : str
        The ``.npz`` file, or a folder that holds one, relative to the project.
    synthetic, npz
        The settings of each source; those of the other are without effect.
    """

    source: Literal["synthetic", "npz"] = "synthetic"
    path: str = "data/grids"
    synthetic: Synthetic = Synthetic()
    npz: Npz = Npz()


class Run(RunSettings):
    """One run of the network with three heads.

    Attributes
    ----------
    stem_width : int
        Channels of the first layer.
    mixup, label_smoothing : bool
        Augmentations; each has its own strength below, without effect while it is off. Smoothing
        is of heads A and B, mixup of all three.
    schedule : {"constant", "cosine"}
        ``cosine`` falls from the learning rate to `rate_floor` of it.
    weight_a, weight_b, weight_c : float
        What the loss of each head counts: cross-entropy, cross-entropy, squared error.
    early_stopping : bool
        Whether training ends once the validation loss has not fallen for `patience` epochs, and
        the weights of its best epoch are kept. Otherwise those of the last epoch are.
    """

    stem_width: Annotated[int, Field(ge=1, le=1024)] = 32
    mixup: bool = False
    mixup_alpha: PositiveFloat = 0.2
    label_smoothing: bool = False
    smoothing_epsilon: Share = 0.1
    schedule: Literal["constant", "cosine"] = "constant"
    rate_floor: Annotated[float, Field(ge=0, le=1)] = 0.1
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 1e-3
    weight_a: Weight = 1.0
    weight_b: Weight = 1.0
    weight_c: Weight = 1.0
    batch_size: Annotated[int, Field(ge=2)] = 32
    epochs: PositiveInt = 100
    early_stopping: bool = False
    patience: PositiveInt = 10

    def canonical(self) -> dict:
        """Return the settings that have an effect; see `RunSettings.canonical`."""
        without = set()
        if not self.mixup:
            without |= {"mixup_alpha"}
        if not self.label_smoothing:
            without |= {"smoothing_epsilon"}
        if self.schedule == "constant":
            without |= {"rate_floor"}
        if not self.early_stopping:
            without |= {"patience"}
        return {k: v for k, v in super().canonical().items() if k not in without}


class Evaluation(Settings):
    """How stored predictions become scores.

    ``bins`` is the number of equal intervals of confidence in which the calibration is judged.
    """

    bins: Annotated[int, Field(ge=2, le=100)] = 15
