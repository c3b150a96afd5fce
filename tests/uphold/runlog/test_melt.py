import pandas as pd
import pytest

from uphold.claims.shaping import Melt
from uphold.errors import InputError
from uphold.runlog.melt import melted, wide_columns

WIDE = pd.DataFrame({"model": ["a", "b"], "acc (seed 1)": [0.1, 0.2], "acc (seed 2)": [0.3, None]})


def test_a_column_a_run_becomes_a_row_a_run():
    melt = Melt(into="seed", columns={"acc": "acc (seed *)"})
    found = melted(WIDE, melt, "runs.csv")
    assert found.to_dict("list") == {
        "model": ["a", "a", "b"],
        "seed": [1, 2, 1],
        "acc": [0.1, 0.3, 0.2],  # b was not run on seed 2
    }
    assert found.index.tolist() == [0, 0, 1]  # the rows of the file


@pytest.mark.parametrize(
    ("names", "into", "columns"),
    [
        (["seed_1", "seed_2"], "seed", {"score": "seed_*"}),
        (["acc (seed 1)", "acc (seed 2)"], "seed", {"acc": "acc (seed *)"}),
        (["Run 1", "Run 2", "Run 10"], "run", {"score": "Run *"}),
        (
            ["split0_test_score", "split1_test_score", "split0_train", "split1_train"],
            "split",
            {"test_score": "split*_test_score", "train": "split*_train"},
        ),
        (["f1/seed=0", "f1/seed=1"], "seed", {"f1": "f1/seed=*"}),
    ],
)
def test_columns_that_look_like_runs(names, into, columns):
    table = pd.DataFrame({"model": ["a", "b"], **{name: [0.5, 0.25] for name in names}})
    assert wide_columns(table) == Melt(into=into, columns=columns)


@pytest.mark.parametrize("names", [["seed_1"], ["layer1", "layer2"], ["seed", "acc1", "acc5"]])
def test_columns_that_do_not(names):
    assert wide_columns(pd.DataFrame({name: [0.5, 0.25] for name in names})) is None


@pytest.mark.parametrize(
    ("melt", "message"),
    [
        ({"into": "seed", "columns": {"acc": "f1_*"}}, "no columns 'f1_\\*'"),
        ({"into": "model", "columns": {"acc": "acc (seed *)"}}, "a column 'model' already"),
        ({"into": "acc", "columns": {"acc": "acc (seed *)"}}, "two columns 'acc'"),
    ],
)
def test_what_cannot_be_melted(melt, message):
    with pytest.raises(InputError, match=message):
        melted(WIDE, Melt.model_validate(melt), "runs.csv")
