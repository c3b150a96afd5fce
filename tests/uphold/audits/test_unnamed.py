import numpy as np
import pandas as pd
import pytest

from uphold.audits import audit

from ..conftest import STEP
from .conftest import flags

ABOUT = {"contrast": STEP}
GAIN = {"gain": {"at_least": 0, "over": {"mixup": False}}, "where": {"mixup": True}}


@pytest.fixture
def tied(table) -> pd.DataFrame:
    """Mixup was always run at one learning rate, and the runs without it at another one."""
    return table.assign(lr=np.where(table.mixup, 0.1, 0.01))


@pytest.mark.parametrize("form", [ABOUT, GAIN, {"anova": {"over": "mixup"}}])
@pytest.mark.parametrize("factors", [["mixup"], ["mixup", "ratio"]])
def test_a_setting_that_goes_with_the_arms_is_named(tied, relog, claim, form, factors):
    log = relog(tied if len(factors) > 1 else tied[tied.ratio == 0], factors=factors)
    found = flags(log, {"it": claim(**form)})["unnamed-difference"]
    assert (found.severity, found.count, found.claims) == ("warning", 1, ("it",))
    assert found.rows == ("it: also lr in every run",)
    assert "`factors`" in found.message and "lr" in found.message


def test_several_are_one_flag(tied, relog, claim):
    log = relog(tied.assign(wd=tied.lr / 2, host=tied.mixup.map({True: "a", False: "b"})))
    found = [f for f in audit(log, {"it": claim(**ABOUT), "two": claim(**GAIN)})]
    (flag,) = [f for f in found if f.check == "unnamed-difference"]
    assert flag.rows[0] == "it: also lr and wd in every run" and flag.count == 2


def test_what_the_spec_names_is_told_by_its_own_check(tied, relog, claim):
    found = flags(relog(tied, factors=["mixup", "lr"]), {"it": claim(**ABOUT)})
    assert "confounded" in found and "unnamed-difference" not in found


def innocent(t: pd.DataFrame) -> dict[str, dict]:
    one = np.arange(16)
    on = t.mixup.to_numpy()
    return {
        "a score": {"val_loss": 0.4 + one / 100 - on},
        "a score to two digits": {"val_acc": np.round(0.8 + 0.01 * on + one % 3 / 100, 2)},
        "a time": {"training_time": 20 + one + 50 * on},
        "a day": {"day": np.where(on, "2025-03-01", "2025-03-02")},
        "a number of parameters": {"parameters": np.where(on, 1000, 1200)},
        "a name": {"run_name": np.where(on, "with mixup", "without")},
        "an id": {"id": one + 100 * on},
        "a note": {"notes": np.where(on, "new", "old")},
        "where training stopped": {"best_epoch": np.where(on, 30, 20)},
        "one for all": {"lr": 0.1},
        "one in every arm": {"lr": np.where(one % 2, 0.1, 0.01)},
        "what has no effect in one arm": {"alpha": np.where(on, 0.2, np.nan)},
        "lists": {"layers": [[1, 2] if m else [1] for m in on]},
    }


@pytest.mark.parametrize("what", innocent(pd.DataFrame({"mixup": [True] * 16})))
def test_what_is_no_setting_or_no_difference_is_silent(table, relog, claim, what):
    found = flags(relog(table.assign(**innocent(table)[what])), {"it": claim(**ABOUT)})
    assert not {"unnamed-difference", "unnamed-setting"} & set(found)


@pytest.fixture
def sets(table) -> pd.DataFrame:
    """Each run on three data sets, which no column of the spec names."""
    more = [table.assign(dataset=d, f1=table.f1 + i / 10) for i, d in enumerate("abc")]
    return pd.concat(more, ignore_index=True).assign(run=[f"r{i}" for i in range(48)])


def test_data_sets_without_a_name_are_no_repeats(sets, relog, claim):
    found = flags(relog(sets), {"it": claim(**ABOUT)})
    assert not {"same-seed-disagrees", "repeated-replicates"} & set(found)
    flag = found["unnamed-setting"]
    assert (flag.severity, flag.count, flag.claims) == ("warning", 48, ("it",))
    assert "differ in dataset" in flag.message
    assert "`replicate: [dataset, seed]`" in flag.message
    assert "unnamed-setting" not in flags(relog(sets, replicate=["dataset", "seed"]))
    assert "unnamed-setting" not in flags(relog(sets, factors=["mixup", "ratio", "dataset"]))


def test_repeats_within_them_are_counted_apart(sets, relog):
    again = pd.concat([sets, sets[:1].assign(f1=0.9, run="again")], ignore_index=True)
    found = flags(relog(again))
    assert "Of 1 pair of runs" in found["same-seed-disagrees"].message
    assert "unnamed-setting" in found


@pytest.mark.parametrize("column", ["repeat", "run_no", "trial", "attempt"])
def test_numbered_repeats_of_a_seed_are_repeats(sets, relog, column):
    found = flags(relog(sets.rename(columns={"dataset": column})))
    assert "same-seed-disagrees" in found and "unnamed-setting" not in found


def test_an_outcome_does_not_explain_repeats(sets, relog):
    stopped = sets.drop(columns="dataset").assign(stopped=np.arange(48) ** 2 % 7 < 3)
    found = flags(relog(stopped))
    assert "same-seed-disagrees" in found and "unnamed-setting" not in found
