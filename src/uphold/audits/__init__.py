"""A run log → what is wrong with it, before any claim about it is believed.

Each check is a function of a log and the claims about it that returns an `AuditFlag` or None.
A check that finds nothing leaves no trace.
"""

from collections.abc import Iterable, Mapping

from uphold.audits.arms import constant_factor, level_not_run, no_op_arm
from uphold.audits.confounding import confounded, partly_matched
from uphold.audits.counts import (
    below_chance,
    counts_mismatch,
    evaluation_set_varies,
    impossible_mean,
    undefined_score,
)
from uphold.audits.effects import heterogeneous_effect
from uphold.audits.families import many_primaries, no_primaries
from uphold.audits.flag import AuditFlag, Check
from uphold.audits.idle_seeds import idle_seed
from uphold.audits.looks import judged_again
from uphold.audits.one_each import one_each
from uphold.audits.pairing import own_seeds, unpaired_seeds
from uphold.audits.published import Comparison, compare_published, published_mismatch
from uphold.audits.repeats import duplicate_names, repeated_replicates, same_seed_disagrees
from uphold.audits.replication import factor_left_empty, missing_cells, nonfinite
from uphold.audits.sharing import seed_by_factor
from uphold.audits.spellings import one_level_twice
from uphold.audits.thresholds import selected_on_test, threshold_at_edge
from uphold.audits.unfinished import unfinished_runs
from uphold.audits.units import not_a_unit, nothing_within
from uphold.audits.unnamed import unnamed_difference, unnamed_setting
from uphold.claims.claim import Claim
from uphold.claims.log import Log

__all__ = ["CHECKS", "AuditFlag", "Comparison", "audit", "compare_published", "worst_first"]

CHECKS: tuple[Check, ...] = (
    not_a_unit,
    one_each,
    nothing_within,
    unfinished_runs,
    one_level_twice,
    counts_mismatch,
    evaluation_set_varies,
    threshold_at_edge,
    selected_on_test,
    below_chance,
    undefined_score,
    nonfinite,
    same_seed_disagrees,
    idle_seed,
    repeated_replicates,
    unnamed_setting,
    duplicate_names,
    missing_cells,
    unpaired_seeds,
    own_seeds,
    constant_factor,
    level_not_run,
    factor_left_empty,
    no_op_arm,
    confounded,
    partly_matched,
    unnamed_difference,
    heterogeneous_effect,
    seed_by_factor,
    many_primaries,
    no_primaries,
    judged_again,
    impossible_mean,
    published_mismatch,
)

_SEVERITIES = ("error", "warning", "info")


def worst_first(flags: Iterable[AuditFlag]) -> list[AuditFlag]:
    """Return flags with errors first; those of one severity keep their order."""
    return sorted(flags, key=lambda flag: _SEVERITIES.index(flag.severity))


def audit(log: Log, claims: Mapping[str, Claim]) -> list[AuditFlag]:
    """Return what the checks found, errors first.

    Parameters
    ----------
    log : Log
    claims : mapping of str to Claim
        Those about this log.
    """
    return worst_first(flag for check in CHECKS if (flag := check(log, claims)) is not None)
