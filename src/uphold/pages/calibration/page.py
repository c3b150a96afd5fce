"""What was counted, opened for a page, and each kind of false verdict in it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from uphold.analysis.model.calibration import (
    Calibration,
    Claimed,
    Loops,
    Peers,
    Rate,
    Scenario,
    Verdict,
)
from uphold.analysis.model.found import read
from uphold.pages.writeup import root_above

AGAIN = "dvc repro calibrate"
IN_FULL = "uphold calibrate --scale full --out results/calibration/full.json"


@dataclass(frozen=True)
class CalibrationPage:
    """What is known of false verdicts.

    Attributes
    ----------
    found : Calibration
        The figures shown: the full ones where they are of the code that there is now.
    quick : Calibration
        Those that the pipeline made last.
    full : Calibration
        Those in git, from more draws.
    peers : Peers
    loops : Loops
    """

    found: Calibration
    quick: Calibration
    full: Calibration
    peers: Peers
    loops: Loops

    @property
    def stale(self) -> bool:
        """Whether the full figures are of other code."""
        return self.full.made.code != self.quick.made.code


@dataclass(frozen=True)
class FalseVerdict:
    """One kind of false verdict."""

    scenario: Scenario
    claimed: str
    verdict: Verdict
    rate: Rate
    of: Claimed


def opened(root: Path | None = None) -> CalibrationPage:
    """Open what was counted.

    Raises
    ------
    InputError
        Where it was not counted yet, or by another version.
    """
    folder = (root or root_above()) / "results" / "calibration"
    quick = read(Calibration, folder / "rates.json", AGAIN)
    full = read(Calibration, folder / "full.json", IN_FULL)
    peers = read(Peers, folder / "peers.json", "bench/peers.py")
    loops = read(Loops, folder / "gate.json", "bench/gate.py")
    found = full if full.made.code == quick.made.code else quick
    return CalibrationPage(found, quick, full, peers, loops)


def false_verdicts(page: CalibrationPage, beyond: bool = False) -> Iterator[FalseVerdict]:
    """Yield those of the logs that keep to what verdicts assume, or of those that do not."""
    for scenario in _scenarios(page, beyond):
        for claimed, of in scenario.claims.items():
            for verdict, rate in of.wrong.items():
                yield FalseVerdict(scenario, claimed, verdict, rate, of)


def intervals(
    page: CalibrationPage, beyond: bool = False
) -> Iterator[tuple[Scenario, str, Claimed]]:
    """Yield what has intervals, of the same logs."""
    for scenario in _scenarios(page, beyond):
        for claimed, of in scenario.claims.items():
            if of.covered is not None:
                yield scenario, claimed, of


def _scenarios(page: CalibrationPage, beyond: bool) -> list[Scenario]:
    return [one for one in page.found.scenarios.values() if one.beyond == beyond]
