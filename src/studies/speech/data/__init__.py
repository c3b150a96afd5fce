"""The data of the study: spoken clips in, log-mel spectrograms with what is known of each out.

Two sources, chosen by ``settings.source``, one module each: `synthetic` and `ravdess`. Each offers
``make(settings) -> PreparedSpeech``. Splits are not made here: they are a setting of the run.
"""

from importlib import import_module
from pathlib import Path

from studies.speech.settings.data import Data

__all__ = ["inputs", "prepare"]


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
