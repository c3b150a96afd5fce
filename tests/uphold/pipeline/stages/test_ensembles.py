"""Ensembles of finished runs."""

import pandas as pd

from uphold.pipeline.stages.ensembles import ensembles


def test_a_configuration_is_named_by_its_levels_whatever_an_arm_is_called():
    arm = "members=1 at a time"
    name = f"arm={arm}, members=1"
    runs = pd.DataFrame(
        {
            "run": [f"{name}, seed={seed}" for seed in (1, 2, 3)],
            "configuration": name,
            "arm": arm,
            "members": 1,
            "seed": [1, 2, 3],
            "status": "ok",
            "failure": None,
            "ensembles": "1+3",
        }
    )
    (found,) = ensembles(runs)
    assert found.row["configuration"] == f"arm={arm}, members=3"
    assert found.row["run"] == f"arm={arm}, members=3, seed=1"
    assert found.members == tuple(runs["run"])


def test_a_factor_without_effect_is_not_in_the_name():
    runs = pd.DataFrame(
        {
            "run": ["ratio=0, members=1, seed=1", "ratio=0, members=1, seed=2"],
            "configuration": "ratio=0, members=1",
            "ratio": 0.0,
            "mode": None,
            "members": 1,
            "seed": [1, 2],
            "status": "ok",
            "failure": None,
            "ensembles": "1+2",
        }
    )
    (found,) = ensembles(runs)
    assert found.row["configuration"] == "ratio=0, members=2"
