"""Settings of the radio study: its data, one run, its evaluation."""

from itertools import pairwise
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, PositiveFloat, PositiveInt, model_validator

from uphold.training.contract import RunSettings
from uphold.validation import Settings

Modulation = Literal[
    "OOK",
    "4ASK",
    "8ASK",
    "BPSK",
    "QPSK",
    "8PSK",
    "16PSK",
    "32PSK",
    "16APSK",
    "32APSK",
    "64APSK",
    "128APSK",
    "16QAM",
    "32QAM",
    "64QAM",
    "128QAM",
    "256QAM",
    "AM-SSB-WC",
    "AM-SSB-SC",
    "AM-DSB-WC",
    "AM-DSB-SC",
    "FM",
    "GMSK",
    "OQPSK",
]
"""The classes of RML2018.01A in their true order; the list that is shipped with it is wrong."""


def _ascending(span: tuple[float, float]) -> tuple[float, float]:
    if span[0] > span[1]:
        raise ValueError(f"the lowest value comes first, not {span[0]} before {span[1]}")
    return span


Span = Annotated[tuple[float, float], AfterValidator(_ascending)]
"""The lowest and the highest value of what is drawn uniformly."""


class Channel(Settings):
    """What happens to a signal on its way; everything is drawn anew for each frame.

    Attributes
    ----------
    carrier_offset : float
        Largest offset of the carrier, in cycles a sample; either sign.
    clock_drift : float
        Largest difference between the sample rates of transmitter and receiver, as a share of the
        rate; either sign.
    rician_k_db : (float, float)
        Power of the direct path over that of all scattered paths, in dB.
    taps : int
        Delays, in whole samples from 0, at which scattered paths arrive; 0: the direct path alone.
    delay_spread : float
        Delay in samples over which the mean power of scattered paths falls by the factor e.
    """

    carrier_offset: Annotated[float, Field(ge=0, le=0.5)] = 0.002
    clock_drift: Annotated[float, Field(ge=0, le=0.01)] = 1e-4
    rician_k_db: Span = (10.0, 20.0)
    taps: Annotated[int, Field(ge=0, le=64)] = 4
    delay_spread: PositiveFloat = 2.0


class Synthetic(Settings):
    """Which frames are made, how many, and from which seed.

    Attributes
    ----------
    seed : int
        Everything that is drawn follows from it.
    classes : tuple of str
        Modulations; they are always taken in the order of `Modulation`.
    samples : int
        Length of a frame.
    samples_per_symbol : int
        Of digital modulations, before clock drift.
    roll_off : (float, float)
        Of the root-raised-cosine pulses.
    message_band : (float, float)
        Lowest and highest frequency of the messages that analog modulations carry, in cycles a
        sample.
    snr_lowest, snr_highest, snr_step : float
        The levels of SNR, in dB.
    train, validation, test : int
        Frames in a cell (one class at one SNR) of each split.
    channel : Channel
    """

    seed: int = 2018
    classes: Annotated[tuple[Modulation, ...], Field(min_length=2)] = get_args(Modulation)
    samples: Annotated[int, Field(ge=32, le=65536)] = 128
    samples_per_symbol: Annotated[int, Field(ge=2, le=64)] = 4
    roll_off: Span = (0.1, 0.4)
    message_band: Span = (0.005, 0.08)
    snr_lowest: float = -20.0
    snr_highest: float = 18.0
    snr_step: PositiveFloat = 2.0
    train: PositiveInt = 25
    validation: PositiveInt = 10
    test: PositiveInt = 15
    channel: Channel = Channel()

    @model_validator(mode="after")
    def _possible(self) -> "Synthetic":
        if len(set(self.classes)) < 2:
            raise ValueError("classes must name at least two different ones")
        if self.snr_lowest > self.snr_highest:
            raise ValueError("snr_lowest is above snr_highest")
        if not (self.roll_off[0] >= 0 and self.roll_off[1] <= 1):
            raise ValueError("roll_off lies between 0 and 1")
        if not (self.message_band[0] > 0 and self.message_band[1] <= 0.25):
            raise ValueError("message_band lies above 0 and up to 0.25 cycles a sample")
        return self


class Stored(Settings):
    """How many frames of a file are taken, and by which draw they are split.

    Attributes
    ----------
    train, validation, test : int
        Frames in a cell (one class at one SNR) of each split.
    split_seed : int
        Of the draw.
    """

    train: PositiveInt = 500
    validation: PositiveInt = 100
    test: PositiveInt = 400
    split_seed: int = 0


class Data(Settings):
    """Where the frames come from.

    Attributes
    ----------
    source : {"synthetic", "radioml2018", "radioml2016"}
    path : str
        The file that the sources radioml2018 and radioml2016 read, relative to the project.
    normalise : {"rms", "none"}
        Whether each frame is divided by its own root mean square.
    synthetic, radioml2018, radioml2016
        The settings of each source; those of the others are without effect.
    """

    source: Literal["synthetic", "radioml2018", "radioml2016"] = "synthetic"
    path: str = "data/radioml"
    normalise: Literal["rms", "none"] = "rms"
    synthetic: Synthetic = Synthetic()
    radioml2018: Stored = Stored()
    radioml2016: Stored = Stored()


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


class Run(RunSettings):
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
        Whether every batch, not only every epoch, holds all SNRs equally often.
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
    lambda_noise, lambda_denoise, lambda_id, lambda_preservation : float
        Weights of the losses beside the classifier's: of the noise head, of denoising, of leaving
        clean frames alone, of preserving features.
    degradation_steps : (float, float)
        A frame is degraded by a number of dB between these for the denoiser to learn from.
    degradation_aimed : bool
        Whether only such steps are drawn as lead to an SNR within `degradation_aim`.
    auxiliary_epochs : int
        Epochs before the others in which the noise head and the denoiser learn alone.
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
    degradation_steps: Span = (2.0, 8.0)
    degradation_aimed: bool = False
    degradation_aim: Span = (-14.0, -6.0)
    auxiliary_epochs: Annotated[int, Field(ge=0)] = 1
    epochs: PositiveInt = 10
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
    def _possible(self) -> "Run":
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

    def canonical(self) -> dict:
        """Return the settings that have an effect; see `RunSettings.canonical`."""
        without: set[str] = set()
        if not self.noise_head:
            without |= {"lambda_noise", "auxiliary_epochs", "noise_channels"}
        if not self.denoiser:
            without |= {"lambda_denoise", "lambda_id", "degradation_steps", "degradation_aimed"}
            without |= {"denoiser_channels", "denoiser_levels"}
        if not self.preservation:
            without |= {"lambda_preservation"}
        if not (self.denoiser and self.degradation_aimed):
            without |= {"degradation_aim"}
        if self.mixup == "none":
            without |= {"mixup_alpha", "mixup_probability", "mixup_min_snr"}
        if self.schedule != "warmup-cosine":
            without |= {"warmup"}
        return {k: v for k, v in super().canonical().items() if k not in without}


class Evaluation(Settings):
    """How stored predictions become scores.

    ``bands`` are the lowest and highest SNR, in dB, of each band; SNRs in none of them are the
    slice ``uncovered``.
    """

    bands: dict[Literal["low", "mid", "high"], Span] = {
        "low": (-14.0, -6.0),
        "mid": (-4.0, 6.0),
        "high": (10.0, 99.0),
    }

    @model_validator(mode="after")
    def _three_apart(self) -> "Evaluation":
        if missing := {"low", "mid", "high"} - set(self.bands):
            raise ValueError(f"bands lacks {', '.join(sorted(missing))}")
        spans = sorted(self.bands.values())
        if any(here[1] >= above[0] for here, above in pairwise(spans)):
            raise ValueError("bands overlap: an SNR belongs to one of them")
        return self
