"""The tests of claims, for the checks that look into what they compare."""

from collections.abc import Mapping

import numpy as np

from uphold.claims.claim import Claim
from uphold.claims.linear import Linear
from uphold.claims.log import Log
from uphold.claims.not_run import constant_factors, missing_levels
from uphold.claims.outcomes import Test


def tests(log: Log, claims: Mapping[str, Claim], alike: np.ndarray) -> dict[str, Test]:
    """Return the tests of the claims whose arms were run.

    Parameters
    ----------
    log : Log
    claims : mapping of str to Claim
    alike : ndarray of int, shape (runs,)
        Equal where two runs were trained alike.
    """
    return {
        name: claim.test(log, alike)
        for name, claim in claims.items()
        if claim.metric in log.metrics
        and not constant_factors(claim, log.scores)
        and not any(missing_levels(claim, log.scores))
    }


def weighed(log: Log, claims: Mapping[str, Claim]) -> dict[str, Linear]:
    """Return the tests that weigh two arms or more, each run taken for one of its own."""
    return {
        name: test
        for name, test in each_run_apart(log, claims).items()
        if isinstance(test, Linear) and test.matching.arms > 1
    }


def each_run_apart(log: Log, claims: Mapping[str, Claim]) -> dict[str, Test]:
    """Return the tests, each run taken for one of its own."""
    return tests(log, claims, np.arange(len(log.scores.table)))
