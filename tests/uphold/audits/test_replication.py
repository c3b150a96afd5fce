import numpy as np
import pandas as pd
import pytest

from uphold.audits.repeats import _mean_distance
from uphold.claims.spec import Spec
from uphold.runlog.make_log import make_log

from .conftest import COUNTED, flags


@pytest.fixture
def repeated(table) -> pd.DataFrame:
    more = table.iloc[:2].assign(f1=[0.7, 0.598], run=["again0", "again1"])
    return pd.concat([table, more], ignore_index=True)


def test_repeats_and_whether_they_agree(repeated, relog):
    found = flags(relog(repeated))
    assert (found["repeated-replicates"].count, found["repeated-replicates"].unit) == (2, "cells")
    assert "mixup off, ratio 0, seed 1" in found["repeated-replicates"].rows
    disagree = found["same-seed-disagrees"]
    # of two pairs one differs, .603 and .7: by .0485 on average over both
    assert (disagree.count, disagree.unit, disagree.rows) == (1, "pairs", ("r0 / again0",))
    assert disagree.severity == "error" and "F1 by 0.049 on average" in disagree.message


def test_repeats_that_differ_by_less_than_matters_are_a_warning(repeated, relog):
    repeated.loc[16, "f1"] = 0.604
    assert flags(relog(repeated))["same-seed-disagrees"].severity == "warning"


def test_repeats_that_agree(repeated, relog):
    repeated.loc[16, "f1"] = 0.603
    assert set(flags(relog(repeated))) == {"repeated-replicates"}


def test_three_repeats_are_three_pairs(table, relog):
    three = pd.concat([table, *(table.iloc[:1].assign(f1=f) for f in (0.5, 0.603))])
    found = flags(relog(three))["same-seed-disagrees"]
    assert found.count == 2 and "Of 3 pairs" in found.message


def test_the_mean_distance_of_all_pairs():
    values, cell = np.array([1.0, 4.0, 2.0, 7.0, 5.0, np.nan]), np.array([0, 0, 0, 1, 1, 0])
    # by hand: |1-4| |1-2| |4-2| |7-5|
    assert _mean_distance(values, cell) == pytest.approx((3 + 1 + 2 + 2) / 4)


def test_failed_runs_are_counted(table, relog):
    table.loc[[0, 5], "f1"] = [np.nan, np.inf]
    found = flags(relog(table))["nonfinite"]
    assert (found.severity, found.count, found.rows) == ("warning", 2, ("r0", "r5"))
    assert flags(relog(table.assign(f1=np.nan)))["nonfinite"].severity == "error"


@pytest.mark.parametrize(
    ("without", "severity"),
    [
        (lambda t: t.mixup, "info"),  # mixup never has it
        (lambda t: t.mixup & (t.seed > 1), "warning"),  # one of its seeds has
        (lambda t: t.mixup & (t.ratio == 0), "info"),  # at one ratio
        (lambda t: t.seed > 0, "error"),  # nothing has it
    ],
)
def test_what_a_configuration_never_has_is_told_from_what_failed(table, values, without, severity):
    values["metrics"]["gain"] = {"label": "gain", "better": "higher", "margin": 0.02}
    table["gain"] = np.where(without(table), np.nan, 1.0 + table.f1)
    found = flags(make_log(table, Spec.model_validate(values), "runs.csv"))["nonfinite"]
    assert (found.severity, found.count) == (severity, without(table).sum())
    assert ("does not exist there" in found.message) == (severity == "info")


def test_a_run_without_any_score_or_without_a_second_run_counts_as_failed(table, values):
    values["metrics"]["gain"] = {"label": "gain", "better": "higher", "margin": 0.02}
    table["gain"] = np.where(table.mixup, np.nan, 1.0 + table.f1)
    gone = table.assign(f1=table.f1.where(table.ratio == 0))
    once = table[table.seed == 1]
    for one in (gone, once):
        found = flags(make_log(one, Spec.model_validate(values), "runs.csv"))["nonfinite"]
        assert found.severity == "warning"


def test_missing_cells_of_a_grid(table, relog):
    found = flags(relog(table[:12]))["missing-cells"]
    assert (found.severity, found.count, found.rows) == ("warning", 1, ("mixup on, ratio 0.5",))


def test_a_cell_of_failed_runs_is_missing(table, relog):
    table.loc[12:, "f1"] = np.nan
    assert flags(relog(table))["missing-cells"].count == 1


def test_a_factor_without_effect_fills_its_cells(table, relog):
    table["ratio"] = table["ratio"].where(table["mixup"])
    assert "missing-cells" not in flags(relog(table.drop(index=range(4))))


def test_a_design_that_is_no_grid_is_only_noted(relog):
    rows = [(a, b, s) for a, b in ((0, 0), (1, 0), (2, 0), (0, 1), (0, 2)) for s in (1, 2)]
    table = pd.DataFrame(rows, columns=["mixup", "ratio", "seed"]).assign(f1=0.5)
    table["run"] = [f"r{i}" for i in range(10)]
    assert flags(relog(table))["missing-cells"].severity == "warning"
    ladder = pd.DataFrame(
        [(i, i, s) for i in range(4) for s in (1, 2)], columns=["mixup", "ratio", "seed"]
    )
    found = flags(relog(ladder.assign(f1=0.5, run=range(8))))["missing-cells"]
    assert (found.severity, found.count) == ("info", 12) and "not a grid" in found.message


def test_names_that_stand_twice(table, relog):
    table.loc[[1, 2], "run"] = "r0"
    found = flags(relog(table))["duplicate-names"]
    assert (found.severity, found.count, found.unit) == ("warning", 3, "runs")
    assert found.rows == ("r0 (3 rows)",)
    assert "several runs under one name" in found.message


def test_a_row_that_was_copied_is_one_run_counted_twice(table, relog):
    found = flags(relog(pd.concat([table, table.iloc[[4]]])))["duplicate-names"]
    assert (found.count, found.rows) == (2, ("r4 (2 rows)",))
    assert "1 of these rows repeats another one" in found.message


def test_rows_without_a_name_share_none(table, relog):
    table.loc[[1, 2], "run"] = None
    assert "duplicate-names" not in flags(relog(table))


def test_a_level_that_was_left_out(table, relog):
    table["mixup"] = table["mixup"].astype(object)
    table.loc[[2, 9], "mixup"] = None
    found = flags(relog(table))["factor-left-empty"]
    assert (found.severity, found.count, found.rows) == ("error", 2, ("r2", "r9"))
    assert "mixup in 2 of 16 runs" in found.message


def test_a_factor_that_is_without_effect_has_no_missing_level(table, relog):
    table["mode"] = np.where(table["ratio"] > 0, "linear", None)
    assert "factor-left-empty" not in flags(relog(table, factors=["mixup", "ratio", "mode"]))
    assert "factor-left-empty" not in flags(relog(table.assign(mixup=None)))


def test_a_repeat_that_failed_disagrees_with_the_one_that_did_not(table, relog):
    failed = pd.concat([table, table.iloc[[0]].assign(f1=np.nan, run="again")])
    found = flags(relog(failed))["same-seed-disagrees"]
    assert found.count == 1 and "one has a score and the other has none" in found.message


@pytest.fixture
def nested(table, relog):
    """The runs of `table` on two data sets, each with four seeds; change them, then log them."""
    two = pd.concat([table.assign(dataset=d, run=d + table.run) for d in "xy"], ignore_index=True)

    def make(change=lambda t: t):
        return relog(change(two), replicate=["dataset", "seed"])

    return make


def test_a_seed_of_another_unit_is_no_repeat(nested):
    assert set(flags(nested())) == set()


def test_nested_replicates_repeat_and_lack_as_pairs(nested):
    again = flags(nested(lambda t: pd.concat([t, t.iloc[[0]].assign(run="again", f1=0.9)])))
    assert again["repeated-replicates"].rows == ("mixup off, ratio 0, dataset x, seed 1",)
    assert "a dataset × seed was run more than once" in again["repeated-replicates"].message
    assert again["same-seed-disagrees"].count == 1
    lacking = flags(nested(lambda t: t.drop(index=0)))["unpaired-seeds"]
    assert (lacking.count, lacking.rows) == (1, ("mixup off, ratio 0 (7 of 8)",))
    assert "4 configurations × 8 of dataset × seed" in lacking.message
    one = flags(nested(lambda t: t[t.dataset == "x"]))["unpaired-seeds"]
    assert one.severity == "error" and "All runs share one dataset" in one.message


def test_runs_without_a_name_are_called_by_all_replicates(nested, relog):
    log = nested(lambda t: t.assign(f1=t.f1.where(t.index != 0)))
    bare = relog(log.scores.table, replicate=["dataset", "seed"], run=None)
    assert flags(bare)["nonfinite"].rows == ("mixup off, ratio 0, dataset x, seed 1",)


def test_test_sets_that_go_with_the_data_set_vary_by_replicate(counted, values):
    """Each data set has its own number of items: matched runs share it."""
    more = counted.assign(dataset="y", run="y" + counted.run, tn=counted.tn + 50)
    both = pd.concat([counted.assign(dataset="x"), more], ignore_index=True)
    found = make_log(
        both,
        Spec.model_validate(
            values
            | {"replicate": ["dataset", "seed"]}
            | {"metrics": {"f1": values["metrics"]["f1"] | COUNTED}}
        ),
        "runs.csv",
    )
    answer = flags(found)["evaluation-set-varies"]
    assert answer.severity == "warning" and "share their dataset × seed" in answer.message


def test_a_log_without_any_score_is_not_called_a_design_with_gaps(table, relog):
    found = flags(relog(table.assign(f1=np.nan)))
    assert "missing-cells" not in found and found["nonfinite"].severity == "error"
    assert "the rest of it" not in found["nonfinite"].message
    assert "are these the columns of the scores?" in found["nonfinite"].message
