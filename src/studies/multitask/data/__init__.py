"""The data of the study: rendered figures or ready grids in, grids with labels and splits out.

Two sources, chosen by ``settings.source``, one module each: `synthetic` and `npz`. Each offers
``make(settings) -> PreparedMultitask``; what comes out is the same for both (`prepared`).
"""

from importlib import import_module
from pathlib import Path

from studies.multitask.settings.data import Data

__all__ = ["inputs", "prepare"]


def prepare(settings: Data, folder: Path) -> None:
    """Write ``grids.safetensors`` and ``card.json`` into `folder`.

    Equal settings (and an equal file, where the data come from one) give equal bytes.

    Raises
    ------
    InputError
        Where the settings or the file cannot be used.
    """
    from studies.multitask.data import card, prepared

    data = import_module(f"{__name__}.{settings.source}").make(settings)
    card.check(data)
    prepared.write(data, card.describe(data, settings), folder)


def inputs(settings: Data) -> list[Path]:
    """Return the file or folder that the data come from, nothing for synthetic data."""
    return settings.inputs()
