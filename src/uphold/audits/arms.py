"""Checks of the arms that are compared: whether they were run, and whether they differ at all."""

from collections.abc import Mapping

import numpy as np

from uphold import format
from uphold.audits.flag import MOST_ROWS, AuditFlag, cell_text
from uphold.audits.tested import tests
from uphold.claims.claim import Claim
from uphold.claims.forms.anova import Variance
from uphold.claims.linear import Linear
from uphold.claims.log import TRAINING_SET, Log
from uphold.claims.not_run import constant_factors, constant_text, missing_levels, missing_text
from uphold.claims.outcomes import Test
from uphold.claims.spread import Spread
from uphold.claims.training_identity import (
    UNKNOWN,
    Training,
    alike,
    all_alike,
    cancels,
    training,
)
from uphold.errors import nearest
from uphold.statistics.contrasts import DIFFERENCE
from uphold.statistics.scores import codes, level_text, records

MOST_NAMED = 5


def constant_factor(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Factors of which claims compare levels and that have one level, or none."""
    found = [
        (name, constant_text(log.scores, factor))
        for name, claim in claims.items()
        for factor in constant_factors(claim, log.scores)
    ]
    if not found:
        return None
    listed = list(dict.fromkeys(f"{name}: {text}" for name, text in found))
    return AuditFlag(
        "constant-factor",
        "error",
        len(listed),
        "arms",
        "Claims compare levels of a factor of which fewer than two were run:"
        f" {'; '.join(listed[:MOST_NAMED])}. They cannot be tested.",
        tuple(listed[:MOST_ROWS]),
        tuple(dict.fromkeys(name for name, _ in found)),
    )


def level_not_run(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Levels that claims name and no run has: misspelt, or not run."""
    found = [
        (name, place, factor, level)
        for name, claim in claims.items()
        for place, factor, level in missing_levels(claim, log.scores)
        if factor not in constant_factors(claim, log.scores)
    ]
    if not found:
        return None
    listed = []
    for name, place, factor, level in found:
        levels = map(level_text, log.scores.levels(factor))
        hint = nearest(level_text(level), levels)
        hint = hint if hint.startswith(" Did") else ""
        listed.append(f"{name}.{place}: {missing_text(log.scores, factor, level)}.{hint}")
    return AuditFlag(
        "level-not-run",
        "error",
        len({(factor, level_text(level)) for _, _, factor, level in found}),
        "arms",
        f"Claims name levels that no run has. {' '.join(listed[:MOST_NAMED])} These claims cannot"
        " be tested.",
        tuple(listed[:MOST_ROWS]),
        tuple(dict.fromkeys(name for name, *_ in found)),
    )


def no_op_arm(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Arms whose training sets are identical to another arm's.

    Where a digest of the training set is known (the column ``training_set``) it decides, otherwise
    the columns that the spec names. Two arms are compared when they differ only in factors that
    act through the training set; see `training_identity.Training`.
    """
    known = training(log)
    if known is None or (log.data_factors is not None and not known.acting):
        return None
    arm = log.scores.cells()
    same = same_arms(log, known, arm)
    count = sum(map(len, same))
    if not count:
        return None
    first = np.unique(arm, return_index=True)[1]
    named = records(log.scores.table.iloc[first], list(log.scores.factors))
    rows = [" = ".join(cell_text(named[a]) for a in group) for group in same[:MOST_ROWS]]
    sets = (
        "training sets"
        if known.columns == (TRAINING_SET,)
        else ", ".join(map(format.name, known.columns))
    )
    if not known.acting:
        return AuditFlag(
            "no-op-arm",
            "info",
            count,
            "arms",
            f"{count} arms have identical {sets}. Their factors act on the model or the loss, or"
            " not at all: a factor meant to change the training set is without effect here.",
            tuple(rows),
        )
    claimed = _of_one_arm(log, claims, known)
    about = f" Claims compare an arm with itself: {', '.join(claimed)}." if claimed else ""
    return AuditFlag(
        "no-op-arm",
        "error" if claimed and known.proven else "warning",
        count,
        "arms",
        f"{_grouped(same)} that differ only in {', '.join(map(format.name, known.acting))} have"
        f" identical {sets}{' within a group' if len(same) > 1 else ''}: {_are_one(same)}.{about}",
        tuple(rows),
        tuple(claimed),
    )


def same_arms(log: Log, known: Training, arm: np.ndarray) -> list[list[int]]:
    """Return the groups of arms that have the same training sets, replicate by replicate.

    ``arm`` is the number of each run's arm, shape (runs,).
    """
    others = [name for name in log.scores.factors if name not in known.acting]
    place = codes(log.scores.table, others if known.acting else [])
    replicate = codes(log.scores.table, list(log.scores.replicates))
    sets: dict[tuple[int, int], set[tuple[int, int]]] = {}
    rows = zip(*(c.tolist() for c in (place, arm, replicate, known.sets)), strict=True)
    for p, a, r, s in rows:
        if s != UNKNOWN:
            sets.setdefault((p, a), set()).add((r, s))
    groups: dict[tuple[int, frozenset[tuple[int, int]]], list[int]] = {}
    for (p, a), found in sets.items():
        groups.setdefault((p, frozenset(found)), []).append(a)
    return [group for group in groups.values() if len(group) > 1]


def _grouped(same: list[list[int]]) -> str:
    """Return such as ``"4 arms"``, ``"2 groups of 6 arms each"``, ``"3 groups of 2 to 6 arms"``."""
    sizes = sorted(map(len, same))
    if len(same) == 1:
        return f"{sizes[0]} arms"
    each = f"{sizes[0]} arms each" if sizes[0] == sizes[-1] else f"{sizes[0]} to {sizes[-1]} arms"
    return f"{len(same)} groups of {each}"


def _are_one(same: list[list[int]]) -> str:
    return (
        "they are one and the same arm" if len(same) == 1 else "each group is one and the same arm"
    )


def _of_one_arm(log: Log, claims: Mapping[str, Claim], known: Training) -> list[str]:
    """Return the claims whose sides were trained on the same data wherever they are compared."""
    acting = {
        name: claim
        for name, claim in claims.items()
        if set(claim.differ_in(log.scores.factors)) & set(known.acting)
    }
    same = alike(log.scores, known)
    return [name for name, test in tests(log, acting, same).items() if _is_of_one_arm(test, same)]


def _is_of_one_arm(test: Test, same: np.ndarray) -> bool:
    if isinstance(test, Linear):
        return cancels(test.matching, test.weights, same)
    if isinstance(test, Spread):
        return cancels(test.matching, DIFFERENCE, same)
    return isinstance(test, Variance) and all_alike(test.runs, same)
