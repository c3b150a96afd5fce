"""All scenarios, drawn, judged and counted → what the page of calibration shows.

In: how many logs to draw, a seed and a number of processes. Out: a `Calibration`. Promised: the
figures depend on the numbers and the seed, not on the processes or on which of them drew what.
"""

import platform
import re
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from importlib.metadata import version
from itertools import product
from multiprocessing import get_context
from typing import Any, NamedTuple

from uphold.analysis.model import calibration as model
from uphold.calibration import looks, power
from uphold.calibration.case import Case
from uphold.calibration.rates import Counted, Rate, count
from uphold.calibration.scenarios import (
    COVERAGE,
    FAMILY,
    LEAST_COVERAGE,
    LIMIT,
    SCENARIOS,
    Scenario,
)
from uphold.pipeline.code_digest import of_code
from uphold.pipeline.code_modules import Node
from uphold.randomness import generator

PACKAGES = ("numpy", "scipy", "pandas")
JUDGES = (
    Node("uphold.runlog.make_log", "make_log"),
    Node("uphold.claims.judge", "judge"),
    # A claim's test is called by what every form has: nothing else leads to the forms' own.
    Node("uphold.claims.forms", "FORMS"),
)


class Draws(NamedTuple):
    """How many logs are drawn.

    Attributes
    ----------
    logs : int
        Of each scenario and kind of claim, divided among its designs. A third as many are looked
        at again and again, each by ten looks.
    families : int
        Of each design with a large family.
    power : int
        Large families for each size of effect and number of seeds; single claims as often as
        all of its effects.
    """

    logs: int
    families: int
    power: int


def calibrate(draws: Draws, scale: str, seed: int, processes: int) -> model.Calibration:
    """Draw, judge and count.

    Parameters
    ----------
    draws : Draws
    scale : str
        What the numbers of draws are called.
    seed : int
    processes : int
    """
    jobs = list(_jobs(draws, seed))
    # A process that was forked may hold locks of threads that it does not have.
    context = get_context("forkserver")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        # The long ones first, so that no process waits long for the last.
        order = sorted(range(len(jobs)), key=lambda i: -jobs[i].work)
        waiting = {i: pool.submit(jobs[i].run) for i in order}
        found = {jobs[i].place: waiting[i].result() for i in range(len(jobs))}
    return model.Calibration(
        made=model.Made(scale=scale, seed=seed, code=code(), versions=_versions()),
        limits=model.Limits(
            wrong=LIMIT,
            coverage_low=COVERAGE[0],
            coverage_high=COVERAGE[1],
            coverage_least=LEAST_COVERAGE,
            power=power.LEAST,
            power_effect=power.EFFECT,
            power_seeds=power.SEEDS[0],
        ),
        family=FAMILY,
        effective=power.EFFECTIVE,
        scenarios={_key(s): _scenario(s, found) for s in SCENARIOS},
        looks_at=", ".join(map(str, looks.LOOKS)),
        looks={verdict: _looked(found["looks", verdict]) for verdict in looks.CASES},
        power={
            kind: {
                str(effect): {
                    str(seeds): shown(found["power", kind, effect, seeds]) for seeds in power.SEEDS
                }
                for effect in power.EFFECTS
            }
            for kind in power.KINDS
        },
    )


def code() -> str:
    """Return a digest of the code that judges; see `uphold.pipeline.code_digest`."""
    return of_code(JUDGES)[:16]


def shown(rate: Rate) -> model.Rate:
    """Return a rate as a page shows it."""
    value, low, high = (round(share, 4) for share in (rate.value, *rate.interval))
    return model.Rate(value=value, low=low, high=high, hits=rate.hits, draws=rate.draws)


class _Job(NamedTuple):
    place: tuple[Any, ...]
    work: float
    run: Callable[[], Any]


def _jobs(draws: Draws, seed: int) -> Iterator[_Job]:
    """Yield what is to be drawn; `work` is in logs with one claim."""
    for i, scenario in enumerate(SCENARIOS):
        for k, case in enumerate(scenario.cases):
            claims = len(case.effect)
            alike = sum(claimed_in(other) == claimed_in(case) for other in scenario.cases)
            logs = -(-draws.logs // alike) if claims == 1 else draws.families
            counted = partial(_count, i, k, range(logs), seed)
            yield _Job((_key(scenario), k), logs * claims, counted)
    for verdict in looks.CASES:
        logs = -(-draws.logs // 3)
        look = partial(_look, verdict, logs, seed)
        yield _Job(("looks", verdict), 2 * logs * len(looks.LOOKS), look)
    for kind, effect, seeds in product(power.KINDS, power.EFFECTS, power.SEEDS):
        # As many effects of either kind.
        logs = draws.power * (power.EFFECTIVE if kind == "alone" else 1)
        find = partial(_find, kind, effect, seeds, logs, seed)
        work = logs * (1 if kind == "alone" else FAMILY)
        yield _Job(("power", kind, effect, seeds), work, find)


def claimed_in(case: Case) -> str:
    """Return what is claimed in a case: of effects what is expected of them, else the form too."""
    claim = next(iter(case.spec.claims.values()))
    return f"{claim.form} {claim.expectation}" if claim.form == "stability" else claim.expectation


def _count(scenario: int, case: int, draws: Iterable[int], seed: int) -> Counted:
    chosen = SCENARIOS[scenario]
    return count(chosen.cases[case], draws, seed, chosen.title)


def _look(verdict: model.Verdict, draws: int, seed: int) -> tuple[Rate, Rate]:
    both = [
        looks.given_at_any_look(
            looks.CASES[verdict], verdict, generator(seed, "looks", verdict, number)
        )
        for number in range(draws)
    ]
    return Rate(sum(n for n, _ in both), draws), Rate(sum(d for _, d in both), draws)


def _find(kind: model.Kind, effect: int, seeds: int, draws: int, seed: int) -> Rate:
    return power.power(power.KINDS[kind](effect, seeds), range(draws), seed, "power", kind)


def _key(scenario: Scenario) -> str:
    return re.sub(r"[^a-z0-9]+", "-", scenario.title.lower()).strip("-")


def _scenario(scenario: Scenario, found: dict[tuple[Any, ...], Any]) -> model.Scenario:
    by_claim: dict[str, dict[str, Counted]] = {}
    for k, case in enumerate(scenario.cases):
        by_claim.setdefault(claimed_in(case), {})[case.design] = found[_key(scenario), k]
    return model.Scenario(
        title=scenario.title,
        balanced=scenario.balanced,
        claims={claim: _claimed(designs) for claim, designs in by_claim.items()},
    )


def _claimed(designs: dict[str, Counted]) -> model.Claimed:
    total = Counted.together(designs.values())
    return model.Claimed(
        **_design(total), designs={name: model.Design(**_design(c)) for name, c in designs.items()}
    )


def _design(counted: Counted) -> dict[str, Any]:
    covered = shown(counted.covered) if counted.covered.draws else None
    return {"wrong": {v: shown(r) for v, r in counted.wrong.items()}, "covered": covered}


def _looked(both: tuple[Rate, Rate]) -> model.Looked:
    naive, declared = map(shown, both)
    return model.Looked(naive=naive, declared=declared)


def _versions() -> dict[str, str]:
    own = {"python": platform.python_version()}
    return own | {name: version(name) for name in PACKAGES}
