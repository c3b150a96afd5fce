"""Tables of runs that are made up.

In: a random generator and how runs spread. Out: one row a run, with the columns that a spec names.
Promised: what is drawn has mean 0 but for the effect that was asked for, and a single run has
standard deviation `NOISE` unless it says otherwise.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from uphold.calibration.case import Draw

NOISE = 0.01
"""Standard deviation of a run."""
BASE = 0.7
"""Mean of an arm without effect."""
HIGH = 0.9
"""Mean of an arm whose runs may collapse."""

Noise = Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]
"""Deviations of runs in units of `NOISE`, of any shape."""


def normal(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Return normal deviations."""
    return rng.standard_normal(shape)


def heavy(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Return deviations by t with 3 degrees of freedom, of variance 1."""
    deviations: np.ndarray = rng.standard_t(3, shape) / np.sqrt(3)
    return deviations


def collapsing(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Return normal deviations, but for one run in twenty, which is at chance (a score of .5)."""
    chance = (0.5 - BASE) / NOISE
    fallen: np.ndarray = np.where(rng.random(shape) < 1 / 20, chance, 0.0)
    fallen += rng.standard_normal(shape)
    return fallen


def arms(
    contexts: int,
    seeds: int,
    effect: float = 0.0,
    noise: Noise = normal,
    shift: float = 0.0,
    share: float = 0.0,
    spread: tuple[float, float] = (1.0, 1.0),
    missing: float = 0.0,
) -> Draw:
    """Return how to draw two arms, each with the same seeds in each context.

    Parameters
    ----------
    contexts, seeds : int
    effect : float
        Of arm 1 over arm 0.
    noise : callable
    shift : float
        Standard deviation of what a seed adds to all its runs, in units of `NOISE`.
    share : float
        Of the variance of a run: what a seed adds to all its runs of one arm.
    spread : tuple of float
        By arm, in units of `NOISE`.
    missing : float
        Share of the runs that failed, whose score is missing.
    """

    def draw(rng: np.random.Generator) -> pd.DataFrame:
        shape = (2, contexts, seeds)
        own = np.sqrt(share) * rng.standard_normal((2, 1, seeds))
        rest = np.sqrt(1 - share) * noise(rng, shape)
        y = (own + rest) * np.reshape(spread, (2, 1, 1)) + shift * rng.standard_normal(seeds)
        score = BASE + NOISE * y
        score[1] += effect
        score[rng.random(shape) < missing] = np.nan
        return long(score, ("arm", "context", "seed"))

    return draw


def own_seeds(
    contexts: int,
    seeds: tuple[int, int],
    effect: float = 0.0,
    noise: Noise = normal,
    spread: tuple[float, float] = (1.0, 1.0),
) -> Draw:
    """Return how to draw two arms of which every run has a seed of its own.

    Parameters
    ----------
    contexts : int
    seeds : tuple of int
        Runs of each arm in each context.
    effect, noise, spread : as for `arms`
    """

    def draw(rng: np.random.Generator) -> pd.DataFrame:
        tables = []
        for arm, (count, size) in enumerate(zip(seeds, spread, strict=True)):
            score = BASE + arm * effect + NOISE * size * noise(rng, (1, contexts, count))
            tables.append(long(score, ("arm", "context", "seed")).assign(arm=arm))
        table = pd.concat(tables, ignore_index=True)
        return table.assign(seed=np.arange(len(table)))

    return draw


def data_sets(sets: int, seeds: int, effect: float = 0.0, apart: float = 2.0) -> Draw:
    """Return how to draw two arms on several data sets, on each of which the effect is another.

    Parameters
    ----------
    sets, seeds : int
    effect : float
        Its mean over data sets like these.
    apart : float
        Standard deviation of the effect over data sets, in units of `NOISE`.
    """

    def draw(rng: np.random.Generator) -> pd.DataFrame:
        y = rng.standard_normal((2, sets, seeds)) + 5 * rng.standard_normal((sets, 1))
        y[1] += apart * rng.standard_normal((sets, 1))
        score = BASE + NOISE * y
        score[1] += effect
        return long(score, ("arm", "dataset", "seed"))

    return draw


def proportions(seeds: int, items: int, mean: float, arms: int = 2) -> Draw:
    """Return how to draw arms whose scores are shares of items, all with the same mean."""

    def draw(rng: np.random.Generator) -> pd.DataFrame:
        shares = rng.binomial(items, mean, (arms, 1, seeds)) / items
        return long(shares, ("arm", "context", "seed"))

    return draw


def one_collapses(seeds: int, share: float, drop: float, lift: float = 0.0) -> Draw:
    """Return how to draw two arms of which only arm 1 has runs that collapse.

    Parameters
    ----------
    seeds : int
    share : float
        Of the runs of arm 1, on average.
    drop : float
        What a run loses that collapses, in the score's unit.
    lift : float
        Of all runs of arm 1 over those of arm 0; of ``share * drop``, the means are equal.
    """

    def draw(rng: np.random.Generator) -> pd.DataFrame:
        score = HIGH + NOISE * rng.standard_normal((2, 1, seeds))
        score[1] += lift - drop * (rng.random((1, seeds)) < share)
        return long(score, ("arm", "context", "seed"))

    return draw


def units_of_an_arm(
    contexts: int, units: tuple[int, int], spread: tuple[float, float], missing: float
) -> Draw:
    """Return how to draw two arms, each with units of its own that it has in every context.

    Parameters
    ----------
    contexts : int
    units : tuple of int
        By arm.
    spread : tuple of float
        By arm, of what a unit adds to all its runs, in units of `NOISE`. A run of a unit has half
        of `NOISE` besides.
    missing : float
        Share of the runs that failed, whose score is missing.
    """

    def draw(rng: np.random.Generator) -> pd.DataFrame:
        tables = []
        for arm, (count, size) in enumerate(zip(units, spread, strict=True)):
            y = size * rng.standard_normal(count) + rng.standard_normal((contexts, count)) / 2
            y[rng.random(y.shape) < missing] = np.nan
            table = long(BASE + NOISE * y, ("context", "seed"))
            tables.append(table.assign(arm=arm, seed=table["seed"] + arm * units[0]))
        return pd.concat(tables, ignore_index=True)

    return draw


def levels(count: int, seeds: int, widest: float = 1.0) -> Draw:
    """Return how to draw several levels of one factor, all with one mean.

    The last of them spreads ``widest`` times as far as the others.
    """

    def draw(rng: np.random.Generator) -> pd.DataFrame:
        y = rng.standard_normal((count, seeds))
        y[-1] *= widest
        return long(BASE + NOISE * y, ("arm", "seed"))

    return draw


def configurations(means: np.ndarray, seeds: int) -> Draw:
    """Return how to draw configurations of given means, in units of `NOISE` above `BASE`."""

    def draw(rng: np.random.Generator) -> pd.DataFrame:
        y = means[:, None] + rng.standard_normal((means.size, seeds))
        return long(BASE + NOISE * y, ("arm", "seed"))

    return draw


def apart(effects: np.ndarray, seeds: int) -> Draw:
    """Return how to draw two arms whose effect is another in each context.

    Parameters
    ----------
    effects : ndarray, shape (contexts,)
        In the score's unit.
    seeds : int
    """

    def draw(rng: np.random.Generator) -> pd.DataFrame:
        score = BASE + NOISE * rng.standard_normal((2, effects.size, seeds))
        score[1] += effects[:, None]
        return long(score, ("arm", "context", "seed"))

    return draw


def variants(effects: np.ndarray, seeds: int, unequal: float = 0.0, missing: float = 0.0) -> Draw:
    """Return how to draw variants that stand against one control, which is arm 0.

    Parameters
    ----------
    effects : ndarray, shape (variants,)
        In the score's unit.
    seeds : int
    unequal : float
        Standard deviation of the logarithm of an arm's spread.
    missing : float
        Share of the runs that failed, whose score is missing.
    """

    def draw(rng: np.random.Generator) -> pd.DataFrame:
        shape = (effects.size + 1, seeds)
        spread = np.exp(unequal * rng.standard_normal((shape[0], 1)))
        score = BASE + NOISE * spread * rng.standard_normal(shape)
        score[1:] += effects[:, None]
        score[rng.random(shape) < missing] = np.nan
        return long(score, ("arm", "seed"))

    return draw


def tasks(
    effects: np.ndarray,
    seeds: int,
    unequal: float = 0.0,
    missing: float = 0.0,
    noisiest: float = 1.0,
) -> Draw:
    """Return how to draw two arms on several tasks, each task with an effect of its own.

    Parameters
    ----------
    effects : ndarray, shape (tasks,)
    seeds : int
    unequal : float
        Standard deviation of the logarithm of a task's spread.
    missing : float
        Share of the runs that failed, whose score is missing.
    noisiest : float
        How many times as noisy as others the first task is.
    """

    def draw(rng: np.random.Generator) -> pd.DataFrame:
        shape = (2, effects.size, seeds)
        spread = np.exp(unequal * rng.standard_normal((shape[1], 1)))
        spread[0] *= noisiest
        score = BASE + NOISE * spread * rng.standard_normal(shape)
        score[1] += effects[:, None]
        score[rng.random(shape) < missing] = np.nan
        return long(score, ("arm", "task", "seed"))

    return draw


def long(score: np.ndarray, columns: tuple[str, ...]) -> pd.DataFrame:
    """Return one row for each score, with its place along each axis."""
    places = np.indices(score.shape).reshape(score.ndim, -1)
    return pd.DataFrame(dict(zip(columns, places, strict=True)) | {"score": score.ravel()})
