"""Which rows of a table meet the rules of a spec."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from uphold.claims.row_rules import Rule
from uphold.statistics.scores import at_level


def chosen_rows(
    table: pd.DataFrame, rules: Mapping[str, Rule], factors: Collection[str] = ()
) -> np.ndarray:
    """Return which rows meet every rule, shape (rows,) of bool.

    A factor that is missing stands for every level, and meets any rule but those about emptiness.
    """
    chosen = np.ones(len(table), dtype=bool)
    for name, rule in rules.items():
        column = table[name]
        empty = column.isna().to_numpy()
        any_level = empty if name in factors else np.zeros_like(chosen)
        for levels in (rule.equals, rule.in_):
            if levels is not None:
                chosen &= any_level | _at_any(column, levels)
        if rule.not_ is not None:
            chosen &= empty | ~_at_any(column, rule.not_)
        if rule.empty is not None:
            chosen &= empty == rule.empty
    return chosen


def _at_any(column: pd.Series, levels: Iterable[Any]) -> np.ndarray:
    met = np.zeros(len(column), dtype=bool)
    for level in levels:
        met |= at_level(column, level)
    return met
