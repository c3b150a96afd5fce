"""``report@writeup``: a document and the results it reads → its HTML and PDF."""

from pathlib import Path
from typing import Literal

from uphold.errors import InputError


def report(document: Path, site: Path, renderer: Literal["auto", "quarto", "embedded"]) -> str:
    """Render one document.

    Parameters
    ----------
    document : Path
        The write-up's source.
    site : Path
        Takes the pages.
    renderer : {"auto", "quarto", "embedded"}
        What renders; ``auto`` takes Quarto where it is installed.

    Returns
    -------
    str
        One line about it.
    """
    from uphold.rendering import render

    if not document.is_file():
        raise InputError(f"{document} is missing: a write-up is a document of its name there.")
    made = render(document, site, renderer=renderer)
    return f"{document.stem}: {_shown(made.html)} and {_shown(made.pdf)}, by {made.renderer}"


def _shown(path: Path) -> str:
    return path.as_posix()
