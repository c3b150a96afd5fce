"""A clip: who says what, how, and the name that tells it.

RAVDESS names a file by seven numbers of two digits, ``03-01-EE-II-SS-RR-AA.wav``: modality (03 is
sound alone), channel (01 is speech), emotion, intensity, statement, repetition, actor.
Reference: Livingstone & Russo 2018, "The Ryerson Audio-Visual Database of Emotional Speech and
Song".
"""

import re
from dataclasses import dataclass

from studies.speech.settings.data import EMOTIONS

INTENSITIES = ("normal", "strong")
NAME = re.compile(r"(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)\.wav", re.IGNORECASE)


class BadName(ValueError):
    """A name that breaks the convention; the message continues a sentence that begins with it."""


@dataclass(frozen=True, order=True)
class Clip:
    """What a clip's name tells.

    Attributes
    ----------
    actor : int
        Odd numbers are male.
    emotion : str
        One of `EMOTIONS`.
    intensity : {"normal", "strong"}
    statement, repetition : int
        1 or 2.
    """

    actor: int
    emotion: str
    intensity: str
    statement: int
    repetition: int

    @property
    def sex(self) -> str:
        """The actor's."""
        return "male" if self.actor % 2 else "female"

    @property
    def name(self) -> str:
        """The file's name."""
        numbers = (
            *(3, 1, EMOTIONS.index(self.emotion) + 1, INTENSITIES.index(self.intensity) + 1),
            *(self.statement, self.repetition, self.actor),
        )
        return "-".join(f"{number:02d}" for number in numbers) + ".wav"


def parse(name: str) -> Clip:
    """Return what a file's name tells.

    Raises
    ------
    BadName
        Where it breaks the convention.
    """
    if not (found := NAME.fullmatch(name)):
        raise BadName("is not named like 03-01-EE-II-SS-RR-AA.wav, seven numbers of two digits")
    modality, channel, emotion, intensity, statement, repetition, actor = map(int, found.groups())
    fields = {
        "modality (03: sound alone)": (modality, (3,)),
        "channel (01: speech)": (channel, (1,)),
        "emotion": (emotion, range(1, len(EMOTIONS) + 1)),
        "intensity": (intensity, (1, 2)),
        "statement": (statement, (1, 2)),
        "repetition": (repetition, (1, 2)),
        "actor": (actor, range(1, 100)),
    }
    for field, (value, valid) in fields.items():
        if value not in valid:
            allowed = f"{valid[0]:02d}" if len(valid) == 1 else f"{valid[0]:02d} to {valid[-1]:02d}"
            raise BadName(f"has the {field} {value:02d}, which should be {allowed}")
    if EMOTIONS[emotion - 1] == "neutral" and intensity == 2:
        raise BadName("is neutral at strong intensity (02), which the set does not have")
    return Clip(actor, EMOTIONS[emotion - 1], INTENSITIES[intensity - 1], statement, repetition)
