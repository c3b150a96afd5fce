"""Whether the document of a write-up answers on its first screen.

In: a document. Out: a problem where something else than the answers is shown first, or where so
much is said before them that they stand below the first screen. A document that opens no write-up
has nothing to answer.
"""

import re
from collections.abc import Iterator

from uphold.rendering.document import Cell, Document, Problem, Prose

OPENS = re.compile(r"^page = writeup\(", re.M)
ANSWERS = re.compile(r"^## In short\b", re.M)
WORDS = 40
"""So many words may stand before the answers, without what the code says there."""


def problems(document: Document) -> Iterator[Problem]:
    """Yield what keeps the answers from being seen first."""
    if not any(OPENS.search(cell.source) for cell in document.cells):
        return
    before = ""
    for part in document.parts:
        if isinstance(part, Prose):
            before += part.text
        elif _shown(part):
            words = len(re.findall(r"[^\W\d_]+", re.sub(r"`[^`]*`|\{[^}]*\}", "", before)))
            if not ANSWERS.search(before):
                text = "a reader sees this before an answer: begin with '## In short {.unnumbered}'"
                yield Problem(part.line, f"{text} and first_screen.answers(page).")
            elif words > WORDS:
                yield Problem(
                    part.line,
                    f"{words} words stand before the answers: at most {WORDS}, so that they are on"
                    " the first screen.",
                )
            return
    yield Problem(1, "nothing is answered: begin with first_screen.answers(page).")


def _shown(cell: Cell) -> bool:
    return bool(cell.get("include", True))
