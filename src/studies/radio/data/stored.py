"""Where a published file lies: the path in the settings is the file or the folder around it."""

from pathlib import Path

from uphold.errors import InputError


def find(path: str, name: str) -> Path:
    """Return the file.

    Parameters
    ----------
    path : str
        The setting ``data.path``.
    name : str
        What the publisher calls the file; looked for where `path` is a folder.

    Raises
    ------
    InputError
        There is none.
    """
    place = Path(path)
    found = place / name if place.is_dir() else place
    if not found.is_file():
        raise InputError(
            f"There is no file {found} (setting data.path): see data/radioml/README.md for where "
            "to get it."
        )
    return found
