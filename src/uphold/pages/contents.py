"""The list of write-ups that leads to them."""

from pathlib import Path

from IPython.display import Markdown

from uphold.pages.writeup import root_above
from uphold.pipeline.params import load


def contents(root: Path | None = None) -> Markdown:
    """Return a table of all write-ups, each with links to its two forms."""
    names = load(root or root_above()).names
    titles = {name: (writeup.title, writeup.study) for name, writeup in names.writeups.items()}
    if names.calibration is not None:
        titles["calibration"] = ("How often is a verdict wrong?", "none: logs that are made up")
    rows = [
        f"| {title} | {study} | [HTML]({name}.html), [PDF]({name}.pdf) |"
        for name, (title, study) in titles.items()
    ]
    return Markdown("\n".join(["| write-up | study | pages |", "|:--|:--|:--|", *rows]))
