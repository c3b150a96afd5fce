import pandas as pd
import pytest

from uphold.claims.spec import Spec
from uphold.errors import InputError
from uphold.runlog.as_runs import as_runs

KEYS = {
    "replicate": "seed",
    "factors": ["lr"],
    "metrics": {"acc": {"label": "acc", "better": "higher", "margin": 0.01}},
    "primary": "acc",
}


def test_it_is_done_in_one_order():
    """Wide columns first, of whose rows some are chosen, of which each run's last is kept."""
    table = pd.DataFrame(
        {
            "lr": [0.1, 0.1, None, None],
            "epoch": [1, 2, 1, 2],
            "note": "x",
            "acc_1": [0.1, 0.2, 0.3, 0.4],
            "acc_2": [0.5, 0.6, 0.7, 0.8],
        }
    )
    spec = Spec.model_validate(
        KEYS
        | {
            "aside": ["note"],
            "melt": {"into": "seed", "columns": {"acc": "acc_*"}},
            "rows": {"seed": {"not": 2}},
            "history": {"along": "epoch", "keep": "last"},
            "missing": "level",
        }
    )
    found = as_runs(table, spec, "runs.csv")
    assert found.to_dict("list") == {"lr": [0.1, "None"], "seed": [1, 1], "acc": [0.2, 0.4]}
    assert found.index.tolist() == [1, 3]  # the rows of the file


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"aside": ["not"]}, "no column 'not' .aside.. Did you mean 'note'"),
        ({"rows": {"stat": 1}}, "no column 'stat' .rows."),
        ({"history": {"along": "epoch", "keep": "last"}}, "no column 'epoch' .history.along."),
    ],
)
def test_columns_that_are_not_there_are_named(keys, message):
    table = pd.DataFrame({"lr": [1, 2], "seed": [1, 1], "acc": [1, 2], "note": "x"})
    with pytest.raises(InputError, match=message):
        as_runs(table, Spec.model_validate(KEYS | keys), "runs.csv")


def test_missing_cells_stay_missing_unless_they_are_levels():
    table = pd.DataFrame({"lr": [1, None], "seed": [1, 1], "acc": [1, 2]})
    assert as_runs(table, Spec.model_validate(KEYS), "runs.csv")["lr"].isna().sum() == 1
