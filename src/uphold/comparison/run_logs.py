"""A run log and its spec → its findings, as a report would hold them, and nothing written."""

from pathlib import Path
from typing import Any

from uphold.analysis.analyze import RUNS, analyze
from uphold.analysis.findings import findings
from uphold.analysis.moderated import effects
from uphold.claims.judge import judge
from uphold.runlog.read import read


def judged_log(runs: Path, spec: Path) -> tuple[dict[str, Any], frozenset[str]]:
    """Return the findings of a run log, and the units that its runs are of."""
    found = read(runs, spec)
    described, log = found.spec, found.log
    primary = described.primary
    beside = list(effects(RUNS, analyze(log, primary), primary))
    judged = judge({RUNS: log}, described.claims, f"{spec}: claims", beside)
    units = log.scores.table[log.scores.replicate].astype(str)
    return findings(judged, {RUNS: log}, {}), frozenset(units)
