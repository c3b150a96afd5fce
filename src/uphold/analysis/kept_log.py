"""A small log that is kept beside documents → all that a page shows of it.

In: a table with a row a run, and a spec. Out: a `Report` of its claims, judged as those of any log.
It is read by its columns alone: what logs of users may be, `uphold.runlog` knows.
"""

from pathlib import Path

import pandas as pd

from uphold.analysis.analyze import RUNS
from uphold.analysis.findings import claim_of, metrics_of
from uphold.analysis.judged import judged
from uphold.analysis.model.report import Report
from uphold.claims.log import Log
from uphold.claims.spec import read_spec
from uphold.statistics.scores import Scores
from uphold.validation import yaml_text


def report_of(runs: Path, spec: Path) -> Report:
    """Return what a page shows of a kept log.

    Raises
    ------
    InputError
        The spec cannot be used, or does not fit the table.
    """
    described = read_spec(yaml_text(spec), str(spec))
    unit, *within = described.replicate
    scores = Scores(pd.read_csv(runs), tuple(described.factors), unit, within=tuple(within))
    log = Log(scores, described.metrics)
    found = judged(log, described.claims, described.primary, f"{spec}: claims")
    return Report(
        title=described.title,
        replicate=unit,
        primary=described.primary,
        metrics=metrics_of(log),
        sweeps={RUNS: found.found},
        claims={name: claim_of(j, log) for name, j in found.claims.items()},
        audit={},
        published=(),
        compared={},
        next=(),
        made=(),
        log_file=runs.name,
        read_as="",
        spec_file=spec.name,
    )
