"""A claim that has been judged: its verdict, and all that the verdict rests on."""

from dataclasses import dataclass
from math import nan
from typing import Literal

from uphold.claims.again import Stand, Verdict
from uphold.claims.as_seen import AsSeen
from uphold.claims.claim import Claim
from uphold.claims.expectations import Decision
from uphold.claims.fragility import LeftOut
from uphold.claims.looks import over_looks
from uphold.claims.metric import Metric
from uphold.claims.outcomes import Outcome, Test
from uphold.error_rates import ALPHA
from uphold.statistics.power import SeedsNeeded


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
        With its error moderated.
    alone : Outcome
        As its own test gave it.
    p_adjusted : float
        Of the decision that was made, or that came closest to being made: adjusted over all claims
        of its role.
    p : float
        Of that decision by itself: for all declared looks, and for no other claim.
    depends_on : tuple of LeftOut
        Runs and seeds without which the verdict is another.
    seeds_needed : SeedsNeeded or None
        Of an inconclusive claim: the seeds that it would take for an effect of one margin.
    as_seen : AsSeen or None
        Those for the effect that was seen, where that is something else.
    most_units : int, optional
        How many units the data have, where the claim is open and asks for more; nothing is planned
        then.
    detectable : float
        The effect that the runs would have found with 80 % power, at that level and at its look.
    level : float
        What its family leaves it, over all looks together.
    family : int
        How many claims have its role.
    differs : str
        A sentence on how its effect differs by context, or nothing.
    beyond : tuple of str
        The contexts whose effect may be beyond the margin, in words, the furthest first.
    here : Outcome, optional
        With its error moderated, on these items: the outcome itself, unless the claim is about
        items like these.
    over : str
        Which items it speaks of, such as ``"on these clips"``, or nothing.
    like_these : Verdict or None
        The verdict if all claims were about items like these; None where its items are not known.
    look : int
        The units of the declared look that it has come to, 0 at none.
    looks : tuple of int
        The declared looks, if any.
    next_look : int, optional
        The next one that it can come to, None where there is none.
    members : int
        How many runs predict together in each ensemble that it is about: 1 where it is about single
        runs, 0 where it is about both, or about ensembles of several sizes.
    sentence : str
        What the runs say, in words that the verdict allows.
    brief : str
        The same in two lines; see `uphold.claims.brief`.
    answer : str
        Its answer alone.
    test : Test, optional
        What it was tested with: its runs, at its look.
    """

    id: str
    claim: Claim
    metric: Metric
    log: str
    verdict: Verdict
    outcome: Outcome
    alone: Outcome
    p_adjusted: float
    depends_on: tuple[LeftOut, ...]
    seeds_needed: SeedsNeeded | None
    detectable: float
    family: int
    p: float = nan
    as_seen: AsSeen | None = None
    most_units: int | None = None
    level: float = ALPHA
    differs: str = ""
    beyond: tuple[str, ...] = ()
    here: Outcome | None = None
    over: str = ""
    like_these: Verdict | None = None
    look: int = 0
    looks: tuple[int, ...] = ()
    next_look: int | None = None
    members: int = 1
    sentence: str = ""
    brief: str = ""
    answer: str = ""
    test: Test | None = None

    @property
    def stand(self) -> Stand:
        """How the claim stands, as far as other runs can speak against it."""
        o, margin = self.outcome, self.claim.margin(self.metric)
        none, either = 1.0 if o.ratio else 0.0, self.claim.expectation == "difference"
        direction = (1 if o.value > none else -1) if either and o.anova is None else 0
        if o.ratio:
            beyond = o.ci_low > margin or o.ci_high < 1 / margin
        else:
            beyond = bool(o.apart_p(margin) < ALPHA)
        return Stand(self.verdict, direction, beyond)

    @property
    def suggests(self) -> Verdict | None:
        """What the claim's own p would decide if it were the only claim, looked at once."""
        if self.verdict != "inconclusive":
            return None
        margin = self.claim.margin(self.metric)
        both = (self.claim.decisions(o, margin) for o in (self.outcome, self.alone))
        clear = [one.verdict for one, own in zip(*both, strict=True) if max(one.p, own.p) < ALPHA]
        return "equivalent" if "equivalent" in clear else next(iter(clear), None)

    @property
    def on_average(self) -> Literal["", "suggested", "shown"]:
        """Whether an undecided effect is within the margin on average, and not in each context.

        Shown with the claims and looks that there are, or suggested by its own p alone.
        """
        if self.verdict != "inconclusive" or self.outcome.reason or not self.beyond:
            return ""
        margin = self.claim.margin(self.metric)
        p = max(self.claim.average_p(o, margin) for o in (self.outcome, self.alone))
        held = over_looks((Decision("equivalent", p),), self.looks, self.look)
        if any(one.p < self.level for one in held):
            return "shown"
        return "suggested" if p < ALPHA and self.suggests is None else ""

    @property
    def fragile(self) -> bool:
        """Whether the verdict depends on a single run or seed."""
        return bool(self.depends_on)
