"""Whether an effect differs by context, in words.

In: a claim's outcome and its log. Out: a sentence that names the contexts, or nothing. Promised: it
is said only where the contexts are shown not to share one effect, and where that matters: some lie
beyond the margin on either side, or one context makes the whole effect.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from uphold import format
from uphold.claims.wording import condition_text, signed
from uphold.error_rates import ALPHA
from uphold.statistics.scores import plain

if TYPE_CHECKING:
    from uphold.claims.claim import Claim
    from uphold.claims.log import Log
    from uphold.claims.outcomes import Outcome

LEFT = 0.25
"""One context makes the whole effect where without it less than this of it is left."""


def differs(outcome: Outcome, log: Log, margin: float) -> str:
    """Return how an effect differs by context, nothing where it is not shown to, or not by much."""
    found = outcome.contexts
    if not found.p < ALPHA or outcome.reason:
        return ""
    most = int(np.argmax(np.abs(found.effect)))
    low, high = int(np.argmin(found.effect)), int(np.argmax(found.effect))

    def named(context: int) -> str:
        (levels,) = _levels(log, found.row, [context])
        return f"{signed(found.effect[context], margin)} with {levels}"

    if found.effect[low] < -margin and found.effect[high] > margin:
        return f"It differs by context: {named(high)}, {named(low)} ({format.p_text(found.p)})."
    mean, others = found.effect.mean(), np.delete(found.effect, most).mean()
    if abs(mean) > margin and abs(others) < LEFT * abs(mean):
        return (
            f"One context makes the effect: {named(most)}, and {signed(others, margin)} in the"
            f" others ({format.p_text(found.p)})."
        )
    return ""


def beyond(claim: Claim, outcome: Outcome, log: Log, margin: float) -> tuple[str, ...]:
    """Return the contexts whose effect may be beyond the margin, in words, the furthest first."""
    found = outcome.contexts
    which = np.flatnonzero(claim.outside(outcome, margin))
    order = which[np.argsort(-np.abs(found.effect[which]), kind="stable")]
    named = _levels(log, found.row, order.tolist())
    return tuple(
        f"{signed(found.effect[i], margin)} with {levels}"
        for i, levels in zip(order, named, strict=True)
    )


def _levels(log: Log, row: np.ndarray, contexts: Sequence[int]) -> list[str]:
    """Return for some contexts the levels of the factors in which all contexts differ."""
    if not contexts:
        return []
    table = log.scores.table.iloc[row][list(log.scores.factors)]
    varying = [name for name in table if table[name].nunique() > 1]
    chosen = table[varying].iloc[contexts]
    return [
        condition_text({name: plain(level) for name, level in levels.dropna().items()})
        for _, levels in chosen.iterrows()
    ]
