"""``prepare@study``: the study's data settings → its prepared data and its data card."""

import shutil
from pathlib import Path

from studies.contract import Settings, find


def prepare(study: str, settings: Settings, folder: Path) -> str:
    """Write a study's prepared data into a folder, replacing what was there.

    Parameters
    ----------
    study : str
        The study's name.
    settings : Settings
        Its data settings.
    folder : Path
        Takes the data.

    Returns
    -------
    str
        One line about it.
    """
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    find(study).module("data").prepare(settings, partial)
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)
    return f"{study}: data prepared in {folder}"
