"""Checks of the arms that are compared: whether they differ at all."""

import re
from collections.abc import Mapping

import numpy as np

from studies.claims.audits.remark import MOST_ROWS, Remark
from studies.claims.log import TRAINING_SET, Log
from studies.claims.spec import Claim
from studies.statistics.scores import at_level, codes, level_text, name_cell, records

_ABOUT_DATA = re.compile(
    r"(up|down|over|under|re)[-_ ]?sampl|balanc|qualit|subset|train(ing)?[-_ ]?(set|data|size)",
    re.IGNORECASE,
)


def constant_factor(log: Log, claims: Mapping[str, Claim]) -> Remark | None:
    """Factors that claims are about and that do not vary, or lack a claimed level."""
    found = []
    for name, claim in claims.items():
        for factor, wanted in _compared(claim):
            column = log.scores.column(factor)
            if len(log.scores.levels(factor)) < 2:
                levels = log.scores.levels(factor)
                only = f"only {level_text(levels[0])}" if levels else "no level at all"
                found.append(f"{name}: {factor} has {only}")
                continue
            for level in wanted:
                if not at_level(column, level).any():
                    found.append(f"{name}: no run has {factor} = {level_text(level)}")
    found = list(dict.fromkeys(found))
    if not found:
        return None
    return Remark(
        "constant-factor",
        "error",
        len(found),
        "arms",
        f"Claims compare arms that were not run: {'; '.join(found[:5])}. They cannot be tested.",
        tuple(found[:MOST_ROWS]),
    )


def no_op_arm(log: Log, claims: Mapping[str, Claim]) -> Remark | None:
    """Arms whose training sets are identical to another arm's.

    Where a digest of the training set is known (the column ``training_set``) it decides, otherwise
    the columns that the spec names. Two arms are compared when they differ only in factors that
    act through the training set: those that the log declares, or else those with which it changes
    somewhere and those whose names speak of what is trained on.
    """
    if not log.training:
        return None
    columns = [TRAINING_SET] if TRAINING_SET in log.training else list(log.training)
    scores = log.scores
    usable = scores.table[columns].notna().all(axis=1).to_numpy()
    scores = scores.only(usable)
    if scores.table.empty:
        return None
    training = codes(scores.table, columns)
    declared = log.data_factors
    acting = [
        f
        for f in scores.factors
        if (f in declared if declared is not None else _acts(scores, f, training))
    ]
    if declared is not None and not acting:
        return None
    others = [f for f in scores.factors if f not in acting]
    arm = scores.cells()
    # An arm's training sets are those of its replicates, whatever their order in the log.
    signature: dict[int, set] = {}
    replicate = codes(scores.table, [scores.replicate])
    for a, r, t in zip(arm.tolist(), replicate.tolist(), training.tolist(), strict=True):
        signature.setdefault(a, set()).add((r, t))
    place = codes(scores.table, others)[np.unique(arm, return_index=True)[1]]
    groups: dict[tuple, list[int]] = {}
    for a, sets in signature.items():
        groups.setdefault((int(place[a]) if acting else 0, frozenset(sets)), []).append(a)
    same = [group for group in groups.values() if len(group) > 1]
    count = sum(map(len, same))
    if not count:
        return None
    known = "training sets" if columns == [TRAINING_SET] else f"{', '.join(columns)}"
    first = scores.table.iloc[np.unique(arm, return_index=True)[1]]
    named = records(first, list(scores.factors))
    rows = [" = ".join(name_cell(named[a]) for a in group) for group in same[:MOST_ROWS]]
    if not acting:
        return Remark(
            "no-op-arm",
            "info",
            count,
            "arms",
            f"{count} arms have identical {known}. Their factors act on the model or the loss, or"
            " not at all: a factor meant to change the training set is without effect here.",
            tuple(rows),
        )
    claimed = [n for n, c in claims.items() if {f for f, _ in _compared(c)} & set(acting)]
    about = f" Claims on it compare an arm with itself: {', '.join(claimed)}." if claimed else ""
    return Remark(
        "no-op-arm",
        "error" if claimed and columns == [TRAINING_SET] else "warning",
        count,
        "arms",
        f"{count} arms that differ only in {', '.join(acting)} have identical {known}: they are"
        f" one and the same arm.{about}",
        tuple(rows),
        tuple(claimed),
    )


def _acts(scores: object, factor: str, training: np.ndarray) -> bool:
    """Return whether a factor works through the training set, as far as the log tells."""
    if _ABOUT_DATA.search(factor):
        return True
    rest = [*(f for f in scores.factors if f != factor), scores.replicate]
    place = codes(scores.table, rest)
    level = codes(scores.table, [factor])
    # The training set is the factor's doing if it differs between levels and within none.
    sets = np.unique(np.column_stack([place, training]), axis=0)
    cells = np.unique(np.column_stack([place, level]), axis=0)
    by_level = np.unique(np.column_stack([place, level, training]), axis=0)
    varies = np.bincount(sets[:, 0]) > 1
    return bool(varies.any()) and len(by_level) == len(cells)


def _compared(claim: Claim) -> list[tuple[str, tuple]]:
    """Return the factors whose levels a claim compares, with the levels that it names."""
    if claim.contrast:
        return [(claim.contrast.factor, (claim.contrast.from_, claim.contrast.to))]
    if claim.interaction:
        steps = (claim.interaction.of, claim.interaction.with_)
        return [(s.factor, (s.from_, s.to)) for s in steps]
    if claim.anova:
        return [(name, ()) for place, name in claim.factors().items() if "anova" in place]
    return []
