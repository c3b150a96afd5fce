"""A claim that has been judged: its verdict, and all that the verdict rests on."""

from dataclasses import dataclass

from uphold.claims.claim import Claim
from uphold.claims.fragility import LeftOut
from uphold.claims.metric import Metric
from uphold.claims.outcomes import Outcome
from uphold.claims.verdicts import Verdict


@dataclass(frozen=True)
class Judgement:
    """A claim, judged.

    Attributes
    ----------
    id : str
    claim : Claim
    metric : Metric
    log : str
        The name of the log that it is about.
    verdict : {"supported", "refuted", "equivalent", "inconclusive"}
    outcome : Outcome
    p_adjusted : float
        Holm over all claims; NaN for bounds and gains.
    depends_on : tuple of LeftOut
        Runs and seeds without which the verdict is another.
    seeds_needed : int or None
        Of an inconclusive claim: the seeds that it would take.
    detectable : float
        The effect that the runs would have found with 80 % power.
    sentence : str
        What the runs say, in words that the verdict allows.
    """

    id: str
    claim: Claim
    metric: Metric
    log: str
    verdict: Verdict
    outcome: Outcome
    p_adjusted: float
    depends_on: tuple[LeftOut, ...]
    seeds_needed: int | None
    detectable: float
    sentence: str = ""

    @property
    def fragile(self) -> bool:
        """Whether the verdict depends on a single run or seed."""
        return bool(self.depends_on)
