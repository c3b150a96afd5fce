"""Both scores of what was promoted, and by how much the choice flattered."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from uphold.analysis.confirmed import confirmed
from uphold.statistics.scores import Scores

from .promoted import PROMOTED

CHOSEN, FRESH = np.array([0.80, 0.84, 0.82]), np.array([0.79, 0.76, 0.80, 0.78, 0.77])


def rows(values, first_seed: int, configuration: str = "mode=a", **more) -> pd.DataFrame:
    seeds = range(first_seed, first_seed + len(values))
    return pd.DataFrame(
        {
            **{"configuration": configuration, "mode": configuration[-1], "seed": seeds},
            **{"status": "ok", "validation_f1": values, "loss": values, "empty": np.nan, **more},
        }
    )


def scores(table: pd.DataFrame, replicate: str = "seed", within: tuple = ()) -> Scores:
    return Scores(table, ("mode",), replicate, within=within)


SWEEP = pd.concat([rows(CHOSEN, 1), rows(CHOSEN - 0.5, 1, "mode=b")], ignore_index=True)


def test_they_are_compared_as_two_samples_of_the_promoted_configuration():
    found = confirmed(scores(SWEEP), rows(FRESH, 100), PROMOTED, {"validation_f1": True})
    one = found.scores["validation_f1"]
    assert (one.chosen.mean, one.chosen.n) == (pytest.approx(CHOSEN.mean()), 3)
    assert (one.fresh.mean, one.fresh.n) == (pytest.approx(FRESH.mean()), 5)
    assert one.fresh.sd == pytest.approx(FRESH.std(ddof=1))
    welch = stats.ttest_ind(CHOSEN, FRESH, equal_var=False).confidence_interval(0.95)
    assert one.value == pytest.approx(CHOSEN.mean() - FRESH.mean())
    assert (one.ci_low, one.ci_high) == (pytest.approx(welch.low), pytest.approx(welch.high))
    assert (found.seeds, found.failed) == (tuple(range(100, 105)), 0)


def test_where_less_is_better_the_choice_flatters_the_other_way():
    found = confirmed(scores(SWEEP), rows(FRESH, 100), PROMOTED, {"loss": False})
    assert found.scores["loss"].value == pytest.approx(FRESH.mean() - CHOSEN.mean())


def test_a_score_that_these_data_do_not_have_is_left_out():
    better = {"validation_f1": True, "empty": True}
    found = confirmed(scores(SWEEP), rows(FRESH, 100), PROMOTED, better)
    assert list(found.scores) == ["validation_f1"]


def test_failed_runs_are_counted_and_have_no_part():
    fresh = rows(FRESH, 100)
    fresh.loc[0, ["status", "validation_f1"]] = ["failed", np.nan]
    found = confirmed(scores(SWEEP), fresh, PROMOTED, {"validation_f1": True})
    assert (found.failed, found.scores["validation_f1"].fresh.n) == (1, 4)


def test_seeds_of_one_fold_are_one_unit():
    """Three folds on both sides: the pairs of folds are what there is, and not the runs."""
    chosen = rows(CHOSEN, 1, fold=[0, 1, 2])
    fresh = rows(np.tile(FRESH[:3], 4), 100, fold=[0, 1, 2] * 4)
    table = pd.concat([chosen, rows(CHOSEN, 1, "mode=b", fold=[0, 1, 2])], ignore_index=True)
    found = confirmed(scores(table, "fold", ("seed",)), fresh, PROMOTED, {"validation_f1": True})
    paired = stats.ttest_rel(CHOSEN, FRESH[:3]).confidence_interval(0.95)
    one = found.scores["validation_f1"]
    assert (one.ci_low, one.ci_high) == (pytest.approx(paired.low), pytest.approx(paired.high))


def test_without_fresh_runs_there_is_nothing_to_tell():
    better = {"validation_f1": True}
    assert confirmed(scores(SWEEP), rows([], 100), PROMOTED, better) is None
    nothing = PROMOTED.model_copy(update={"configuration": None})
    assert confirmed(scores(SWEEP), rows(FRESH, 100), nothing, better) is None
