"""A table whose rows are epochs or steps of runs → one with a row a run."""

import numpy as np
import pandas as pd

from uphold.claims.shaping import Best, History
from uphold.claims.spec import Spec
from uphold.errors import InputError
from uphold.runlog.naming import read_name
from uphold.statistics.scores import codes


def last_or_best(table: pd.DataFrame, spec: Spec, history: History, source: str) -> pd.DataFrame:
    """Return the row of each run that a spec's ``history`` keeps.

    A run is what has one name in ``run``, or one configuration and replicate where that is not
    named. Of the last row each column holds what was known of it last: trackers write test scores
    and losses in rows of their own. Rows keep their index.

    Raises
    ------
    InputError
        A run has two rows at one step, a step is no number, or rows are chosen by a test score.
    """
    step = pd.to_numeric(table[history.along], errors="coerce")
    if step.isna().any():
        row = table.index[int(np.flatnonzero(step.isna())[0])]
        raise InputError(
            f"{source}, row {row + 1}: {history.along!r} (history.along) holds no number."
        )
    of_run = [spec.run] if spec.run else [*spec.factors, *spec.replicate]
    run = codes(table, of_run)
    ordered = table.assign(**{history.along: step})
    place = np.lexsort((step.to_numpy(), run))
    ordered, run = ordered.iloc[place], run[place]
    twice = pd.DataFrame({"run": run, "step": ordered[history.along]}).duplicated().to_numpy()
    if twice.any():
        row = ordered.index[int(np.flatnonzero(twice)[0])]
        raise InputError(
            f"{source}, row {row + 1}: a second row at one {history.along!r} of one run, which is"
            f" told by {', '.join(of_run)}. Name the column that tells runs apart under `run`, or"
            " all that they differ in under `factors` and `replicate`."
        )
    if history.keep == "last":
        known = ordered.groupby(run).last()
        last = ordered.index[np.flatnonzero(np.r_[run[1:] != run[:-1], True])]
        return known.set_index(last).drop(columns=history.along).sort_index()
    return _best(ordered, run, spec, history.keep, source).drop(columns=history.along).sort_index()


def _best(
    ordered: pd.DataFrame, run: np.ndarray, spec: Spec, keep: Best, source: str
) -> pd.DataFrame:
    metric = spec.metrics.get(keep.column)
    split = metric.split if metric else read_name(keep.column).split
    if split == "test" and (
        metric or {"test", "ood", "heldout"} & set(read_name(keep.column).words)
    ):
        raise InputError(
            f"{source}: history keeps the best row by {keep.column!r}, a test score: what is chosen"
            " by the score that is reported flatters every run. Choose by a column of validation"
            " data, or keep the last row. If it is validation data, say `split: validation` of it"
            " under metrics."
        )
    by = pd.to_numeric(ordered[keep.column], errors="coerce").reset_index(drop=True)
    by = by if keep.highest else -by
    without = by.groupby(run).count() == 0
    if without.any():
        row = ordered.index[int(np.flatnonzero(run == without.idxmax())[0])]
        raise InputError(
            f"{source}, row {row + 1}: the run that begins here has no {keep.column!r}, by which"
            " history keeps its best row. Leave it out under `rows`, or keep the last row."
        )
    return ordered.iloc[by.groupby(run).idxmax().to_numpy()]
