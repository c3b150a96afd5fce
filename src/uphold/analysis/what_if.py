"""What verdicts would be with other margins, or without one seed.

In: logs, claims and their judgements. Out: the verdict of each claim for each of some multiples of
every margin, with all units and, of a log of few, without each. Promised: they are judged by the
very rules that judged the page, all claims together; nothing else on a page rests on them. The
limits that gains and bounds name stay what they are: they are what is claimed.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

from uphold.analysis.model.what_if import Units, WhatIf
from uphold.claims.claim import Claim
from uphold.claims.fragility import units_left_out
from uphold.claims.judge import judge
from uphold.claims.judgement import Judgement
from uphold.claims.log import Log
from uphold.claims.moderation import Effect
from uphold.error_rates import FEWEST_UNITS

TIMES = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
MOST_RUNS = 20_000
"""Of logs together: judging larger ones six times takes longer than what is asked is worth."""
MOST_UNITS = 60
"""Of one log: no reader picks one of more from a list, and where each run is a unit of its own,
leaving out each at every margin takes as long as the rest of a report together.
"""
NOT_TRIED = "?"


def what_if(
    logs: Mapping[str, Log],
    claims: Mapping[str, Claim],
    source: str,
    beside: Sequence[tuple[Hashable, Effect]],
    judged: Mapping[str, Judgement],
) -> WhatIf | None:
    """Return the verdicts under other margins and without single units.

    Parameters
    ----------
    logs, claims, source, beside
        As `judge` takes them.
    judged : mapping of str to Judgement
        What it returned, each verdict tried without each unit.

    Returns
    -------
    WhatIf or None
        None where nothing is claimed, or the logs are too large. Units are left out of the logs
        that have few enough of them to be picked from.
    """
    if not judged or sum(len(log.scores.table) for log in logs.values()) > MOST_RUNS:
        return None
    left_out = _left_out(logs, judged)
    verdicts: dict[str, list[str]] = {name: [] for name in judged}
    for times in TIMES:
        again = (
            judged
            if times == 1
            else _judged_again(times, logs, claims, source, beside, fragility=bool(left_out))
        )
        for name, texts in verdicts.items():
            texts.append(_letters(again[name], logs, left_out))
    found = {name: tuple(texts) for name, texts in verdicts.items()}
    return WhatIf(times=TIMES, left_out=left_out, verdicts=found)


def _left_out(logs: Mapping[str, Log], judged: Mapping[str, Judgement]) -> tuple[Units, ...]:
    every = [j.alone for j in judged.values()]
    found = []
    for name, log in logs.items():
        here = [j.alone for j in judged.values() if j.log == name]
        if 0 < len(units := units_left_out(log, here, every)) <= MOST_UNITS:
            found.append(Units(sweep=name, units=units))
    return tuple(found)


def _judged_again(
    times: float,
    logs: Mapping[str, Log],
    claims: Mapping[str, Claim],
    source: str,
    beside: Sequence[tuple[Hashable, Effect]],
    fragility: bool,
) -> dict[str, Judgement]:
    """Judge all claims with every margin so many times as large."""
    scaled = {
        name: replace(
            log,
            metrics={
                key: metric.model_copy(update={"margin": metric.margin * times})
                for key, metric in log.metrics.items()
            },
        )
        for name, log in logs.items()
    }
    other = {name: claim.with_margin(times) for name, claim in claims.items()}
    return judge(scaled, other, source, beside, fragility=fragility, single_runs=False)


def _letters(j: Judgement, logs: Mapping[str, Log], left_out: Sequence[Units]) -> str:
    """Return a verdict and those without each unit, a letter each."""
    tried = j.alone.seeds >= FEWEST_UNITS
    units = [one for one in j.depends_on if one.kind == logs[one.log].scores.replicate]
    changed = {(one.log, one.label): one.verdict for one in units}
    others = [
        changed.get((part.sweep, unit), j.verdict)[0] if tried else NOT_TRIED
        for part in left_out
        for unit in part.units
    ]
    return "".join([j.verdict[0], *others])
