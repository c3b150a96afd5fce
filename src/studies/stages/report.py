"""``report@writeup``: a document and the results it reads → its HTML and PDF."""

from pathlib import Path

from studies.errors import InputError
from studies.stages.paths import Paths


def report(name: str, paths: Paths, renderer: str) -> str:
    """Render one document.

    Parameters
    ----------
    name : str
        The document's name without its ending.
    paths : Paths
        Where documents and pages lie.
    renderer : {"auto", "quarto", "embedded"}
        What renders; ``auto`` takes Quarto where it is installed.

    Returns
    -------
    str
        One line about it.
    """
    from studies.reporting.rendering import render

    document = paths.document(name)
    if not document.is_file():
        raise InputError(f"{document} is missing: a write-up is a document of its name there.")
    made = render(document, paths.site, renderer=renderer)
    return f"{name}: {_shown(made.html)} and {_shown(made.pdf)}, by {made.renderer}"


def _shown(path: Path) -> str:
    return path.as_posix()
