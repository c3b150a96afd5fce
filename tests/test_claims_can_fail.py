"""Every claim of every write-up can fail: other scores of the same runs give other verdicts.

No run is trained. Each sweep's runs are laid out from the params, written and read as the
pipeline does, and their scores are made up: the effect that a claim is about strong, strong the
other way, or absent, amid little and much noise.
"""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pandas as pd
import pytest

from uphold.claims.log import Log
from uphold.pipeline import sweeps
from uphold.pipeline.design import SIZES, shown
from uphold.pipeline.judged import judged, metrics
from uphold.pipeline.params import load
from uphold.pipeline.stages.ensembles import ensembles
from uphold.pipeline.stages.files import csv_bytes, read_csv
from uphold.randomness import generator
from uphold.statistics.scores import Scores
from uphold.testing.mutation import reachable

PARAMS = load(Path(__file__).parents[1])
CLAIMS = {
    (writeup, name): claim
    for writeup in PARAMS.names.writeups
    for name, claim in judged(PARAMS, writeup).claims.items()
}


@pytest.fixture(scope="session")
def log_of(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scores")

    @cache
    def make(sweep: str) -> Log:
        design = sweeps.sweep(PARAMS, sweep).design
        measured = metrics(PARAMS, PARAMS.sweep(sweep).study)
        factors = tuple(design.names)
        runs = sweeps.runs(PARAMS, sweep, promoted={})
        table = pd.DataFrame(
            {
                "run": run.name,
                "configuration": run.configuration,
                **{factor: cell(run.levels.get(factor)) for factor in factors},
                "seed": run.seed,
                "status": "ok",
            }
            for run in runs
        )
        if design.kind == "autotune":  # a search finds its arms, and none was run
            table = pd.concat(
                table.assign(arm=arm, configuration=f"arm={arm}", run=f"{arm}, " + table["run"])
                for arm in design.levels["arm"]
            )
        together = ensembles(table.assign(**{SIZES: shown(design.members)}))
        table = pd.concat([table, pd.DataFrame(one.row for one in together)], ignore_index=True)
        drawn = generator(0, "plausible scores", sweep)
        for metric in measured:
            table[metric] = drawn.normal(0.7, 0.03, len(table))
        path = folder / f"{sweep}.csv"
        path.write_bytes(csv_bytes(table))
        return Log(Scores(read_csv(path), factors, "seed", run="run"), measured)

    return make


def cell(level: object) -> object:
    return "+".join(level) if isinstance(level, list | tuple) else level


def of_more_seeds(log: Log) -> Log:
    """Return the same design with twice as many seeds."""
    table = log.scores.table
    again = table.assign(seed=table["seed"] + table["seed"].max(), run=table["run"] + " again")
    scores = replace(log.scores, table=pd.concat([table, again], ignore_index=True))
    return replace(log, scores=scores)


@pytest.mark.parametrize(("writeup", "claim"), CLAIMS)
def test_a_claim_holds_under_some_scores_and_not_under_others(log_of, writeup, claim):
    found = CLAIMS[writeup, claim]
    sweep = found.sweep or next(iter(PARAMS.sweeps_of(writeup)))
    log = log_of(sweep)
    if found.form == "stability":
        # A page says of fewer seeds that they are too few, and how many would do.
        log = of_more_seeds(log)
    verdicts = reachable({sweep: log}, {claim: found})[claim]
    assert "supported" in verdicts
    assert verdicts - {"supported"}, "no scores of these runs make this claim fail"


def test_a_claim_that_its_sweep_cannot_decide_is_told(log_of):
    """A contrast with one matched pair decides nothing: the test above would fail for it."""
    sweep, claim = next(
        (claim.sweep or next(iter(PARAMS.sweeps_of(writeup))), claim)
        for (writeup, _), claim in CLAIMS.items()
        if claim.form == "contrast"
    )
    log = log_of(sweep)
    first = log.scores.table.iloc[0]
    others = [factor for factor in log.scores.factors if factor != claim.contrast.factor]
    pair = log.scores.table["seed"] == first["seed"]
    for factor in others:
        pair &= log.scores.table[factor] == first[factor]
    one = Log(log.scores.only(pair.to_numpy()), log.metrics)
    assert reachable({sweep: one}, {"it": claim}) == {"it": {"inconclusive"}}
