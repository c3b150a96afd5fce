"""The example of the guide on verdicts: a small log that is kept beside the documents.

In: ``reports/example``. Out: a page about it, as of any log, and what single claims came to.
"""

from pathlib import Path

from uphold.analysis.kept_log import report_of
from uphold.pages.writeup import Page, root_above

EXAMPLE = Path("reports", "example")
RUNS, SPEC = "runs.csv", "spec.yaml"


def example(root: Path | None = None) -> Page:
    """Judge the example."""
    root = root or root_above()
    folder = root / EXAMPLE
    return Page("example", root, report_of(folder / RUNS, folder / SPEC))


def sentence(page: Page, claim: str) -> str:
    """Return what the runs say of a claim, in full."""
    return page.claim(claim).sentence
