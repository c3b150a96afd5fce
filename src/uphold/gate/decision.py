"""How a proposal stands → keep it, discard it, or how many more runs of what.

Kept is what the evidence shows to gain; discarded what it shows to gain less than the margin. The
runs that are asked for are those after which, on average, one of the two would be shown.
"""

from dataclasses import dataclass
from math import ceil, inf, log
from typing import Literal

from uphold.error_rates import POWER
from uphold.gate.replay import FEWEST_DF, Standing

MISSED = (1 - POWER) / 2
"""The share of candidates that gain the margin which one test may discard. The other half of what
is missed goes to baselines that were kept for good runs, and are less good than these."""
IN_BALANCE = 0.7
"""Runs of the baseline for each of the candidate, from which on the candidate's are worth more."""


@dataclass(frozen=True)
class Decision:
    """What to do with a candidate.

    Attributes
    ----------
    decision : {"keep", "discard", "run"}
    runs : int
        How many more to run, 0 where it is decided.
    of : {"candidate", "baseline"} or None
        Which arm.
    why : str
    """

    decision: Literal["keep", "discard", "run"]
    runs: int = 0
    of: Literal["candidate", "baseline"] | None = None
    why: str = ""


def decide(stands: Standing, margin: float, most: float = inf) -> Decision:
    """Return what to do.

    Parameters
    ----------
    stands : Standing
    margin : float
        The smallest gain that is worth keeping.
    most : float
        The runs that a candidate may have: with so many, what is not shown is discarded.
    """
    if stands.shown:
        return Decision("keep", why="shown to gain")
    if stands.gain and stands.against >= log(1 / MISSED):
        return Decision("discard", why="shown to gain less than the margin")
    if stands.runs >= most:
        return Decision("discard", why=f"not shown to gain within {stands.runs} runs")
    if stands.df < FEWEST_DF:
        lacking = max(FEWEST_DF + 1 - max(stands.of_baseline, 1), 1)
        return Decision("run", lacking, "baseline", "the noise is not known yet")
    if not stands.runs or not stands.gain:
        return Decision("run", 1, "candidate", "it has no run that compares with the baseline")
    if stands.runs > 1 and stands.of_baseline < IN_BALANCE * stands.runs:
        lacking = ceil(IN_BALANCE * stands.runs) - stands.of_baseline
        return Decision("run", lacking, "baseline", "it has fewer runs than the candidate")
    more = min(_more(stands, margin), most - stands.runs)
    return Decision("run", int(more), "candidate", "neither is shown yet")


def _more(stands: Standing, margin: float) -> int:
    """Return the runs of the candidate after which one side would be shown, on average.

    They are at most as many as there are: by then it may be the baseline that lacks runs.
    """
    assert stands.gain is not None
    effect = margin / stands.gain.sd
    now = 1 / stands.gain.per_sd**2
    to_keep = (stands.needed - stands.evidence) * 2 / effect**2
    to_discard = (log(1 / MISSED) - stands.against) * 2 / effect**2
    wanted = now + min(to_keep, to_discard)
    # 1 / n of it, beside what the baseline's runs leave unknown
    left = 1 / wanted - (1 / now - 1 / stands.runs)
    more = 1 / left - stands.runs if left > 0 else stands.runs
    return max(min(ceil(more), stands.runs), 1)
