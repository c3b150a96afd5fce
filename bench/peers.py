"""How often other packages find a difference in logs that have none, for the page of calibration.

Out: results/calibration/peers.json.

In an environment of its own, so that the project depends on none of them:

    python -m venv PEERS
    PEERS/bin/pip install autorank rliable pingouin pydantic pyyaml "pandas<3"
    PYTHONPATH=src PEERS/bin/python bench/peers.py [logs]

The logs are those of `uphold.calibration`, drawn with one seed, so that every package sees the same
ones. Each is used as its documentation shows for two algorithms and several runs. A package that
ends with an error on a log refuses it; where it refuses any log of a scenario, it has no rate.
"""

import contextlib
import io
import sys
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from uphold.analysis.model.calibration import Peer, Peers
from uphold.calibration.calibrate import shown
from uphold.calibration.case import Case
from uphold.calibration.rates import Rate
from uphold.calibration.scenarios import SCENARIOS
from uphold.error_rates import ALPHA
from uphold.pipeline.stages.files import json_bytes
from uphold.randomness import generator

OUT = Path(__file__).parents[1] / "results" / "calibration" / "peers.json"
SEED = 2
LOGS = 300
RESAMPLES = 500

# Column of the page's table, title of the scenario, design.
CHOSEN = {
    "nothing": ("no effect", "no effect", "4 contexts, 5 seeds"),
    "seeds": (
        "seeds act differently",
        "seeds that act differently on the arms (30 % of the variance)",
        "16 contexts, 3 seeds",
    ),
    "data": (
        "data sets act differently",
        "data sets that act differently on the arms",
        "3 data sets, 10 seeds each",
    ),
    "missing": ("runs missing", "runs missing", "4 contexts, 5 seeds, 10 % missing"),
    "collapsed": (
        "runs collapsed",
        "collapses alike in both arms, one run in twenty",
        "4 contexts, 5 seeds",
    ),
}


def pairs(table: pd.DataFrame) -> pd.DataFrame:
    """Return one row a context (or data set) and seed, one column an arm."""
    rest = [name for name in ("context", "dataset", "seed") if name in table]
    return table.pivot_table(index=rest, columns="arm", values="score").dropna()


def pooled(table: pd.DataFrame) -> bool:
    both = pairs(table)
    return bool(stats.ttest_rel(both[0], both[1]).pvalue < ALPHA)


def autorank(table: pd.DataFrame) -> bool:
    from autorank import autorank

    both = pairs(table).reset_index(drop=True)
    both.columns = ["control", "treated"]
    with contextlib.redirect_stdout(io.StringIO()):
        return bool(autorank(both, alpha=ALPHA, verbose=False).pvalue < ALPHA)


def rliable(table: pd.DataFrame) -> bool:
    from rliable import library, metrics

    task = "context" if "context" in table else "dataset"
    arms = [
        part.pivot_table(index="seed", columns=task, values="score", dropna=False).to_numpy()
        for _, part in table.groupby("arm")
    ]

    def gain(control: np.ndarray, treated: np.ndarray) -> np.ndarray:
        return np.array([metrics.aggregate_iqm(treated) - metrics.aggregate_iqm(control)])

    random = np.random.RandomState(0)
    with contextlib.redirect_stdout(io.StringIO()):
        _, ends = library.get_interval_estimates(
            {"pair": tuple(arms)}, gain, reps=RESAMPLES, random_state=random
        )
    low, high = ends["pair"].ravel()
    if not np.isfinite([low, high]).all():
        raise ValueError("no interval: a run is missing")
    return not low <= 0 <= high


def pingouin(table: pd.DataFrame) -> bool:
    import pingouin

    unit = "dataset" if "dataset" in table else "seed"
    found = pingouin.pairwise_tests(
        data=table.dropna(), dv="score", within="arm", subject=unit, alpha=ALPHA
    )
    (column,) = [name for name in found if name.lower().replace("-", "_") == "p_unc"]
    return bool(found[column].iloc[0] < ALPHA)


PACKAGES: dict[str, tuple[str, str, Callable[[pd.DataFrame], bool]]] = {
    "pooled": ("scipy's paired t", "every pair of runs counts", pooled),
    "autorank": ("autorank", "every pair of runs is a row", autorank),
    "rliable": ("rliable", f"interval of the gain in IQM, {RESAMPLES} resamples", rliable),
    "pingouin": ("pingouin", "pairwise tests within the seed, or the data set", pingouin),
}
OF = {"pooled": "scipy"}


def case_of(title: str, design: str) -> Case:
    (scenario,) = [s for s in SCENARIOS if s.title == title]
    (case,) = [c for c in scenario.cases if c.design == design]
    return case


def ours(case: Case, table: pd.DataFrame) -> bool:
    from uphold.calibration.case import judged

    return judged(table, case.spec)["claim"].verdict == "supported"


def rate(case: Case, key: str, logs: int, finds: Callable[[pd.DataFrame], bool]) -> Rate | None:
    hits = 0
    for number in range(logs):
        table = case.draw(generator(SEED, "peers", key, number))
        try:
            hits += finds(table)
        except Exception as error:  # whatever a package raises, it refuses
            print(f"  {key}: {type(error).__name__}: {error}")
            return None
    return Rate(hits, logs)


def main() -> None:
    logs = int(sys.argv[1]) if sys.argv[1:] else LOGS
    warnings.simplefilter("ignore")
    cases = {key: case_of(title, design) for key, (_, title, design) in CHOSEN.items()}
    found: dict[str, Peer] = {}

    def add(key: str, package: str, number: str, usage: str, of: dict[str, Rate | None]) -> None:
        rates = {name: None if r is None else shown(r) for name, r in of.items()}
        found[key] = Peer(package=package, version=number, usage=usage, rates=rates)
        print(package, {name: r and round(r.value, 3) for name, r in of.items()}, flush=True)

    mine = {
        key: rate(case, key, logs, lambda table, case=case: ours(case, table))
        for key, case in cases.items()
    }
    add("uphold", "uphold", "", "as on every page", mine)
    for key, (package, usage, finds) in PACKAGES.items():
        of = {name: rate(case, name, logs, finds) for name, case in cases.items()}
        add(key, package, version(OF.get(key, package)), usage, of)
    titles = {key: f"{title} ({design})" for key, (title, _, design) in CHOSEN.items()}
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_bytes(json_bytes(Peers(seed=SEED, scenarios=titles, peers=found).dumped()))


if __name__ == "__main__":
    main()
