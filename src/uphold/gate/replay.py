"""The runs of a loop, in their order → what was known of one proposal when.

A loop keeps no ledger for the gate: its log is one. The runs are gone through as they came, and
every arm but the first is a proposal in the order of its first run, against the baseline of that
moment, which moves when a proposal is kept. How many proposals there were and how many of them the
evidence had kept is what the level of the next one depends on; nobody can forget to count.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log

from uphold.gate.evidence import Arms, Gain
from uphold.gate.spending import level

FEWEST_DF = 4
"""Degrees of freedom of the noise with which a proposal may be judged."""
FEWEST_RUNS = 2
"""Of a candidate that is kept: one alone may be an outlier."""


@dataclass(frozen=True)
class LoopRun:
    """One run.

    Attributes
    ----------
    arm : str
    score : float
        Higher where it is better.
    seed : str
        What it shares with runs of other arms; nothing where it shares nothing.
    """

    arm: str
    score: float
    seed: str = ""


@dataclass(frozen=True)
class Standing:
    """How a candidate stands against a baseline.

    Attributes
    ----------
    proposal : int
        Which one it is, 1 for the first.
    kept : int
        How many before it were kept by the evidence.
    runs, of_baseline : int
        Those of the candidate and of the baseline.
    sd, df : float, int
        The SD of a run and its degrees of freedom, by all runs.
    gain : Gain or None
        None where too little is known to judge.
    evidence : float
        For a gain of the margin or more against none, as a logarithm.
    against : float
        For no gain against one of the margin.
    needed : float
        The evidence from which on it is kept.
    """

    proposal: int
    kept: int
    runs: int
    of_baseline: int
    sd: float
    df: int
    gain: Gain | None
    evidence: float
    against: float
    needed: float

    @property
    def shown(self) -> bool:
        """Whether the evidence is enough to keep it."""
        enough = self.gain is not None and self.runs >= FEWEST_RUNS
        return enough and self.evidence >= self.needed


class Loop:
    """The runs of a loop, taken up one by one.

    Parameters
    ----------
    margin : float
        The smallest gain that is worth keeping.
    seeds : iterable of str
        The seeds whose effect arms share.
    """

    def __init__(self, margin: float, seeds: Iterable[str] = ()) -> None:
        self._margin = margin
        self._seeds = {seed: i for i, seed in enumerate(dict.fromkeys(seeds) or [""])}
        self._arms = Arms(len(self._seeds))
        self._effects: dict[str, float] = {}
        self._against: dict[str, str] = {}
        self._levels: dict[str, float] = {}
        self._kept: list[str] = []
        self.baseline = ""

    def add(self, run: LoopRun) -> None:
        """Take up a run, and keep its arm where the evidence says so."""
        if not self.baseline:
            self.baseline = run.arm
        if run.arm != self.baseline and run.arm not in self._against:
            self._against[run.arm] = self.baseline
            self._levels[run.arm] = level(len(self._against), len(self._kept))
        self._settle(run.arm)
        self._arms.add(run.arm, run.score, self._seeds.get(run.seed, 0))
        against = self._against.get(run.arm)
        if against and run.arm not in self._kept and self.standing(run.arm, against).shown:
            self._kept.append(run.arm)
            self.baseline = run.arm

    def standing(self, candidate: str, baseline: str) -> Standing:
        """Return how an arm stands, which may be one without a run yet."""
        self._settle(candidate)
        sd, df = self._arms.spread()
        gain = self._arms.gain(candidate, baseline) if candidate in self._effects else None
        names = list(self._against)
        before = names.index(candidate) if candidate in names else len(names)
        own = self._levels.get(candidate, level(before + 1, len(self._kept)))
        return Standing(
            proposal=before + 1,
            kept=sum(name in names[:before] for name in self._kept),
            runs=self._arms.runs(candidate),
            of_baseline=self._arms.runs(baseline),
            sd=sd,
            df=df,
            gain=gain,
            evidence=gain.for_gain(self._effects[candidate]) if gain else 0.0,
            against=gain.against_gain(self._effects[candidate]) if gain else 0.0,
            needed=-log(own),
        )

    def _settle(self, arm: str) -> None:
        """Settle of how many SD the margin is for an arm: once, by the runs before its own."""
        if arm in self._effects:
            return
        sd, df = self._arms.spread()
        if df >= FEWEST_DF and sd:
            self._effects[arm] = self._margin / sd
