"""``report@writeup``: documents and the results they read → their HTML and PDF."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from uphold.errors import InputError


def report(
    documents: Sequence[Path], site: Path, renderer: Literal["auto", "quarto", "embedded"]
) -> Iterator[str]:
    """Render documents.

    Parameters
    ----------
    documents : sequence of Path
        The sources of write-ups.
    site : Path
        Takes the pages.
    renderer : {"auto", "quarto", "embedded"}
        What renders; ``auto`` takes Quarto where it is installed.

    Yields
    ------
    str
        One line about each, as soon as it is written.
    """
    from uphold.rendering import render_all

    for document in documents:
        if not document.is_file():
            raise InputError(f"{document} is missing: a write-up is a document of its name there.")
    for made in render_all(documents, site, renderer=renderer):
        yield f"{made.html.stem}: {_shown(made.html)} and {_shown(made.pdf)}, by {made.renderer}"


def _shown(path: Path) -> str:
    return path.as_posix()
