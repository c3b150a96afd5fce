"""How often a true effect is found, by its size and the number of seeds.

In: sizes in units of the spread of a run. Promised: the claims are judged as any are; of a large
family a third have the effect and the others none, as where many things are tried.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from uphold.analysis.model.calibration import Kind
from uphold.calibration import tables
from uphold.calibration.case import Case
from uphold.calibration.rates import Rate
from uphold.calibration.scenario import FAMILY, family, one
from uphold.calibration.tables import NOISE
from uphold.randomness import generator

EFFECTS = (1, 2, 3, 5)
"""In standard deviations of a run."""
SEEDS = (3, 5, 10)
LEAST = 0.5
"""What a family of 30 with 3 seeds should find of effects of 3 standard deviations, at least."""
EFFECT = 3
"""That size of effect."""
EFFECTIVE = FAMILY // 3
"""Claims of a family that have an effect."""


def _alone(effect: int, seeds: int) -> Case:
    """Return a case of one claim."""
    draw = tables.arms(1, seeds, effect=effect * NOISE)
    return one(f"{effect} SD, {seeds} seeds", draw, effect * NOISE)


def _in_family(effect: int, seeds: int, against: str) -> Case:
    effects = np.where(np.arange(FAMILY) < EFFECTIVE, effect * NOISE, 0.0)
    drawn = tables.tasks if against == "task" else tables.variants
    design = f"{effect} SD, {seeds} seeds"
    return family(design, drawn(effects, seeds), effects, against)


KINDS: dict[Kind, Callable[[int, int], Case]] = {
    "alone": _alone,
    "tasks": partial(_in_family, against="task"),
    "control": partial(_in_family, against="control"),
}
"""By what stands together: one claim, many with a task each, many against one control."""


def power(case: Case, draws: range, seed: int, *purpose: str) -> Rate:
    """Return the share of true effects that were found."""
    found = effects = 0
    for number in draws:
        judged = case.judged(generator(seed, *purpose, case.design, number))
        true = [j.verdict == "supported" for name, j in judged.items() if case.effect[name] != 0]
        found, effects = found + sum(true), effects + len(true)
    return Rate(found, effects)
