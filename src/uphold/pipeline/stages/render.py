"""``report@writeup``: documents and the results they read → their HTML and PDF."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from uphold.errors import InputError

CELLS_A_WORD = 1.0
"""So many cells of tables may stand open for a word of a page's text. The write-ups have one for
five words at most, and the page of calibration, which is about tables, two for three. Where cells
outnumber words, a reader has to look up what the text should say."""
FEW_CELLS = 200
"""So many cells are taken in without a text: a page may begin with a table or two."""


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

    Raises
    ------
    InputError
        After all are written, where more is in open tables than in the text; else as `render_all`.
    """
    from uphold.rendering import render_all

    for document in documents:
        if not document.is_file():
            raise InputError(f"{document} is missing: a write-up is a document of its name there.")
    crowded = []
    for made in render_all(documents, site, renderer=renderer):
        name, found = made.html.stem, made.amounts
        pages = f"{_shown(made.html)} and {_shown(made.pdf)}"
        yield f"{name}: {pages}, by {made.renderer}; {found}"
        if found.cells > max(FEW_CELLS, CELLS_A_WORD * found.words):
            crowded.append(
                f"{name} has {found}: more cells than words. Fold tables in a callout with "
                'collapse="true", or say in the text what they show.'
            )
    if crowded:
        raise InputError("\n".join(crowded))


def _shown(path: Path) -> str:
    return path.as_posix()
