"""The data of the study: made or stored frames in, one file of normalised frames with splits out.

Three sources, chosen by ``settings.source``, one module each: `synthetic`, `radioml2018`,
`radioml2016`. Each offers ``make(settings) -> Source``; what comes out is the same for all
(`frames`).
"""

import json
from importlib import import_module
from pathlib import Path

from studies.radio.settings.data import Data

__all__ = ["inputs", "prepare"]


def prepare(settings: Data, folder: Path) -> None:
    """Write ``frames.safetensors`` and ``card.json`` into `folder`.

    Equal settings (and equal files, where the data come from files) give equal bytes.

    Raises
    ------
    InputError
        Where the file named in the settings cannot be used.
    """
    from studies.radio.data import card, frames

    source = import_module(f"{__name__}.{settings.source}").make(settings)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / frames.FILE
    frames.write(source, path, settings.normalise)
    text = json.dumps(
        card.describe(source, settings, path), indent=2, ensure_ascii=False, allow_nan=False
    )
    (folder / "card.json").write_text(text + "\n", encoding="utf-8")


def inputs(settings: Data) -> list[Path]:
    """Return the files that the data come from, none for synthetic data."""
    return settings.inputs()
