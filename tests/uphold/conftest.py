import importlib.util
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pydantic import TypeAdapter

from uphold.claims.forms import FORMS, AnyClaim
from uphold.claims.log import Log
from uphold.claims.spec import Claim, Spec
from uphold.runlog.make_log import make_log

FROG = Path(__file__).parents[3] / "shared" / "data" / "birdnet_frog"
"""120 archived runs of a frog-call classifier and their spec, where they lie beside a checkout."""
STEP = {"factor": "mixup", "from": False, "to": True}
RATIO = {"factor": "ratio", "from": 0, "to": 0.5}
_EXAMPLES = {
    "contrast": {"contrast": STEP},
    "interaction": {"interaction": {"of": STEP, "with": RATIO}},
    "anova": {"anova": {"over": ["mixup", "ratio"]}},
    "bound": {"bound": {"at_most": 0.6}},
    "gain": {"gain": {"at_least": 0.01, "over": {"mixup": False}}, "where": {"mixup": True}},
    "stability": {"stability": STEP},
}
NUMERIC = {"slope": {"slope": {"of": "lr", "per": 10}}}
"""Claims about logs with numeric settings, which `table` has not: see ``test_slope``."""
OF_EACH_FORM = {form: _EXAMPLES[form] for form in FORMS if form not in NUMERIC}
"""A claim of each form that there is about `table`; a form without one stops every test here."""
_ANY = TypeAdapter(AnyClaim)


def read_claim(values: dict) -> Claim:
    """Return the claim in a mapping, as specs and params are read."""
    return _ANY.validate_python(values)


@pytest.fixture(scope="session", params=["archived", "made"])
def frog(request, tmp_path_factory) -> Path:
    """A folder with the archived runs and their spec, and one with runs made in their shape."""
    if request.param == "archived":
        if not FROG.is_dir():
            pytest.skip("the archived runs are not here; the made ones stand in")
        return FROG
    found = importlib.util.spec_from_file_location(
        "frog_runs", Path(__file__).with_name("frog_runs.py")
    )
    frog_runs = importlib.util.module_from_spec(found)
    found.loader.exec_module(frog_runs)
    folder = tmp_path_factory.mktemp("made")
    frog_runs.write(folder)
    return folder


@pytest.fixture
def table() -> pd.DataFrame:
    """Two factors of two levels × four seeds: mixup adds .05 at ratio .5 and .03 at ratio 0."""
    rows = [(m, r, s) for m in (False, True) for r in (0, 0.5) for s in (1, 2, 3, 4)]
    found = pd.DataFrame(rows, columns=["mixup", "ratio", "seed"])
    noise = np.array([3, -2, 1, 0, -1, 2, 0, -2, 1, 1, -3, 2, 0, -1, 2, 1]) / 1000
    found["f1"] = 0.6 + noise + found.mixup * (0.03 + 0.04 * found.ratio)
    found["run"] = [f"r{i}" for i in range(len(found))]
    return found


@pytest.fixture
def values() -> dict:
    """A spec for `table`, as it comes from YAML."""
    return {
        "run": "run",
        "replicate": "seed",
        "factors": ["mixup", "ratio"],
        "metrics": {"f1": {"label": "F1", "better": "higher", "margin": 0.02}},
        "primary": "f1",
    }


@pytest.fixture
def log(table, values) -> Log:
    return make_log(table, Spec.model_validate(values), "runs.csv")


@pytest.fixture
def relog(values) -> Callable[..., Log]:
    """Make a log of another table, or with other keys in the spec or in its metric."""

    def make(table: pd.DataFrame, metric: dict | None = None, **keys) -> Log:
        metrics = {"f1": {**values["metrics"]["f1"], **(metric or {})}}
        return make_log(
            table, Spec.model_validate({**values, "metrics": metrics, **keys}), "runs.csv"
        )

    return make


@pytest.fixture
def log_for(table, log, relog) -> Callable[[str], Log]:
    """Return the log in which a form is tried: of four seeds, stability tells nothing."""
    eight = pd.concat([table, table.assign(seed=table.seed + 4)])
    return lambda form: relog(eight) if form == "stability" else log


@pytest.fixture
def claim() -> Callable[..., Claim]:
    def make(**parts) -> Claim:
        return read_claim({"metric": "f1", **parts})

    return make


@pytest.fixture
def make() -> Callable[..., Log]:
    """Make a log of a table with the metric ``f1``."""

    def log(table: pd.DataFrame, factors: list[str], better: str = "higher", **keys) -> Log:
        metrics = {"f1": {"label": "F1", "better": better, "margin": 0.02}}
        values = {"replicate": "seed", "factors": factors, "metrics": metrics, "primary": "f1"}
        return make_log(table, Spec.model_validate(values | keys), "runs.csv")

    return log
