"""What a sweep promotes, where it was chosen and on fresh seeds that chose nothing.

In: the scores of a sweep, those of the fresh runs, and what was promoted. Out: by score both means,
and by how much the first is the better one, with its interval. Promised: the first mean is the
best of many and flatters; whatever is said of the configuration rests on the second.
"""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from uphold.analysis.model.runs import Confirmed, Optimism, Promoted, Scored
from uphold.statistics.contrasts import contrast
from uphold.statistics.scores import Scores

SIDE, CHOSEN, FRESH = "seeds chosen", "chosen", "fresh"


def confirmed(
    scores: Scores, fresh: pd.DataFrame, promoted: Promoted, better: Mapping[str, bool]
) -> Confirmed | None:
    """Return how the promoted configuration scores on fresh seeds; None where there are none.

    Parameters
    ----------
    scores : Scores
        The sweep's, with the column ``configuration``.
    fresh : DataFrame
        The fresh runs, one row each, with the same columns.
    promoted : Promoted
    better : mapping of str to bool
        The scores that are looked at, each with whether more of it is better.
    """
    if promoted.configuration is None or fresh.empty:
        return None
    chosen = scores.table[scores.table["configuration"] == promoted.configuration]
    sides = [table.assign(**{SIDE: side}) for side, table in ((CHOSEN, chosen), (FRESH, fresh))]
    table = pd.concat(sides, ignore_index=True)
    both = replace(scores, table=table, factors=(SIDE,))
    return Confirmed(
        configuration=promoted.configuration,
        seeds=tuple(sorted(fresh["seed"])),
        failed=int((fresh["status"] != "ok").sum()),
        scores={
            name: _optimism(both, name, higher)
            for name, higher in better.items()
            if table[name].notna().any()
        },
    )


def _optimism(both: Scores, score: str, higher: bool) -> Optimism:
    ends = (FRESH, CHOSEN) if higher else (CHOSEN, FRESH)
    by = contrast(both, score, SIDE, *ends)
    return Optimism(
        chosen=_side(both, score, CHOSEN),
        fresh=_side(both, score, FRESH),
        value=by.value,
        ci_low=by.ci_low,
        ci_high=by.ci_high,
    )


def _side(both: Scores, score: str, side: str) -> Scored:
    values = pd.Series(both.values(score))[both.selects({SIDE: side})].dropna()
    return Scored(mean=values.mean(), sd=values.std(), n=len(values))
