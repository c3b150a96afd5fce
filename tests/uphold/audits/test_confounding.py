import itertools

import numpy as np
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


def fraction(arm) -> pd.DataFrame:
    """Return runs with one arm at each combination of three factors, three seeds each."""
    levels = list(itertools.product((0, 1), repeat=3))
    rows = [(arm(*of), *of, seed) for of in levels for seed in (1, 2, 3)]
    table = pd.DataFrame(rows, columns=["arm", "x", "y", "z", "seed"])
    return table.assign(f1=0.5 + 0.01 * np.sin(table.index))


def test_arms_that_go_with_two_factors_together_are_named(make, claim):
    log = make(fraction(lambda x, y, z: x ^ y), ["arm", "x", "y", "z"])
    about = {"it": claim(contrast={"factor": "arm", "from": 0, "to": 1})}
    found = flags(log, about)
    assert found["confounded"].claims == ("it",)
    assert found["confounded"].rows == ("it: also x and y together in every run",)
    assert "partly-matched" not in found


def test_arms_that_are_adjusted_are_a_warning(make, claim):
    log = make(fraction(lambda x, y, z: x ^ y ^ z), ["arm", "x", "y", "z"])
    found = flags(log, {"it": claim(contrast={"factor": "arm", "from": 0, "to": 1})})
    assert "confounded" not in found
    assert found["partly-matched"].rows == (
        "it: no setting was run with every arm, which are adjusted for x, y and z",
    )
