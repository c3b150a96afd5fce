"""The check of effects that differ from context to context."""

from collections.abc import Mapping

import numpy as np

from uphold.audits.flag import AuditFlag
from uphold.audits.tested import weighed
from uphold.claims.claim import Claim
from uphold.claims.differing import differs
from uphold.claims.log import Log
from uphold.error_rates import ALPHA
from uphold.statistics.families import step_up
from uphold.statistics.heterogeneity import contexts

MOST_TOLD = 3


def heterogeneous_effect(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Claims about one effect that is shown to differ by context, and by so much that it matters.

    Adjusted over the claims for the rate of false discoveries.
    """
    tests = weighed(log, claims)
    p_of = [contexts(test.matching, test.weights).p for test in tests.values()]
    adjusted = step_up(list(map(np.atleast_1d, p_of)))
    found = {
        name: text
        for (name, test), at in zip(tests.items(), adjusted, strict=True)
        if at[0] < ALPHA
        and (text := differs(test.outcome(), log, log.metrics[claims[name].metric].margin))
    }
    if not found:
        return None
    told = " ".join(f"{name}: {text}" for name, text in list(found.items())[:MOST_TOLD])
    more = f" And {len(found) - MOST_TOLD} more." if len(found) > MOST_TOLD else ""
    return AuditFlag(
        "heterogeneous-effect",
        "warning",
        len(found),
        "claims",
        f"Claims speak of one effect where contexts are shown not to share one. {told}{more} A mean"
        " over contexts hides this: claim it context by context (`where:`), or claim the"
        " interaction.",
        tuple(f"{name}: {text}" for name, text in found.items()),
        tuple(found),
    )
