"""What a proposal makes of the settings that a search drew."""

import numpy as np
import pandas as pd
import pytest

from uphold.runlog.naming import read_name
from uphold.runlog.proposed_numeric import MOST_PRIMARY, scale_of, slopes, step_of

EVEN = pd.Series(np.linspace(1, 200, 40))
LOG = pd.Series(np.geomspace(1, 200, 40))


@pytest.mark.parametrize(
    ("values", "name", "scale"),
    [
        (LOG, "width", "log"),
        (EVEN, "width", "linear"),
        (LOG / 20, "width", "log"),
        (LOG[LOG < 15], "width", "linear"),  # less than a factor of 20
        (LOG - 1, "width", "linear"),  # 0 has no logarithm
        (EVEN, "params_lr", "log"),  # gathered by a search that learns
        (LOG / 400, "dropout", "linear"),
        (LOG, "config.weight_decay", "log"),
    ],
)
def test_the_scale_is_by_name_and_values(values, name, scale):
    assert scale_of(values, name) == scale


@pytest.mark.parametrize(
    ("low", "high", "scale", "step"),
    [
        (1e-5, 1e-1, "log", 10),
        (16, 512, "log", 2),
        (0.003, 0.497, "linear", 0.4),
        (0.0, 1.0, "linear", 1),
        (16, 512, "linear", 400),
        (0.9, 0.93, "linear", 0.03),
    ],
)
def test_the_step_is_round(low, high, scale, step):
    assert step_of(pd.Series([low, high]), scale) == step


def test_there_is_a_claim_on_each_and_the_first_are_primary():
    table = pd.DataFrame({f"config.x{i}": EVEN for i in range(8)})
    claims = slopes(table, dict.fromkeys(table, "linear"), read_name("accuracy"))
    assert list(claims) == [f"x{i}" for i in range(8)]
    assert claims["x0"] == {
        "says": "x0 changes accuracy.",
        "metric": "accuracy",
        "slope": {"of": "config.x0", "per": 100},
        "expect": "difference",
    }
    assert [c.get("role") for c in claims.values()] == [None] * MOST_PRIMARY + ["secondary"] * 2


def test_settings_of_one_name_have_a_claim_each():
    table = pd.DataFrame({"config.lr": LOG, "params.lr": LOG})
    claims = slopes(table, {"config.lr": "log", "params.lr": "log"}, read_name("loss"))
    assert [c["slope"]["of"] for c in claims.values()] == ["config.lr", "params.lr"]
