"""The check of runs that did not finish and have a score all the same."""

from collections.abc import Iterator, Mapping

import numpy as np

from uphold import format
from uphold.audits.flag import AuditFlag, flag_runs
from uphold.claims.claim import Claim
from uphold.claims.log import Log
from uphold.format import counted, setting
from uphold.run_states import FINISHED, TO_COME, UNFINISHED, holds_states, state_words
from uphold.statistics.scores import Scores, codes, plain

MOST_TOLD = 5


def unfinished_runs(log: Log, claims: Mapping[str, Claim]) -> AuditFlag | None:
    """Runs that crashed, were killed or pruned, or are still going on, and that have a score.

    A run without a score takes no part in anything, and `nonfinite` tells of it.
    """
    scores = log.scores
    for column in _state_columns(log):
        state = state_words(scores.column(column))
        unfinished = np.isin(state, list(UNFINISHED))
        found = {name: unfinished & ~np.isnan(scores.values(name)) for name in log.metrics}
        scored = np.any(list(found.values()), axis=0)
        if not scored.any():
            continue
        finished = np.isin(state, list(FINISHED))
        given = scores.column(column).astype(str)
        kinds = given[scored].value_counts()
        how = ", ".join(f"{many} {kind}" for kind, many in kinds.items())
        done = list(dict.fromkeys(given[finished]))
        use = done[0] if len(done) == 1 else f"[{', '.join(done)}]"
        way = (
            f"Set `rows: {{{column}: {use}}}` in the spec; if they stopped because of their"
            " configuration, say so beside the claims."
            if done
            else "Wait until runs have finished."
            if np.isin(state, list(TO_COME)).any()
            else "No run of this log finished: nothing can be shown with it before some do."
        )
        return flag_runs(
            "unfinished-runs",
            "error",
            log,
            claims,
            found,
            f"{counted(int(scored.sum()), 'run')} did not finish, according to"
            f" {format.name(column)}"
            f" ({how}), and {'has a score' if scored.sum() == 1 else 'have scores'} all the same:"
            " what a run scored when it was cut short is no result of its configuration."
            f"{_without(scores, scored, finished) if done else ''} {way}",
        )
    return None


def _state_columns(log: Log) -> Iterator[str]:
    """Yield the columns that hold the states of runs: by their names, and by their words."""
    taken = {*log.scores.factors, *log.scores.replicates, *log.metrics, log.scores.run}
    for column in log.scores.table.columns:
        if column not in taken and holds_states(log.scores.column(column)):
            yield column


def _without(scores: Scores, scored: np.ndarray, finished: np.ndarray) -> str:
    """Name the levels, or else the arms, of which no run finished."""
    found = []
    for factor in scores.factors:
        level = scores.column(factor)
        lost = level[scored & level.notna().to_numpy()].unique()
        kept = set(level[finished].dropna().unique())
        found += [setting(factor, plain(value)) for value in lost if value not in kept]
    if found:
        more = f" or {len(found) - MOST_TOLD} other levels" if len(found) > MOST_TOLD else ""
        return f" No run with {' or '.join(found[:MOST_TOLD])}{more} finished."
    cell = codes(scores.table, list(scores.factors))
    arms = np.setdiff1d(cell[scored], cell[finished]).size
    if not arms:
        return ""
    return f" Of {counted(arms, 'configuration')} no run finished."
