"""The data of the study: recordings or ready vectors in, features with labels and splits out.

Three sources, chosen by ``settings.source``, one module each: `synthetic`, `folder`, `embeddings`.
Each offers ``make(settings) -> PreparedCalls``; what comes out is the same for all (`prepared`).
"""

from importlib import import_module
from pathlib import Path

from studies.calls.settings.data import Data

__all__ = ["inputs", "prepare"]


def prepare(settings: Data, folder: Path) -> None:
    """Write ``features.safetensors``, ``items.parquet`` and ``card.json`` into `folder`.

    Equal settings (and equal files, where the data come from files) give equal bytes.

    Raises
    ------
    InputError
        Where the settings or the files cannot be used; it names all such files at once.
    """
    from studies.calls.data import card, prepared

    data = import_module(f"{__name__}.{settings.source}").make(settings)
    card.check(data, settings.positive)
    prepared.write(data, card.describe(data, settings), folder)


def inputs(settings: Data) -> list[Path]:
    """Return the files and folders that the data come from, none for synthetic data."""
    manifest = settings.folder.manifest if settings.source == "folder" else None
    return settings.inputs() + ([Path(manifest)] if manifest else [])
