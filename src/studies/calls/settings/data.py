"""Settings of the call-detection study: where its data come from."""

import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, PositiveInt

from uphold.sources.settings import SourceSettings
from uphold.validation import Settings


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


ClassName = Annotated[str, AfterValidator(_composed)]
"""As labels are read: letters with marks are one character, however they were written."""

Fraction = Annotated[float, Field(ge=0, le=1)]


TEST_SPLITS = ("iid", "ood")
"""Recorders as in training, and others."""

SPLITS = ("train", "validation", *TEST_SPLITS)


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
        Of these draws, and of that of the limit.
    at_most : int or None
        Windows that are used, drawn by label and split; None: all.
    """

    manifest: str | None = None
    classes: tuple[ClassName, ...] = ()
    test_share: Fraction = 0.2
    validation_share: Fraction = 0.2
    split_seed: int = 0
    at_most: PositiveInt | None = None


class Embeddings(Settings):
    """Ready feature vectors in BirdNET-Analyzer's ``.npz`` layout; splits are drawn as above.

    ``at_most`` limits how many vectors are used; None: all.
    """

    test_share: Fraction = 0.2
    validation_share: Fraction = 0.2
    split_seed: int = 0
    at_most: PositiveInt | None = None


class Data(SourceSettings):
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
    positive: ClassName = "call"
    synthetic: Synthetic = Synthetic()
    folder: Folder = Folder()
    embeddings: Embeddings = Embeddings()

    def _made(self) -> dict[str, float]:
        ours = self.synthetic
        return {"training recordings": ours.train, "test recordings": ours.iid + ours.ood}
