from collections.abc import Callable

import pandas as pd
import pytest

from studies.claims.log import Log, make_log
from studies.claims.spec import Spec


@pytest.fixture
def make() -> Callable[..., Log]:
    """Make a log of a table with the metric ``f1``."""

    def log(table: pd.DataFrame, factors: list[str], better: str = "higher", **keys) -> Log:
        metrics = {"f1": {"label": "F1", "better": better, "margin": 0.02}}
        values = {"replicate": "seed", "factors": factors, "metrics": metrics, "primary": "f1"}
        return make_log(table, Spec.model_validate(values | keys), "runs.csv")

    return log
