"""The report's own page: opened by the document, made into files by `written`.

The document finds its results where every write-up finds them, under a root of its own: a folder
that lasts as long as the rendering.
"""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from uphold.pages.writeup import ANALYSIS, Page, writeup
from uphold.palette import THEME

NAME = "log"
HERE = Path(__file__).parent
PARTS = ("report.qmd", "_quarto.yml")


def opened() -> Page:
    """Return the page in whose folder the document is executed."""
    return writeup(NAME, Path())


def written(found: Mapping[str, Any], title: str) -> tuple[bytes, bytes]:
    """Return the report as HTML and as PDF.

    Parameters
    ----------
    found : mapping
        What the document shows, ready for JSON.
    title : str
        Shown literally.
    """
    from uphold.rendering import render

    with TemporaryDirectory(prefix="studies-") as place:
        root = Path(place)
        for part in PARTS:
            shutil.copyfile(HERE / part, root / part)
        shutil.copytree(THEME, root / THEME.name)
        results = root / "results" / NAME
        results.mkdir(parents=True)
        (results / ANALYSIS).write_text(json.dumps({"title": title, **found}), encoding="utf-8")
        made = render(root / PARTS[0], root / "pages", renderer="embedded", title=title)
        return made.html.read_bytes(), made.pdf.read_bytes()
