"""The list of write-ups that leads to them."""

from pathlib import Path

import yaml
from IPython.display import Markdown

from uphold.pages.writeup import root_above


def contents(root: Path | None = None) -> Markdown:
    """Return a table of all write-ups, each with links to its two forms."""
    params = yaml.safe_load((root or root_above()).joinpath("params.yaml").read_text("utf-8"))
    rows = [
        f"| {block['title']} | {block['study']} | [HTML]({name}.html), [PDF]({name}.pdf) |"
        for name, block in params["writeups"].items()
    ]
    return Markdown("\n".join(["| write-up | study | pages |", "|:--|:--|:--|", *rows]))
