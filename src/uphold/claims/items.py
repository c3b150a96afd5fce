"""The test items that a log's scores are over, and what claims about others like them rest on.

In: what each item adds to each run's scores, and a claim. Out: its outcome and what may be decided,
about these items or about others like them, and the words for which. Promised: nothing is decided
about items like these that is not on these items too; where groups of items were drawn (recorders)
and are too few to speak of others, a claim about items like these has no test and says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from uphold.claims.claim import Claim
    from uphold.claims.expectations import Decisions
    from uphold.claims.outcomes import Outcome
    from uphold.statistics.items import ItemScores, OverItems


@dataclass(frozen=True)
class Items:
    """The test items of a log.

    Attributes
    ----------
    name : str
        What one is called, such as ``"clip"``.
    scores : mapping of str to ItemScores
        By metric.
    group : str
        What a group of them is called that was drawn as well, such as ``"recorder"``, or nothing.
    """

    name: str
    scores: Mapping[str, ItemScores]
    group: str = ""

    def only(self, rows: np.ndarray) -> Items:
        """Return the items of these rows of the scores, shape (runs,) of bool."""
        scores = {name: replace(one, score=one.score[rows]) for name, one in self.scores.items()}
        return replace(self, scores=scores)

    def over(self, claim: Claim, items: OverItems | None) -> str:
        """Return which items a claim speaks of, in words; nothing where they are not known."""
        if claim.metric not in self.scores:
            return ""
        groups = None if items is None else items.groups
        nested = items is not None and items.items.nested
        if not nested and claim.about == "these-items":
            return f"on these {self.name}s"
        if groups is None or (claim.about == "these-items" and not groups.nested):
            return f"on {self.name}s like these"
        return f"on {self.name}s and {self.group}s like these"


def rests(claim: Claim, outcome: Outcome, items: Items | None) -> Outcome:
    """Return the outcome that a claim rests on: with the error of what it speaks of."""
    if claim.about == "these-items" or outcome.items is None or items is None:
        return outcome
    from uphold.claims.outcomes import judged_by
    from uphold.claims.untestable import too_few_groups

    if outcome.items.too_few:
        assert outcome.items.groups is not None
        return judged_by(outcome, too_few_groups(outcome.items.groups.members, items.group))
    takes = f"More seeds would leave the part of the error that comes from the {items.name}s."
    return replace(outcome.like_these(), takes=takes)


def decided(claim: Claim, outcome: Outcome, margin: float, like_these: bool = False) -> Decisions:
    """Return what may be decided about a claim, each with its p.

    ``like_these``: about items like these, as far as that is known, whatever the claim says.
    """
    own = claim.decisions(outcome, margin)
    if outcome.items is None or not (like_these or claim.about == "items-like-these"):
        return own
    if outcome.items.too_few and not like_these:
        return ()
    wide = claim.decisions(outcome.like_these(), margin)
    # NaN in either decides nothing
    both = zip(own, wide, strict=True)
    return tuple(d if d.p >= w.p or d.p != d.p else w for d, w in both)
