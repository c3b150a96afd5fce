"""The list of write-ups that leads to them."""

from pathlib import Path

from IPython.display import Markdown

from uphold.pages.writeup import root_above
from uphold.pipeline.params import load


def contents(root: Path | None = None) -> Markdown:
    """Return a table of all write-ups, each with links to its two forms."""
    writeups = load(root or root_above()).names.writeups
    rows = [
        f"| {writeup.title} | {writeup.study} | [HTML]({name}.html), [PDF]({name}.pdf) |"
        for name, writeup in writeups.items()
    ]
    return Markdown("\n".join(["| write-up | study | pages |", "|:--|:--|:--|", *rows]))
