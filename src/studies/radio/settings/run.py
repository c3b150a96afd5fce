"""Settings of the radio study: one run."""

from typing import Annotated, Any, Literal

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from uphold.training.contract import RunSettings
from uphold.validation import Settings, Span

NonNegative = Annotated[float, Field(ge=0)]


class Widths(Settings):
    """How large the classifier is, and where it shortens the frame.

    Attributes
    ----------
    convolutions : int
        Channels of each convolution.
    kernel : int
        Their width in samples.
    strides : (int, int, int)
        Of the three convolutions; the LSTM takes one step for each sample that is left.
    recurrent : int
        Units of the LSTM.
    dense : int
        Units of the layer before the logits.
    """

    convolutions: PositiveInt = 24
    kernel: PositiveInt = 8
    strides: tuple[PositiveInt, PositiveInt, PositiveInt] = (2, 2, 1)
    recurrent: PositiveInt = 24
    dense: PositiveInt = 32


class RadioRun(RunSettings):
    """One run of the classifier and what helps it.

    Attributes
    ----------
    film : bool
        Whether the noise head's estimate scales and shifts the classifier's channels.
    denoiser : bool
        Whether the classifier gets denoised frames.
    dual_path : bool
        Whether it gets the received frame beside the denoised one.
    bypass_denoiser : bool
        Whether predictions leave the denoiser out: a run differs in nothing else from the one with
        the same settings that does not, and the two are trained together.
    expert_features : bool
        Whether statistics of the frame join what the classifier has pooled.
    snr_balanced : bool
        Whether batches and epochs hold all SNRs equally often, however many frames each has. Where
        each has as many, no frame is met more often than without: only batches are evened out.
    rotation, shift : bool
        Whether each frame is turned by a random phase, and rolled by a random number of samples.
    mixup : {"none", "all-losses", "classifier-only"}
        Whether batches are mixed, and whether the noise head and the denoiser learn from the mixed
        frames or from those that were received.
    mixup_alpha, mixup_probability, mixup_min_snr : float
        A batch is mixed with this probability, its weight drawn from Beta(alpha, alpha); frames
        below the SNR (in dB; None: no limit) stay as they are.
    dropout, label_smoothing : float
    preservation : bool
        Whether the denoiser also learns to leave the classifier the features that it would find in
        the less noisy frame.
    preservation_from : float
        After which share of the classifier's epochs its first block is copied. The copy finds the
        features from then on and never changes.
    lambda_noise, lambda_denoise, lambda_id, lambda_preservation : float
        Weights of the losses beside the classifier's: of the noise head, of denoising, of leaving
        clean frames alone, of preserving features.
    degradation_steps : (float, float)
        A frame is degraded by a number of dB between these for the denoiser to learn from.
    degradation_aimed : bool
        Whether only such steps are drawn as lead to an SNR within `degradation_aim`.
    auxiliary_epochs : int
        Epochs before the others in which the noise head and the denoiser learn alone.
    patience : int or None
        A run ends once so many epochs of the classifier have passed since its best; None: never.
    flat_patience : int or None
        It ends once it has been flat for so many, by the rule of `training.plateau`; None: never.
    widths : Widths
    noise_channels : int
        Of the noise head.
    denoiser_channels, denoiser_levels : int
        Channels of the denoiser's first level, of which each deeper one has twice as many, and how
        often it halves the frame.
    mixed_precision, compile : bool
        What a GPU may do for speed; without effect on a CPU.
    """

    film: bool = False
    denoiser: bool = False
    dual_path: bool = False
    bypass_denoiser: bool = False
    expert_features: bool = False
    snr_balanced: bool = False
    rotation: bool = True
    shift: bool = False
    mixup: Literal["none", "all-losses", "classifier-only"] = "none"
    mixup_alpha: PositiveFloat = 0.2
    mixup_probability: Annotated[float, Field(gt=0, le=1)] = 0.5
    mixup_min_snr: float | None = None
    dropout: Annotated[float, Field(ge=0, lt=1)] = 0.15
    label_smoothing: Annotated[float, Field(ge=0, lt=1)] = 0.05
    lambda_noise: NonNegative = 0.1
    lambda_denoise: NonNegative = 0.5
    lambda_id: NonNegative = 0.03
    preservation: bool = False
    lambda_preservation: NonNegative = 0.2
    preservation_from: Annotated[float, Field(ge=0, lt=1)] = 0.3
    degradation_steps: Span = (2.0, 8.0)
    degradation_aimed: bool = False
    degradation_aim: Span = (-14.0, -6.0)
    auxiliary_epochs: Annotated[int, Field(ge=0)] = 1
    epochs: PositiveInt = 10
    patience: PositiveInt | None = None
    flat_patience: PositiveInt | None = None
    batch_size: Annotated[int, Field(ge=2)] = 128
    learning_rate: Annotated[float, Field(gt=0, le=1)] = 3e-3
    schedule: Literal["constant", "cosine", "warmup-cosine"] = "warmup-cosine"
    warmup: PositiveInt = 2
    weight_decay: NonNegative = 0.01
    clip: PositiveFloat | None = None
    widths: Widths = Widths()
    noise_channels: PositiveInt = 8
    denoiser_channels: PositiveInt = 8
    denoiser_levels: Annotated[int, Field(ge=1, le=8)] = 2
    mixed_precision: bool = False
    compile: bool = False

    @model_validator(mode="after")
    def _possible(self) -> "RadioRun":
        if self.degradation_steps[0] < 0:
            raise ValueError("degradation_steps lower the SNR: they cannot be negative")
        for name in ("dual_path", "bypass_denoiser"):
            if getattr(self, name) and not self.denoiser:
                raise ValueError(f"{name} needs the denoiser")
        if self.preservation and not self.dual_path:
            raise ValueError("preservation compares the two paths: it needs dual_path")
        return self

    @property
    def noise_head(self) -> bool:
        """Whether there is a noise head: FiLM and the denoiser both go by its estimate."""
        return self.film or self.denoiser

    @property
    def epochs_before(self) -> int:
        """How many epochs noise head and denoiser have to themselves, before the classifier's."""
        return self.auxiliary_epochs if self.noise_head else 0

    def canonical(self) -> dict[str, Any]:
        """Return the settings that have an effect; see `RunSettings.canonical`."""
        without: set[str] = set()
        if not self.noise_head:
            without |= {"lambda_noise", "auxiliary_epochs", "noise_channels"}
        if not self.denoiser:
            without |= {"lambda_denoise", "lambda_id", "degradation_steps", "degradation_aimed"}
            without |= {"denoiser_channels", "denoiser_levels"}
        if not self.preservation:
            without |= {"lambda_preservation", "preservation_from"}
        without |= {name for name in ("patience", "flat_patience") if getattr(self, name) is None}
        if not (self.denoiser and self.degradation_aimed):
            without |= {"degradation_aim"}
        if self.mixup == "none":
            without |= {"mixup_alpha", "mixup_probability", "mixup_min_snr"}
        if self.schedule != "warmup-cosine":
            without |= {"warmup"}
        return {k: v for k, v in super().canonical().items() if k not in without}
