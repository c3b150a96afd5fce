"""All scenarios, drawn, judged and counted → what the page of calibration shows.

In: how many logs to draw, a seed and a number of processes. Out: a `Calibration`. Promised: the
figures depend on the numbers and the seed, not on the processes or on which of them drew what; a
kind of log whose first rate leaves open on which side of its limit it is, is drawn more often.
"""

import platform
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

from uphold import format
from uphold.analysis.model import calibration as model
from uphold.calibration import looks, power
from uphold.calibration.case import Case
from uphold.calibration.parts import Kept, Part, Tally, counted, parted
from uphold.calibration.rates import Counted, Rate, count
from uphold.calibration.scenario import COVERAGE, FAMILY, LEAST_COVERAGE, LIMIT, Scenario
from uphold.calibration.scenarios import SCENARIOS
from uphold.claims.again import Verdict
from uphold.claims.forms.bound import BoundClaim
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
VERDICTS: tuple[Verdict, ...] = ("supported", "refuted", "equivalent")
COVERED, NAIVE, DECLARED, FOUND = "covered", "naive", "declared", "found"
"""What is counted beside false verdicts."""


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
    closer : int
        So many times as many of those whose interval holds a limit.
    """

    logs: int
    families: int
    power: int
    closer: int = 1


def calibrate(
    draws: Draws,
    scale: str,
    seed: int,
    processes: int,
    keep: Path | None = None,
    say: Callable[[str], None] = lambda text: None,
) -> model.Calibration:
    """Draw, judge and count.

    Parameters
    ----------
    draws : Draws
    scale : str
        What the numbers of draws are called.
    seed : int
    processes : int
    keep : Path, optional
        Where to keep what was counted until all is.
    say : callable
        Is told how far it is.
    """
    versions = _versions()
    drawing = of_code((Node("uphold.calibration.calibrate", "calibrate"), *JUDGES))
    kept = Kept(keep, {"seed": str(seed), "code": drawing, **versions})
    first = [*_cases(draws, seed), *_looks(draws, seed), *_power(draws, seed)]
    found = counted(first, kept, processes, say)
    if draws.closer > 1:
        close = _close(found)
        more = [p for p in _closer(draws, seed) if p.kind in close]
        verb = "is" if len(close) == 1 else "are"
        say(f"  {format.counted(len(close), 'kind')} of logs {verb} close to a limit: drawn again")
        found = counted([*first, *more], kept, processes, say)
    kept.done()
    return model.Calibration(
        made=model.Made(scale=scale, seed=seed, code=code(), versions=versions),
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
        looks={key: _looked(found[f"looks {key}"]) for key in looks.CASES},
        power={
            kind: {
                str(effect): {
                    str(seeds): shown(found[f"power {kind} {effect} {seeds}"][FOUND])
                    for seeds in power.SEEDS
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


def _cases(draws: Draws, seed: int, closer: bool = False) -> Iterator[Part]:
    """Yield the draws of all scenarios, or those that a kind close to its limit gets besides."""
    for i, scenario in enumerate(SCENARIOS):
        for k, case in enumerate(scenario.cases):
            claims = len(case.effect)
            alike = sum(claimed_in(other) == claimed_in(case) for other in scenario.cases)
            logs = -(-draws.logs // alike) if claims == 1 else draws.families
            these = range(logs, logs * draws.closer) if closer else range(logs)
            yield from parted(_kind(scenario, k), these, claims, partial(_count, i, k, seed))


def _looks(draws: Draws, seed: int, closer: bool = False) -> Iterator[Part]:
    for key, (_, case) in looks.CASES.items():
        logs = -(-draws.logs // 3) if len(case.effect) == 1 else draws.families
        these = range(logs, logs * draws.closer) if closer else range(logs)
        each = (1 if closer else 2) * len(looks.LOOKS) * len(case.effect)
        yield from parted(f"looks {key}", these, each, partial(_look, key, seed, not closer))


def _power(draws: Draws, seed: int) -> Iterator[Part]:
    for kind, effect, seeds in product(power.KINDS, power.EFFECTS, power.SEEDS):
        # As many effects of either kind.
        alone = kind == "alone"
        logs = draws.power * (power.EFFECTIVE if alone else 1)
        find = partial(_find, kind, effect, seeds, seed)
        each = 1 if alone else FAMILY
        yield from parted(f"power {kind} {effect} {seeds}", range(logs), each, find)


def _closer(draws: Draws, seed: int) -> Iterator[Part]:
    yield from _cases(draws, seed, closer=True)
    yield from _looks(draws, seed, closer=True)


def _close(found: Mapping[str, Tally]) -> set[str]:
    """Return the kinds whose rates leave open on which side of a limit they are."""
    close = {
        f"looks {key}" for key in looks.CASES if _holds(found[f"looks {key}"][DECLARED], LIMIT)
    }
    for scenario in SCENARIOS:
        least = COVERAGE if scenario.balanced else (LEAST_COVERAGE,)
        for claim in {claimed_in(case) for case in scenario.cases}:
            kinds = [
                _kind(scenario, k) for k, c in enumerate(scenario.cases) if claimed_in(c) == claim
            ]
            both = Counted.together(_read(found[kind]) for kind in kinds)
            if any(_holds(rate, LIMIT) for rate in both.wrong.values()) or any(
                _holds(both.covered, limit) for limit in least
            ):
                close.update(kinds)
    return close


def _holds(rate: Rate, limit: float) -> bool:
    low, high = rate.interval
    return low <= limit <= high


def claimed_in(case: Case) -> str:
    """Return what is claimed in a case: of effects what is expected of them, else the form too."""
    claim = next(iter(case.spec.claims.values()))
    if isinstance(claim, BoundClaim) and claim.bound.upper:
        return "bound from above"
    return f"{claim.form} {claim.expectation}" if claim.form == "stability" else claim.expectation


def _count(scenario: int, case: int, seed: int, draws: range) -> Tally:
    chosen = SCENARIOS[scenario]
    found = count(chosen.cases[case], draws, seed, chosen.title)
    wrong: Tally = {str(verdict): rate for verdict, rate in found.wrong.items()}
    return wrong | {COVERED: found.covered}


def _read(tally: Tally) -> Counted:
    """Return what `_count` told."""
    wrong = {verdict: tally[verdict] for verdict in VERDICTS if verdict in tally}
    return Counted(wrong, tally[COVERED])


def _look(key: model.Looking, seed: int, naively: bool, draws: range) -> Tally:
    verdict, case = looks.CASES[key]
    both = [
        looks.given_at_any_look(case, verdict, generator(seed, "looks", key, number), naively)
        for number in draws
    ]
    found = {DECLARED: Rate(sum(d for _, d in both), len(both))}
    return {**found, NAIVE: Rate(sum(n for n, _ in both), len(both))} if naively else found


def _find(kind: model.Kind, effect: int, seeds: int, seed: int, draws: range) -> Tally:
    return {FOUND: power.power(power.KINDS[kind](effect, seeds), draws, seed, "power", kind)}


def _kind(scenario: Scenario, case: int) -> str:
    return f"{_key(scenario)} {case}"


def _key(scenario: Scenario) -> str:
    return re.sub(r"[^a-z0-9]+", "-", scenario.title.lower()).strip("-")


def _scenario(scenario: Scenario, found: Mapping[str, Tally]) -> model.Scenario:
    by_claim: dict[str, dict[str, Counted]] = {}
    for k, case in enumerate(scenario.cases):
        by_claim.setdefault(claimed_in(case), {})[case.design] = _read(found[_kind(scenario, k)])
    return model.Scenario(
        title=scenario.title,
        balanced=scenario.balanced,
        beyond=scenario.beyond,
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


def _looked(found: Tally) -> model.Looked:
    return model.Looked(naive=shown(found[NAIVE]), declared=shown(found[DECLARED]))


def _versions() -> dict[str, str]:
    own = {"python": platform.python_version()}
    return own | {name: version(name) for name in PACKAGES}
