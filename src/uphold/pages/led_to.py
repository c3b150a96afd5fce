"""Whether what the pictures of claims lead to stands in the same document.

In: a document. Out: a problem for each picture of claims whose marks lead to lines of a table that
the document does not show.
"""

import re
from collections.abc import Iterator

from uphold.rendering.document import Document, Problem

DRAWS = re.compile(r"^forest\.(primary|exploratory|chosen)\(", re.M)
LINES = {
    "primary": ("primary",),
    "exploratory": ("exploratory",),
    "chosen": ("primary", "exploratory"),
}
"""Picture to the tables that have the lines of its claims; ``claims`` has them all."""


def problems(document: Document) -> Iterator[Problem]:
    """Yield the pictures of claims that lead to nothing."""
    shown = "\n".join(cell.source for cell in document.cells)
    tables = set(re.findall(r"^claim_tables\.(\w+)\(", shown, re.M))
    for cell in document.cells:
        for picture in DRAWS.findall(cell.source):
            lacking = [table for table in LINES[picture] if not {table, "claims"} & tables]
            if lacking:
                yield Problem(
                    cell.line,
                    "the marks of this picture lead to the lines of claims, which no table shows:"
                    f" add claim_tables.{lacking[0]}(page) or claim_tables.claims(page).",
                )
