from pathlib import Path

import pytest

from uphold.archive.archive import read_archives
from uphold.archive.decide import Decision, decide
from uphold.archive.tables import Table

PUBLISHED = Path(__file__).parents[3] / "data" / "published"

RUNS = """
    lr   | mixup | f1          | precision | recall
    low  | off   | 0.60 ± 0.10 | 0.50      | 0.80
    low  | on    | 0.80 ± 0.02 | 0.75      | 0.90
    high | off   | 0.70 ± 0.02 | 0.65      | 0.80
    high | on    | 0.50 ± 0.30 | 0.50      | 0.60
"""


@pytest.fixture
def tables() -> dict[str, Table]:
    """Four configurations of three runs each."""
    return {
        "runs": Table(section="Results", factors=["lr", "mixup"], runs=3, cells=RUNS),
        "single": Table(section="Results", factors=["lr", "mixup"], cells=RUNS),
        "design": Table(
            section="Design", cells="factor | values\nratio | 0, 0.5, 1\nseeds | 1, 2, 3"
        ),
        "settings": Table(section="Settings", cells="what | A | B\nx | 1 | 2\ny | 1 | 1"),
    }


@pytest.fixture
def decided():
    """Return the decisions on one transcribed write-up, by sentence."""

    def of(study: str, name: str) -> dict[str, Decision]:
        return {d.name: d for d in decide(read_archives(PUBLISHED / study), name)}

    return of
