"""Whether each figure and table of a write-up is spoken of in its text.

In: a document. Out: a problem for each that no text refers to. A document that opens no write-up
may show what it likes.
"""

import re
from collections.abc import Iterator

from uphold.pages.answered import OPENS
from uphold.rendering.document import Document, Problem, Prose

FLOATS = re.compile(r"(?:fig|tbl)-[\w-]+")


def problems(document: Document) -> Iterator[Problem]:
    """Yield the figures and tables that no text refers to."""
    if not any(OPENS.search(cell.source) for cell in document.cells):
        return
    texts = [part.text for part in document.parts if isinstance(part, Prose)]
    captions = ("fig-cap", "tbl-cap")
    texts += [str(cell.get(of, "")) for cell in document.cells for of in captions]
    cited = {name for text in texts for name in re.findall(rf"@({FLOATS.pattern})", text)}
    for cell in document.cells:
        label = str(cell.get("label", ""))
        if FLOATS.fullmatch(label) and label not in cited:
            yield Problem(cell.line, f"no text speaks of {label}: refer to it as @{label}.")
