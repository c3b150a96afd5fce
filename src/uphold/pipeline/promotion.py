"""Which configuration a sweep promotes: the settings that a later sweep starts from.

What comes in: the scores of every run. What goes out: the settings of one configuration, and how it
was chosen. What is promised: only validation scores are looked at, by a rule declared in params.
"""

from collections.abc import Mapping
from typing import Annotated, Any

import pandas as pd
from pydantic import Field

from uphold.validation import Number, Settings, Whole


class Promotion(Settings):
    """Best mean among the stable configurations.

    Attributes
    ----------
    by : str
        The score to rank by. It must be one of validation data.
    higher : bool
        Whether more of it is better.
    stable_sd : float
        A configuration is stable if none of its runs failed and the standard deviation of the
        score over its runs is at most this.
    confirm : int, optional
        On how many fresh seeds the promoted configuration is trained once more: the score at which
        it was chosen flatters it. Nothing for not at all.
    """

    by: str
    higher: bool = True
    stable_sd: Annotated[Number, Field(gt=0)]
    confirm: Annotated[Whole, Field(ge=2)] | None = None


def promote(
    scores: pd.DataFrame,
    settings: Mapping[str, dict[str, Any]],
    rule: Promotion,
    floor: str | None = None,
) -> dict[str, Any]:
    """Return the promoted configuration of one sweep.

    Parameters
    ----------
    scores : DataFrame
        One row a run, with the columns ``configuration``, ``status`` and `rule.by`.
    settings : mapping of str to dict
        Configuration to the settings that it hands on.
    rule : Promotion
        How to choose.
    floor : str, optional
        The column of what one answer for every item scores, where there is one.

    Returns
    -------
    dict
        ``configuration``, its ``settings``, ``by``, ``higher``, ``mean``, ``sd``, ``n``, ``stable``
        (how many of the ``configurations`` were) and ``rule_met``: false where none was stable, so
        that the best of all was taken; ``rank``, its place by the mean among all, ``best``, the
        best mean of all, and ``floor``. Where every run failed, ``n`` is 0 and ``settings`` None.
    """
    done = scores[scores["status"] == "ok"]
    if done.empty:
        counted = {"n": 0, "stable": 0, "configurations": scores["configuration"].nunique()}
        unknown = ("configuration", "settings", "mean", "sd", "rank", "best", "floor")
        nothing = dict.fromkeys(unknown)
        return {**nothing, **counted, "by": rule.by, "higher": rule.higher, "rule_met": False}
    summary = done.groupby("configuration")[rule.by].agg(["mean", "std", "count"])
    failed = set(scores.loc[scores["status"] != "ok", "configuration"])
    stable = summary[(summary["std"] <= rule.stable_sd) & ~summary.index.isin(failed)]
    pool = summary if stable.empty else stable
    # Ties go to the first name, so that the choice does not depend on the order of the runs.
    order = pool.sort_index().sort_values("mean", ascending=not rule.higher, kind="stable")
    name, chosen = order.index[0], order.iloc[0]
    means = summary["mean"] if rule.higher else -summary["mean"]
    floors = done.loc[done["configuration"] == name, floor] if floor in done else None
    return {
        "configuration": name,
        "settings": settings[name],
        "by": rule.by,
        "higher": rule.higher,
        "mean": float(chosen["mean"]),
        "sd": None if pd.isna(chosen["std"]) else float(chosen["std"]),
        "n": int(chosen["count"]),
        "stable": len(stable),
        "configurations": len(summary),
        "rule_met": not stable.empty,
        "rank": 1 + int((means > means[name]).sum()),
        "best": float(summary["mean"][means.idxmax()]),
        "floor": None if floors is None else float(floors.mean()),
    }
