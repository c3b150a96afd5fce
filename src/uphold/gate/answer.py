"""The answer of the gate, as text and as JSON."""

from dataclasses import dataclass
from math import exp
from typing import Any

from uphold.errors import InputError
from uphold.format import count, counted, digits_of, exact, number, signed
from uphold.gate.decision import MISSED, Decision, decide
from uphold.gate.log import LoopLog
from uphold.gate.replay import Loop, Standing

CODES = {"keep": 0, "discard": 1, "run": 3}
"""What the command exits with; 2 is an error."""
TRIED = 3
"""Runs after which a candidate that has no score is discarded: a loop has to end."""
MOST_SAID = 1_000_000
LARGEST = 690.0
"""Of the logarithm of an evidence, before it is beyond what a number can be."""


@dataclass(frozen=True)
class Answer:
    """What to do with a candidate, and what it rests on.

    Attributes
    ----------
    baseline, candidate : str
    margin : float
    log : LoopLog
    stands : Standing
    decision : Decision
    """

    baseline: str
    candidate: str
    margin: float
    log: LoopLog
    stands: Standing
    decision: Decision

    @property
    def code(self) -> int:
        """What the command exits with."""
        return CODES[self.decision.decision]

    @property
    def gain(self) -> float | None:
        """The gain so far in the score's own direction, None where nothing is known of it."""
        found = self.stands.gain
        return None if found is None else (-found.gain if self.log.lower else found.gain)

    def text(self) -> str:
        """Return the answer in a few lines, the first of which is the decision."""
        lines = [self._first(), *(f"  {line}" for line in (self._runs(), self._evidence()) if line)]
        return "\n".join([*lines, *(f"  note: {note}" for note in self.log.notes)])

    def _first(self) -> str:
        found = self.decision
        if found.decision != "run":
            return f"{found.decision} {self.candidate}: {found.why}"
        arm = self.baseline if found.of == "baseline" else self.candidate
        return f"run {count(found.runs)} more of {arm}: {found.why}"

    def _runs(self) -> str:
        stands, digits = self.stands, digits_of(self.margin)
        noise = f"SD of a run {number(stands.sd, digits + 1)} (df {stands.df})"
        runs = (
            f"{counted(stands.runs, 'run')} against {count(stands.of_baseline)} of {self.baseline}"
        )
        if stands.gain is None:
            return f"{runs}; {noise}" if stands.df else f"{runs}; no configuration was run twice"
        change = (
            f"{signed(self.gain, digits)} ({'lower' if self.log.lower else 'higher'} is better)"
        )
        error = f"standard error {number(stands.gain.se, digits + 1)}"
        return f"{self.log.score} {change}, {error}, from {runs}; {noise}"

    def _evidence(self) -> str:
        stands = self.stands
        if stands.gain is None:
            return ""
        return (
            f"evidence: {_odds(stands.evidence)} for a gain (kept from {_odds(stands.needed)} on),"
            f" {_odds(stands.against)} against one of {exact(self.margin)} (discarded from"
            f" {exact(1 / MISSED)} to 1). Proposal {stands.proposal},"
            f" {count(stands.kept) if stands.kept else 'none'} kept by evidence before it"
        )

    def json(self) -> dict[str, Any]:
        """Return the answer as what JSON holds."""
        stands, found = self.stands, self.decision
        return {
            "decision": found.decision,
            "run": {"more": found.runs, "of": found.of} if found.runs else None,
            "why": found.why,
            "baseline": self.baseline,
            "candidate": self.candidate,
            "score": self.log.score,
            "better": "lower" if self.log.lower else "higher",
            "margin": self.margin,
            "change": self.gain,
            "standard_error": stands.gain.se if stands.gain else None,
            "runs": {"candidate": stands.runs, "baseline": stands.of_baseline},
            "sd": stands.sd if stands.df else None,
            "df": stands.df,
            "evidence": exp(min(stands.evidence, LARGEST)) if stands.gain else None,
            "against": exp(min(stands.against, LARGEST)) if stands.gain else None,
            "needed": exp(min(stands.needed, LARGEST)),
            "proposal": stands.proposal,
            "kept_before": stands.kept,
            "notes": self.log.notes,
        }


def answer(
    log: LoopLog, baseline: str, candidate: str, margin: float, most: float = float("inf")
) -> Answer:
    """Return what to do with a candidate.

    Raises
    ------
    InputError
        The margin is no gain, both arms are one, or runs that were repeated do not differ.
    """
    if not margin > 0:
        raise InputError(f"--margin is {margin}: give the smallest gain that is worth keeping.")
    if baseline == candidate:
        raise InputError(f"--baseline and --candidate are both {baseline!r}: give two arms.")
    loop = Loop(margin, [run.seed for run in log.runs] if log.seeds else ())
    for run in log.runs:
        loop.add(run)
    stands = loop.standing(candidate, baseline)
    if stands.df and not stands.sd:
        raise InputError(
            "Repeated runs of one configuration have one score to the last digit, so that the noise"
            " is not seen: give each run a seed of its own."
        )
    lost = log.lost[candidate]
    if not stands.runs and lost >= min(TRIED, most):
        why = f"each of its {counted(lost, 'run')} crashed or has no score"
        return Answer(baseline, candidate, margin, log, stands, Decision("discard", why=why))
    return Answer(baseline, candidate, margin, log, stands, decide(stands, margin, most))


def _odds(logarithm: float) -> str:
    odds = exp(min(abs(logarithm), LARGEST))
    text = count(odds) if odds >= 100 else number(odds, 1)
    text = text if odds < MOST_SAID else f"over {count(MOST_SAID)}"
    return f"{text} to 1" if logarithm >= 0 else f"1 to {text}"
