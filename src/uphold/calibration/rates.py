"""What is counted: verdicts that are false, intervals that hold the true effect.

In: cases, how often each is drawn, and a seed. Out: counts, and the rates that they make with their
Monte Carlo error. Promised: a draw depends on the seed, the scenario, the design and its number
alone, and not on what else is drawn, in what order or by how many processes.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from uphold.calibration.case import Case
from uphold.calibration.truth import false_verdicts
from uphold.claims.again import Verdict
from uphold.error_rates import LEVEL
from uphold.randomness import generator


@dataclass(frozen=True)
class Rate:
    """How often something happened, of how many times.

    Attributes
    ----------
    hits, draws : int
    """

    hits: int
    draws: int

    @property
    def value(self) -> float:
        """The share."""
        return self.hits / self.draws if self.draws else np.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Its 95 % interval by Wilson (1927), J. Am. Stat. Assoc. 22, 209-212."""
        if not self.draws:
            return np.nan, np.nan
        z2 = float(ndtri((1 + LEVEL) / 2)) ** 2
        n, p = self.draws, self.value
        middle = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = np.sqrt(z2 * (p * (1 - p) / n + z2 / (4 * n * n))) / (1 + z2 / n)
        return max(0.0, float(middle - half)), min(1.0, float(middle + half))

    def __add__(self, other: "Rate") -> "Rate":
        return Rate(self.hits + other.hits, self.draws + other.draws)


@dataclass(frozen=True)
class Counted:
    """What the draws of one case gave.

    Attributes
    ----------
    wrong : mapping of verdict to Rate
        For each verdict that is false of some claim: the share of logs in which it was given. Of
        several claims one is enough.
    covered : Rate
        The share of intervals that hold the true effect, of those that there are.
    """

    wrong: dict[Verdict, Rate]
    covered: Rate

    @classmethod
    def together(cls, cases: Iterable["Counted"]) -> "Counted":
        """Return the counts of several cases as one."""
        wrong: dict[Verdict, Rate] = {}
        covered = Rate(0, 0)
        for case in cases:
            covered += case.covered
            for verdict, rate in case.wrong.items():
                wrong[verdict] = wrong.get(verdict, Rate(0, 0)) + rate
        return cls(wrong, covered)


def count(case: Case, draws: Iterable[int], seed: int, *purpose: str) -> Counted:
    """Draw logs of a case and count.

    Parameters
    ----------
    case : Case
    draws : iterable of int
        The numbers of the draws.
    seed : int
    *purpose : str
        What tells the case from others.
    """
    false = {
        name: false_verdicts(claim, case.effect[name], case.margin, case.furthest)
        for name, claim in case.spec.claims.items()
    }
    wrong: Counter[Verdict] = Counter()
    logs = intervals = covered = 0
    for number in draws:
        found = case.judged(generator(seed, *purpose, case.design, number))
        logs += 1
        wrong.update({j.verdict for name, j in found.items() if j.verdict in false[name]})
        for name, j in found.items():
            if case.covered and np.isfinite(j.outcome.ci_low):
                intervals += 1
                covered += j.outcome.ci_low <= case.effect[name] <= j.outcome.ci_high
    possible = sorted(frozenset().union(*false.values()))
    return Counted(
        {verdict: Rate(wrong[verdict], logs) for verdict in possible},
        Rate(covered, intervals),
    )
