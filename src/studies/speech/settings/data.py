"""Settings of the speech study: where its data come from."""

from typing import Annotated, Any, Literal

from pydantic import Field, PositiveInt

from uphold.sources.settings import SourceSettings
from uphold.validation import Settings

EMOTIONS = ("neutral", "calm", "happy", "sad", "angry", "fearful", "disgust", "surprised")
"""In the order of their codes, 01 to 08."""
SENTIMENTS = ("negative", "neutral", "positive")
SENTIMENT_OF = {
    "neutral": "neutral",
    "calm": "positive",
    "happy": "positive",
    "surprised": "positive",
    "sad": "negative",
    "angry": "negative",
    "fearful": "negative",
    "disgust": "negative",
}


class LogMel(Settings):
    """How sound becomes spectrograms; the defaults are the archived ones.

    Attributes
    ----------
    sample_rate : int
        In Hz; sound of another rate is resampled.
    n_mels, n_fft, hop_length : int
        Mel bands, samples of a window, samples from one window to the next.
    seconds : float
        Length of a spectrogram: longer clips lose both ends, shorter ones are centred in silence.
    """

    sample_rate: Annotated[int, Field(ge=4000, le=96000)] = 22_050
    n_mels: Annotated[int, Field(ge=16, le=256)] = 128
    n_fft: Annotated[int, Field(ge=128, le=8192)] = 1024
    hop_length: Annotated[int, Field(ge=32, le=8192)] = 512
    seconds: Annotated[float, Field(gt=0.5, le=10)] = 3.0


class Synthetic(Settings):
    """How many clips are made, by how many actors, and from which seed.

    Attributes
    ----------
    seed : int
        Everything that is drawn follows from it.
    actors : int
        Odd numbers are male, even ones female.
    statements, repetitions : int
        Every actor says each statement so often in each emotion at each intensity; neutral has the
        normal intensity alone. Two of each make the 60 clips an actor of the original set.
    """

    seed: int = 2018
    actors: Annotated[int, Field(ge=3, le=99)] = 24
    statements: Annotated[int, Field(ge=1, le=2)] = 2
    repetitions: Annotated[int, Field(ge=1, le=2)] = 2


class Ravdess(Settings):
    """How much of the RAVDESS tree is used.

    Attributes
    ----------
    at_most : int or None
        Clips, drawn by actor and emotion; None: all.
    split_seed : int
        Of that draw.
    """

    at_most: PositiveInt | None = None
    split_seed: int = 0


class Data(SourceSettings):
    """Where the data come from, and what is to be told of them.

    Attributes
    ----------
    source : {"synthetic", "ravdess"}
    path : str
        The folder that holds ``Actor_01`` and so on, relative to the project.
    mode : {"sentiment", "emotion"}
        Three classes or eight.
    spectrogram : LogMel
    synthetic, ravdess
        The settings of each source; those of the other are without effect.
    """

    source: Literal["synthetic", "ravdess"] = "synthetic"
    path: str = "data/ravdess"
    mode: Literal["sentiment", "emotion"] = "sentiment"
    spectrogram: LogMel = LogMel()
    synthetic: Synthetic = Synthetic()
    ravdess: Ravdess = Ravdess()

    def in_force(self) -> dict[str, Any]:
        """Return the settings that had an effect on the data: of the spectrograms, always."""
        without = {"path", "ravdess"} if self.source == "synthetic" else {"synthetic"}
        return self.model_dump(mode="json", exclude=without)

    def _made(self) -> dict[str, float]:
        ours = self.synthetic
        # each emotion at two intensities, neutral at one
        said = ours.statements * ours.repetitions * (2 * len(EMOTIONS) - 1)
        return {
            "actors": ours.actors,
            "clips": ours.actors * said,
            "mel bands": self.spectrogram.n_mels,
            "Hz of sample rate": self.spectrogram.sample_rate,
        }

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of the mode, in the order of the logits."""
        return SENTIMENTS if self.mode == "sentiment" else EMOTIONS
