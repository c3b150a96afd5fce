import itertools

import numpy as np
import pandas as pd
import pytest

from uphold.claims.shaping import Best, History
from uphold.claims.spec import Spec
from uphold.errors import InputError
from uphold.runlog.histories import history_of, last_or_best

SPEC = Spec.model_validate(
    {
        "replicate": "seed",
        "factors": ["lr"],
        "metrics": {"test_acc": {"label": "acc", "better": "higher", "margin": 0.01}},
        "primary": "test_acc",
    }
)


@pytest.fixture
def logged() -> pd.DataFrame:
    """Two rates × two seeds × three epochs; the second is the best on validation data."""
    rows = itertools.product([0.1, 0.01], [1, 2], [1, 2, 3])
    table = pd.DataFrame(rows, columns=["lr", "seed", "epoch"])
    return table.assign(
        val_loss=[0.5, 0.3, 0.4] * 4, test_acc=np.arange(12) / 100, val_acc=[0.1, 0.3, 0.2] * 4
    )


def history(keep) -> History:
    return History.model_validate({"along": "epoch", "keep": keep})


def test_the_last_row_of_each_run(logged):
    mixed = logged.sample(frac=1, random_state=0)
    for table in (logged, mixed):
        found = last_or_best(table, SPEC, history("last"), "runs.csv")
        assert found["test_acc"].tolist() == [0.02, 0.05, 0.08, 0.11] or table is mixed
        assert sorted(found.index) == [2, 5, 8, 11]


def test_of_the_last_row_each_column_is_what_was_known_last(logged):
    logged.loc[logged["epoch"] == 3, "test_acc"] = np.nan
    found = last_or_best(logged, SPEC, history("last"), "runs.csv")
    assert found["test_acc"].tolist() == [0.01, 0.04, 0.07, 0.10]
    assert found["val_loss"].tolist() == [0.4] * 4


@pytest.mark.parametrize("keep", [{"lowest": "val_loss"}, {"highest": "val_acc"}])
def test_the_best_row_on_validation_data(logged, keep):
    found = last_or_best(logged, SPEC, history(keep), "runs.csv")
    assert found["test_acc"].tolist() == [0.01, 0.04, 0.07, 0.10]


def test_what_is_reported_is_not_chosen_by(logged):
    with pytest.raises(InputError, match="'test_acc', a test score"):
        last_or_best(logged, SPEC, history({"highest": "test_acc"}), "runs.csv")


def test_rows_that_cannot_be_told_apart_are_named(logged):
    with pytest.raises(InputError, match="row 13: a second row at one 'epoch' of one run"):
        last_or_best(
            pd.concat([logged, logged[-1:]], ignore_index=True), SPEC, history("last"), "runs.csv"
        )
    logged["epoch"] = logged["epoch"].astype(object)
    logged.loc[1, "epoch"] = "x"
    with pytest.raises(InputError, match=r"row 2: 'epoch' .* holds no number"):
        last_or_best(logged, SPEC, history("last"), "runs.csv")


def test_a_run_without_what_is_chosen_by_is_named(logged):
    logged.loc[3:5, "val_loss"] = np.nan
    with pytest.raises(InputError, match=r"row 4: .* has no 'val_loss'"):
        last_or_best(logged, SPEC, history({"lowest": "val_loss"}), "runs.csv")


def test_a_history_is_known_by_its_rows(logged):
    found, told = history_of(logged)
    assert found == History(along="epoch", keep=Best(highest="val_acc"))
    assert told == ["lr", "seed"]
    for without in (["val_acc", "val_loss"], ["test_acc"]):
        found, _ = history_of(logged.drop(columns=without))
        assert found.keep == "last", without


def test_a_history_by_the_names_of_runs(logged):
    table = logged.assign(run=np.repeat(["a", "b", "c", "d"], 3), epoch=np.arange(12) * 7)
    _, told = history_of(table)
    assert told == ["run"]


def test_where_training_stopped_is_no_history():
    rows = [(0.1, 1, 31), (0.1, 1, 44), (0.1, 2, 27), (0.1, 2, 50), (0.2, 1, 33), (0.2, 1, 12)]
    assert history_of(pd.DataFrame(rows, columns=["lr", "seed", "epoch"])) is None


def test_the_repetition_of_an_experiment_is_no_history():
    rows = itertools.product(["a", "b"], [0, 1, 2])
    assert history_of(pd.DataFrame(rows, columns=["model", "iteration"])) is None
