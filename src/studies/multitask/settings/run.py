"""Settings of the multitask study: one run."""

from typing import Annotated, Any, Literal

from pydantic import Field, PositiveFloat, PositiveInt

from uphold.training.contract import RunSettings

Share = Annotated[float, Field(gt=0, lt=1)]
Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class MultitaskRun(RunSettings):
    """One run of the network with three heads.

    Attributes
    ----------
    stem_width : int
        Channels of the first layer.
    width_scale : float
        What the scale makes of all widths of the network, `stem_width` among them.
    mixup, label_smoothing : bool
        Augmentations; each has its own strength below, without effect while it is off. Smoothing
        is of heads A and B, mixup of all three.
    schedule : {"constant", "plateau", "cosine"}
        ``cosine`` falls from the learning rate to `rate_floor` of it, a little with every step.
        ``plateau`` multiplies the rate by `plateau_factor` whenever the validation loss has not
        fallen by more than `plateau_min_delta` for `plateau_patience` epochs.
    weight_a, weight_b, weight_c : float
        What the loss of each head counts: cross-entropy, cross-entropy, squared error.
    early_stopping : bool
        Whether training ends once the validation loss has not fallen for `patience` epochs, and
        the weights of its best epoch are kept. Otherwise those of the last epoch are.
    """

    stem_width: Annotated[int, Field(ge=1, le=1024)] = 32
    width_scale: Annotated[float, Field(gt=0, le=1)] = 1.0
    mixup: bool = False
    mixup_alpha: PositiveFloat = 0.2
    label_smoothing: bool = False
    smoothing_epsilon: Share = 0.1
    schedule: Literal["constant", "plateau", "cosine"] = "constant"
    rate_floor: Annotated[float, Field(ge=0, le=1)] = 0.1
    plateau_factor: Share = 0.1
    plateau_patience: PositiveInt = 10
    plateau_min_delta: Weight = 1e-4
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 1e-3
    weight_a: Weight = 1.0
    weight_b: Weight = 1.0
    weight_c: Weight = 1.0
    batch_size: Annotated[int, Field(ge=2)] = 32
    epochs: PositiveInt = 100
    early_stopping: bool = False
    patience: PositiveInt = 10

    def canonical(self) -> dict[str, Any]:
        """Return the settings that have an effect; see `RunSettings.canonical`."""
        without: set[str] = set()
        if not self.mixup:
            without |= {"mixup_alpha"}
        if not self.label_smoothing:
            without |= {"smoothing_epsilon"}
        if self.schedule != "cosine":
            without |= {"rate_floor"}
        if self.schedule != "plateau":
            without |= {"plateau_factor", "plateau_patience", "plateau_min_delta"}
        if not self.early_stopping:
            without |= {"patience"}
        return {k: v for k, v in super().canonical().items() if k not in without}
