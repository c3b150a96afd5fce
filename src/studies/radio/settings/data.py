"""Settings of the radio study: where its data come from."""

from typing import Annotated, Literal, get_args

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from uphold.format import TINIEST
from uphold.sources.settings import SourceSettings
from uphold.validation import Settings, Span

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
    at_most : int or None
        Frames that are used altogether, the same number of every cell; where that leaves less than
        one a cell for each split, of fewer levels of SNR. None: no limit.
    """

    train: PositiveInt = 500
    validation: PositiveInt = 100
    test: PositiveInt = 400
    split_seed: int = 0
    at_most: PositiveInt | None = None


class Data(SourceSettings):
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

    def _made(self) -> dict[str, float]:
        ours = self.synthetic
        classes = len(set(ours.classes))
        levels = int((ours.snr_highest - ours.snr_lowest) / ours.snr_step + TINIEST) + 1
        return {
            "classes": classes,
            "levels of SNR": levels,
            "training frames": classes * levels * ours.train,
            "test frames": classes * levels * ours.test,
            "samples a frame": ours.samples,
        }
