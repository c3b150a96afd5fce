"""Loops of proposals whose gains are known, judged by the gate after every batch of runs.

In: a kind of loop, a seed and numbers of draws. Out: how often anything was kept that gains
nothing, how often a gain of the margin was kept, and what it cost in runs; beside it the rule
"keep what scores better", with one run each. Promised: the gate is asked as a person asks it, by
`uphold.gate.decision.decide` after the runs that it asked for, in one loop after another.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from uphold.calibration.parts import Tally
from uphold.calibration.rates import Rate
from uphold.error_rates import ALPHA, POWER
from uphold.gate.decision import decide
from uphold.gate.replay import Loop, LoopRun
from uphold.pipeline.code_digest import of_code
from uphold.pipeline.code_modules import Node
from uphold.randomness import generator
from uphold.statistics.power import t_power

PROPOSALS = 100
EVERY = 10
"""Among proposals of which some gain, every such one does."""
SEEDS = 10
"""Where seeds are shared, every arm goes through so many, again and again."""
MOST = 400
"""Runs of one candidate, after which a loop gives it up."""
Noise = Callable[[np.random.Generator], float]


def _normal(rng: np.random.Generator) -> float:
    return float(rng.standard_normal())


def _heavy(rng: np.random.Generator) -> float:
    return float(rng.standard_t(4) / np.sqrt(2))


@dataclass(frozen=True)
class LoopCase:
    """A kind of loop.

    Attributes
    ----------
    title : str
    margin : float
        In SD of a run of the baseline.
    gains : bool
        Whether every tenth proposal gains the margin, or none does.
    noise : callable
        Draws noise of SD 1.
    spread : float
        The SD of candidates' runs.
    seeds : float
        The SD of what a seed does in every arm, 0 where no seeds are shared.
    """

    title: str
    margin: float
    gains: bool = False
    noise: Noise = _normal
    spread: float = 1.0
    seeds: float = 0.0


CASES = {
    **{
        f"{kind}-{name}": LoopCase(f"{says}, margin of {margin:g} SD", margin, kind == "mixed")
        for kind, says in (("idle", "no proposal gains"), ("mixed", "every tenth gains the margin"))
        for name, margin in (("half", 0.5), ("one", 1.0), ("two", 2.0))
    },
    "idle-heavy": LoopCase("no proposal gains, heavy tails (t, 4 df)", 1.0, noise=_heavy),
    "idle-wide": LoopCase("no proposal gains, candidates spread twice as far", 1.0, spread=2.0),
    "idle-seeds": LoopCase("no proposal gains, seeds are shared and matter", 1.0, seeds=1.0),
    "mixed-seeds": LoopCase("every tenth gains, seeds are shared and matter", 1.0, True, seeds=1.0),
}


def tally(key: str, seed: int, draws: range) -> Tally:
    """Count some loops of a kind.

    Returns
    -------
    Tally
        ``any`` loops in which something was kept that gains nothing, ``false`` keeps of all keeps,
        ``found`` of the proposals that gain, ``runs`` a proposal; and ``naive any``, ``naive
        false`` (a loop's keeps that gain nothing, of all proposals that do not) by the rule.
    """
    case = CASES[key]
    found = Counter[str]()
    for number in draws:
        found.update(_loop(case, generator(seed, "loop", key, number)))
    real = found["real"]
    return {
        "any": Rate(found["any"], len(draws)),
        "false": Rate(found["false"], found["false"] + found["found"]),
        "runs": Rate(found["runs"], len(draws) * PROPOSALS),
        "naive any": Rate(found["naive any"], len(draws)),
        "naive false": Rate(found["naive false"], len(draws) * PROPOSALS - real),
        **({"found": Rate(found["found"], real)} if real else {}),
    }


def code() -> str:
    """Return a digest of the code that decides; see `uphold.pipeline.code_digest`."""
    decides = Node("uphold.gate.decision", "decide"), Node("uphold.gate.replay", "Loop")
    return of_code(decides)[:16]


def fixed(margin: float) -> int:
    """Return the runs a proposal takes, in both arms, by a design that is fixed beforehand.

    Each proposal has an equal share of the error, and runs enough to find the margin as often as
    plans ask for.
    """
    runs = 2
    while t_power(margin, np.sqrt(2 / runs), 2 * runs - 2, ALPHA / PROPOSALS, 1) < POWER:
        runs += 1
    return 2 * runs


def _loop(case: LoopCase, rng: np.random.Generator) -> Counter[str]:
    """Go through one loop."""
    real = [case.gains and t % EVERY == EVERY // 2 for t in range(PROPOSALS)]
    gains = [case.margin if one else 0.0 for one in real]
    means, used = {"start": 0.0}, Counter[str]()
    effects = [case.seeds * case.noise(rng) for _ in range(SEEDS)] if case.seeds else []
    names = [str(i) for i in range(len(effects))]
    loop = Loop(case.margin, names)

    def run(arm: str) -> None:
        spread = 1.0 if arm == "start" else case.spread
        at = used[arm] % max(len(effects), 1)
        shift = effects[at] if effects else 0.0
        score = means[arm] + shift + spread * case.noise(rng)
        loop.add(LoopRun(arm, score, names[at] if names else ""))
        used[arm] += 1

    run("start")
    baseline, found = "start", Counter[str]()
    for number, gain in enumerate(gains):
        arm = f"proposal {number}"
        means[arm] = means[baseline] + gain
        while True:
            stands = loop.standing(arm, baseline)
            answer = decide(stands, case.margin, MOST)
            if answer.decision != "run":
                break
            for _ in range(answer.runs):
                run(baseline if answer.of == "baseline" else arm)
        found["real"] += gain > 0
        if answer.decision == "keep":
            found["found" if gain else "false"] += 1
            baseline = arm
    found["any"] = int(found["false"] > 0)
    found["runs"] = used.total()
    best, best_mean = case.noise(rng), 0.0
    for gain in gains:
        score = best_mean + gain + case.spread * case.noise(rng)
        if score > best:
            best, best_mean = score, best_mean + gain
            found["naive false"] += gain == 0
    found["naive any"] = int(found["naive false"] > 0)
    return found
