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

from uphold.analysis.model.found import read
from uphold.analysis.model.report import FirstRows, Report
from uphold.analysis.model.runs import Runs
from uphold.disk import naming
from uphold.pages.writeup import ANALYSIS, Page
from uphold.palette import THEME

NAME = "log"
HERE = Path(__file__).parent
PARTS = ("report.qmd", "_quarto.yml")


class LogPage(Page):
    """The report of a log: a page with one sweep, its runs."""

    found: Report

    @property
    def runs(self) -> Runs:
        """What the runs say."""
        (runs,) = self.found.sweeps.values()
        return runs

    @property
    def flags(self) -> tuple[FirstRows, ...]:
        """What the audit found."""
        (flags,) = self.found.audit.values()
        return flags


def opened() -> LogPage:
    """Return the page in whose folder the document is executed."""
    path = Path("results", NAME, ANALYSIS)
    return LogPage(NAME, Path(), read(Report, path, "uphold report"))


def written(found: Mapping[str, Any]) -> tuple[bytes, bytes]:
    """Return the report as HTML and as PDF.

    Parameters
    ----------
    found : mapping
        A `Report` ready for JSON.
    """
    from uphold.rendering import render

    with TemporaryDirectory(prefix="uphold-", ignore_cleanup_errors=True) as place:
        root = Path(place)
        for part in PARTS:
            shutil.copyfile(HERE / part, root / part)
        shutil.copytree(THEME, root / THEME.name)
        results = root / "results" / NAME
        results.mkdir(parents=True)
        with naming(results / ANALYSIS):
            (results / ANALYSIS).write_text(json.dumps(found), encoding="utf-8")
        made = render(root / PARTS[0], root / "pages", renderer="embedded", title=found["title"])
        return made.html.read_bytes(), made.pdf.read_bytes()
