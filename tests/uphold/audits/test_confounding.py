import pandas as pd
import pytest

from ..conftest import STEP
from .conftest import flags

LOW = {"factor": "mixup", "from": False, "to": True}


@pytest.fixture
def tied(table) -> pd.DataFrame:
    """Mixup was always run at ratio .5, and the runs without it at ratio 0."""
    return table[table.mixup == (table.ratio == 0.5)].reset_index(drop=True)


@pytest.mark.parametrize(
    "form",
    [
        {"contrast": STEP},
        {"gain": {"at_least": 0, "over": {"mixup": False}}, "where": {"mixup": True}},
        {"anova": {"over": "mixup"}},
    ],
)
def test_a_factor_that_goes_with_another_is_named(tied, relog, claim, form):
    found = flags(relog(tied), {"it": claim(**form)})["confounded"]
    assert (found.severity, found.count, found.unit) == ("error", 1, "claims")
    assert found.claims == ("it",) and found.rows == ("it: also ratio in every run",)
    assert "Run an arm with another's ratio as well" in found.message


def test_a_full_design_confounds_nothing(log, claim):
    about = {
        "step": claim(contrast=STEP),
        "one": claim(contrast=STEP, where={"ratio": 0}),
        "anova": claim(anova={"over": "mixup"}),
        "all": claim(anova={"over": "configuration"}),
        "gain": claim(gain={"at_least": 0, "over": {"mixup": False}}, where={"mixup": True}),
        "number": claim(gain={"at_least": 0, "over": 0.5}),
        "bound": claim(bound={"at_most": 1}),
    }
    assert not {"confounded", "partly-matched"} & set(flags(log, about))


def test_arms_that_share_some_settings_are_a_warning(table, relog, claim):
    about = {"it": claim(contrast=STEP), "there": claim(contrast=STEP, where={"ratio": 0})}
    found = flags(relog(table[:12]), about)
    assert "confounded" not in found
    answer = found["partly-matched"]
    assert (answer.severity, answer.claims) == ("warning", ("it",))
    assert answer.rows == ("it: 4 of 12 runs are in settings that not every arm was run in",)


def test_a_missing_seed_leaves_the_settings_as_they_were(table, relog, claim):
    found = flags(relog(table.drop(index=15)), {"it": claim(contrast=STEP)})
    assert "partly-matched" not in found


def test_levels_that_belong_to_one_side_are_part_of_it(make, claim):
    rows = [("x", "off", 1), ("x", "off", 2), ("y", "on", 1), ("y", "on", 2), ("z", "on", 1)]
    table = pd.DataFrame(rows, columns=["kind", "noise", "seed"]).assign(f1=[0.1, 0.2, 0.3, 0.5, 0])
    about = {"it": claim(contrast={"factor": "noise", "from": "off", "to": "on"})}
    about |= {"anova": claim(anova={"over": "noise"})}
    found = flags(make(table, ["kind", "noise"]), about)
    assert found["partly-matched"].rows == ("it: each level of kind belongs to one side",)
    assert "confounded" not in found


def test_what_was_not_run_is_told_by_another_check(tied, relog, claim):
    about = {"it": claim(contrast={"factor": "ratio", "from": 0, "to": 7})}
    assert set(flags(relog(tied), about)) & {"confounded", "level-not-run"} == {"level-not-run"}
