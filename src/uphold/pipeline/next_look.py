"""Which configurations to run with more seeds, so that open claims are decided.

In: a write-up's judged claims, the designs of its sweeps, and what a run takes. Out: the step that
is expected to decide most in a second of training. Promised: only declared looks are taken; a step
brings all configurations that its claim rests on to one look, and costs the runs that they lack.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from uphold.claims.judgement import Judgement
from uphold.claims.log import Log
from uphold.claims.prospects import chance
from uphold.pipeline.design import Design
from uphold.pipeline.rests_on import configurations_of

Judged = Mapping[str, Judgement]
"""The claims of a write-up as they are judged, by id."""


@dataclass(frozen=True)
class Swept:
    """A sweep with its runs.

    Attributes
    ----------
    design : Design
    log : Log
        Its scores hold the column ``configuration``.
    seconds : float
        That one of its runs takes, among those that are trained at once.
    """

    design: Design
    log: Log
    seconds: float

    def look_of(self, configuration: str) -> int:
        """Return the look that a configuration has come to."""
        return self.come_to.get(configuration, self.design.looks[0])

    @cached_property
    def come_to(self) -> dict[str, int]:
        """Configuration to the look that it has come to, where that is not the first one."""
        return self.design.reached(set(self.log.scores.table["configuration"]))


@dataclass(frozen=True)
class Step:
    """One step: a look that some configurations are brought to.

    Attributes
    ----------
    sweep : str
    look : int
        Seeds that each configuration then has.
    configurations : tuple of str
        Those that have fewer now.
    claims : mapping of str to float
        The open claims that it may decide, each with its chance.
    runs : int
    seconds : float
    """

    sweep: str
    look: int
    configurations: tuple[str, ...]
    claims: Mapping[str, float]
    runs: int
    seconds: float

    @property
    def expected(self) -> float:
        """How many claims it is expected to decide."""
        return sum(self.claims.values())


def open_claims(judged: Judged) -> dict[str, Judgement]:
    """Return the undecided claims that more seeds can decide."""
    return {
        name: j
        for name, j in judged.items()
        if j.verdict == "inconclusive" and j.outcome.seeds_help and not j.outcome.reason
    }


def next_look(
    judged: Judged,
    swept: Mapping[str, Swept],
    most_seconds: float = float("inf"),
    most_runs: float = float("inf"),
) -> Step | None:
    """Return the step that decides most in a second, None where there is none within the budget.

    Parameters
    ----------
    judged : mapping of str to Judgement
    swept : mapping of str to Swept
        The sweeps that have looks.
    most_seconds, most_runs : float
        What is left of the budget.
    """
    best: Step | None = None
    for name, sweep in swept.items():
        mine = {c: j for c, j in open_claims(judged).items() if j.log == name}
        rests = {c: configurations_of(j, sweep.log) for c, j in mine.items()}
        known: dict[tuple[str, int], float] = {}
        for claim, j in mine.items():
            reached = min(map(sweep.look_of, rests[claim]), default=0)
            for look in (one for one in sweep.design.looks if one > max(reached, j.outcome.seeds)):
                lacking = {c: look - sweep.look_of(c) for c in rests[claim]}
                lacking = {c: runs for c, runs in lacking.items() if runs > 0}
                runs = sum(lacking.values())
                if not runs or runs > most_runs or runs * sweep.seconds > most_seconds:
                    continue
                chances = {}
                for other, k in mine.items():
                    after = min(look if c in lacking else sweep.look_of(c) for c in rests[other])
                    if after > k.outcome.seeds and after in sweep.design.looks:
                        if (other, after) not in known:
                            known[other, after] = chance(k, after, sweep.design.looks, k.level)
                        if known[other, after] > 0:
                            chances[other] = known[other, after]
                step = Step(name, look, tuple(sorted(lacking)), chances, runs, runs * sweep.seconds)
                if step.expected > 0 and (best is None or _rate(step) > _rate(best)):
                    best = step
    return best


def _rate(step: Step) -> float:
    return step.expected / step.seconds
