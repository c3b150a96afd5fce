"""A run log → what is wrong with it, before any claim about it is believed.

Each check is a function of a log and the claims about it that returns a `Remark` or None. A check
that finds nothing leaves no trace.
"""

from collections.abc import Mapping

from uphold.audits.arms import constant_factor, level_not_run, no_op_arm
from uphold.audits.counts import (
    below_chance,
    counts_mismatch,
    evaluation_set_varies,
    impossible_mean,
    undefined_score,
)
from uphold.audits.published import Comparison, compare_published, published_mismatch
from uphold.audits.remark import Check, Remark
from uphold.audits.repeats import duplicate_names, repeated_replicates, same_seed_disagrees
from uphold.audits.replication import factor_left_empty, missing_cells, nonfinite, unpaired_seeds
from uphold.audits.thresholds import selected_on_test, threshold_at_edge
from uphold.claims.log import Log
from uphold.claims.spec import Claim

__all__ = ["CHECKS", "Comparison", "Remark", "audit", "compare_published"]

CHECKS: tuple[Check, ...] = (
    counts_mismatch,
    evaluation_set_varies,
    threshold_at_edge,
    selected_on_test,
    below_chance,
    undefined_score,
    nonfinite,
    same_seed_disagrees,
    repeated_replicates,
    duplicate_names,
    missing_cells,
    unpaired_seeds,
    constant_factor,
    level_not_run,
    factor_left_empty,
    no_op_arm,
    impossible_mean,
    published_mismatch,
)

_SEVERITIES = ("error", "warning", "info")


def audit(log: Log, claims: Mapping[str, Claim]) -> list[Remark]:
    """Return what the checks found, errors first.

    Parameters
    ----------
    log : Log
    claims : mapping of str to Claim
        Those about this log.
    """
    found = [remark for check in CHECKS if (remark := check(log, claims)) is not None]
    return sorted(found, key=lambda remark: _SEVERITIES.index(remark.severity))
