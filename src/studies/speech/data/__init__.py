"""The data of the study: spoken clips in, log-mel spectrograms with what is known of each out.

Two sources, chosen by ``settings.source``, one module each: `synthetic` and `ravdess`. Each offers
``make(settings) -> PreparedSpeech``. Splits are not made here: they are a setting of the run.
"""

import json
from importlib import import_module
from pathlib import Path

from studies.speech.settings.data import Data
from studies.speech.settings.run import SpeechRun
from uphold.errors import InputError
from uphold.format import counted

__all__ = ["inputs", "prepare", "refuse"]

FEWEST = 3
"""Groups: one is tested, one validates, one trains."""


def prepare(settings: Data, folder: Path) -> None:
    """Write ``features.safetensors``, ``items.parquet`` and ``card.json`` into `folder`.

    Equal settings (and equal files, where the data come from files) give equal bytes.

    Raises
    ------
    InputError
        Where the files cannot be used; it names all such files at once.
    """
    from studies.speech.data import card, prepared

    data = import_module(f"{__name__}.{settings.source}").make(settings)
    prepared.write(data, settings, card.describe(data, settings), folder)


def inputs(settings: Data) -> list[Path]:
    """Return the folder that the data come from, none for synthetic data."""
    return settings.inputs()


def refuse(folder: Path, settings: SpeechRun) -> None:
    """Refuse settings of a run that divide the prepared actors into more groups than there are."""
    actors = len(json.loads((folder / "card.json").read_text("utf-8"))["actors"])
    if actors < FEWEST:
        raise InputError(
            f"The clips are by {counted(actors, 'actor')}, and {FEWEST} are the fewest that can be"
            " used: one is tested, one validates, one trains. Add clips by others."
        )
    if settings.groups > actors:
        raise InputError(
            f"training.groups in params/speech.yaml is {settings.groups}, and the clips are by"
            f" {actors} actors: set it to {FEWEST} to {actors}, or add clips by others."
        )
