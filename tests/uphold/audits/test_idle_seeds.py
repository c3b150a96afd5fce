"""Seeds that change nothing are an error; what a seed leaves open is told with its size."""

import numpy as np
import pandas as pd
import pytest

from uphold.audits.idle_seeds import idle_seed, seed_leaves_open
from uphold.claims.log import Log
from uphold.claims.metric import Metric
from uphold.statistics.scores import Scores


def log(accuracy, replicate="seed", arms=4, seeds=3):
    rows = [(f"arm {a}", s) for a in range(arms) for s in range(seeds)]
    table = pd.DataFrame(rows, columns=["arm", replicate])
    table["run"] = [f"arm={a}, seed={s}" for a, s in rows]
    table["accuracy"] = accuracy
    metric = Metric(label="accuracy", better="higher", margin=0.02)
    return Log(Scores(table, ("arm",), replicate, "run"), {"accuracy": metric})


COPIES = np.repeat([0.5, 0.6, 0.7, 0.7123], 3)


def test_a_seed_without_effect_is_an_error():
    flag = idle_seed(log(COPIES), {})
    assert flag.severity == "error"
    assert flag.check == "idle-seed"
    assert "each of 4 configurations" in flag.message


def test_where_the_seed_acts_in_some_configurations_the_others_are_a_warning():
    values = np.repeat([0.5123456, 0.6123456, 0.7123456, 0.8], 3)
    values[9:] += [0, 0.01, 0.02]
    flag = idle_seed(log(values), {})
    assert flag.severity == "warning"
    assert "in 3 of 4 configurations" in flag.message
    assert len(flag.rows) == flag.count == 9


def test_coarse_scores_that_agree_in_some_configurations_may_do_so_by_chance():
    values = COPIES.copy()
    values[9:] += [0, 0.01, 0.02]
    assert idle_seed(log(values), {}) is None


def test_seeds_that_act_are_no_flag():
    assert idle_seed(log(np.linspace(0.5, 0.6, 12)), {}) is None


def test_scores_that_are_alike_everywhere_say_nothing_of_the_seed():
    assert idle_seed(log(np.ones(12)), {}) is None


def test_folds_are_no_seeds():
    assert idle_seed(log(COPIES, replicate="fold"), {}) is None


def test_few_repeats_may_be_chance():
    assert idle_seed(log(np.repeat([0.5, 0.6], 2), arms=2, seeds=2), {}) is None


def test_a_failed_run_is_no_repeat():
    values = COPIES.copy()
    values[0] = np.nan
    assert idle_seed(log(values), {}).count == 11


@pytest.mark.parametrize(("size", "severity"), [(0.001, "info"), (0.02, "warning")])
def test_what_a_seed_leaves_open_is_told_by_its_size(size, severity):
    found = seed_leaves_open("arm=arm 1, seed=2", {"accuracy": size}, log(COPIES))
    assert found.severity == severity
    assert "arm arm 1, seed 2 was run twice" in found.message
    assert f"accuracy by {size}" in found.message
