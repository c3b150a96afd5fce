"""How much of the spread between runs each random thing accounts for: splits, seeds, the rest.

In: runs in which two or more things were drawn and crossed (every split with every seed). Out: a
variance component of each and of what is left, by a mixed model with a fixed mean, crossed random
effects and restricted maximum likelihood (REML):

    score = mean + split + seed + residual

The residual holds everything else, above all what a seed does on one split and not on another.

The total variance of a balanced layout has an interval: it is a sum of mean squares, each with its
degrees of freedom and a positive weight, for which there is a modified large-sample interval.

References: Searle, Casella & McCulloch 1992, "Variance components", chapters 4 and 6; Graybill &
Wang 1980, JASA 75, 869, "Confidence intervals on nonnegative linear combinations of variances".
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import chdtri, ndtri

from uphold.error_rates import LEVEL
from uphold.statistics.scores import Scores, level_text

RESIDUAL = "residual"


@dataclass(frozen=True, kw_only=True)
class Components:
    """What the spread of a set of runs is made of. What could not be computed is NaN.

    Attributes
    ----------
    mean, se : float
        The mean over all that was drawn, and its standard error: how sure the score is for other
        splits and seeds of the same kind.
    total_sd : float
        Of one run, with a new split and a new seed.
    apart : float
        Two such runs lie no further apart than this in 95 % of cases, ``1.96 sqrt(2)`` times the
        total SD if it is normal.
    apart_low, apart_high : float
        The 95 % interval of `apart`, by mean squares; NaN where the layout is not balanced.
    variances : mapping of str to float
        Each random thing's component, and ``residual``.
    sds : mapping of str to float
        Their square roots.
    shares : mapping of str to float
        Each component over their sum.
    levels : mapping of str to int
        How many of each were drawn: few levels tell little of their spread.
    runs : int
    low, high : float
        The least and the greatest score.
    method : str
        ``"REML"``, ``"mean squares"`` (the mixed model did not converge) or ``"none"``.
    note : str
        Why it is not REML, or nothing.
    """

    mean: float
    se: float
    total_sd: float
    apart: float
    apart_low: float
    apart_high: float
    variances: Mapping[str, float]
    sds: Mapping[str, float]
    shares: Mapping[str, float]
    levels: Mapping[str, int]
    runs: int
    low: float
    high: float
    method: str
    note: str = ""


def components(
    scores: Scores, metric: str, random: Sequence[str], *, where: Mapping[str, Any] | None = None
) -> Components:
    """Estimate the variance components of a metric.

    Parameters
    ----------
    scores : Scores
    metric : str
    random : sequence of str
        Columns whose levels were drawn and crossed, such as ``["fold", "seed"]``.
    where : mapping, optional
        Which runs to use.

    Raises
    ------
    InputError
        If a column does not exist.
    """
    chosen = scores.where(where) if where else scores
    columns = {name: chosen.column(name).astype(str).to_numpy() for name in random}
    table = pd.DataFrame(columns | {"score": chosen.values(metric)}).dropna(subset="score")
    levels = {name: int(table[name].nunique()) for name in random}
    if len(table) < 3 or min(levels.values(), default=0) < 2:
        nothing = dict.fromkeys((*random, RESIDUAL), float("nan"))
        return _components(table, nothing, levels, "none", "too few runs or levels")
    fitted, note = _reml(table, random)
    if fitted is not None:
        return _components(table, fitted, levels, "REML", "")
    squares = _mean_squares(table, random)
    if squares is None:
        nothing = dict.fromkeys((*random, RESIDUAL), float("nan"))
        unbalanced = f"{note}, and the layout is not balanced"
        return _components(table, nothing, levels, "none", unbalanced)
    return _components(table, squares, levels, "mean squares", note)


def by_level(
    scores: Scores, metric: str, random: Sequence[str], by: str | None = None
) -> dict[str, Components]:
    """Return the components at each level of a factor, or of all runs under ``"all"``."""
    if by is None:
        return {"all": components(scores, metric, random)}
    levels = scores.column(by).dropna().unique()
    return {
        level_text(level): components(scores, metric, random, where={by: level}) for level in levels
    }


def _reml(table: pd.DataFrame, random: Sequence[str]) -> tuple[dict[str, float] | None, str]:
    """Return the components, or None and why."""
    from statsmodels.regression.mixed_linear_model import MixedLM, VCSpec
    from statsmodels.tools.sm_exceptions import ConvergenceWarning

    if table["score"].min() == table["score"].max():
        return dict.fromkeys((*random, RESIDUAL), 0.0), ""
    indicators = [pd.get_dummies(table[name]).to_numpy(float) for name in random]
    names = [[str(level) for level in sorted(table[name].unique())] for name in random]
    # One group that holds all runs, with a component a random thing, makes effects crossed.
    spec = VCSpec(list(random), [[names_of] for names_of in names], [[m] for m in indicators])
    scale = table["score"].std()
    model = MixedLM(
        (table["score"] / scale).to_numpy(),
        np.ones((len(table), 1)),
        groups=np.zeros(len(table)),
        exog_vc=spec,
    )
    with warnings.catch_warnings():
        # What the optimizer says is read from the result; a component at zero, which it warns of,
        # is an ordinary finding here.
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.simplefilter("ignore", UserWarning)
        try:
            # Without slopes: the optimizers that follow them stop early where a component is small
            # beside another one, and say that they have converged.
            found = model.fit(reml=True, method="powell", ftol=1e-12)
        except (np.linalg.LinAlgError, ValueError) as error:
            return None, f"the mixed model could not be fitted ({error})"
    values = [*found.vcomp, found.scale]
    if not found.converged or not np.isfinite(values).all():
        return None, "the mixed model did not converge"
    variances = np.maximum(values, 0) * scale**2
    return dict(zip((*random, RESIDUAL), map(float, variances), strict=True)), ""


def _mean_squares(table: pd.DataFrame, random: Sequence[str]) -> dict[str, float] | None:
    """Return the components from mean squares, those below zero as zero; None if not balanced.

    In a balanced layout without an interaction a thing's mean square is expected to be the residual
    plus its component times the runs at each of its levels.
    """
    squares = _squares(table, random)
    if squares is None:
        return None
    residual, _ = squares.pop(RESIDUAL)
    found = {
        name: max(0.0, (square - residual) / (len(table) / (freedom + 1)))
        for name, (square, freedom) in squares.items()
    }
    return found | {RESIDUAL: max(0.0, residual)}


def _squares(table: pd.DataFrame, random: Sequence[str]) -> dict[str, tuple[float, int]] | None:
    """Return the mean squares with their degrees of freedom; None if the layout is not balanced."""
    if not len(table):
        return None
    cells = table.groupby(list(random)).size()
    if cells.min() < cells.max() or len(cells) != np.prod([table[n].nunique() for n in random]):
        return None
    score, grand, count = table["score"], table["score"].mean(), len(table)
    squares, freedom = {}, {}
    for name in random:
        means = table.groupby(name)["score"].agg(["mean", "size"])
        squares[name] = float((means["size"] * (means["mean"] - grand) ** 2).sum())
        freedom[name] = len(means) - 1
    squares[RESIDUAL] = float(((score - grand) ** 2).sum()) - sum(squares.values())
    freedom[RESIDUAL] = count - 1 - sum(freedom.values())
    if not min(freedom.values()):
        return None
    return {name: (squares[name] / freedom[name], freedom[name]) for name in squares}


def _range(table: pd.DataFrame, random: Sequence[str]) -> tuple[float, float]:
    """Return the interval of the total variance, after Graybill and Wang; NaN if not balanced."""
    squares = _squares(table, random)
    if squares is None:
        return float("nan"), float("nan")
    # a thing's component is its mean square less the residual's, over the runs at each level
    weights = {name: (squares[name][1] + 1) / len(table) for name in random}
    weights[RESIDUAL] = 1 - sum(weights.values())
    parts = np.array([weights[name] * square for name, (square, _) in squares.items()])
    df = np.array([freedom for _, freedom in squares.values()], float)
    below = 1 - df / chdtri(df, (1 - LEVEL) / 2)
    above = df / chdtri(df, (1 + LEVEL) / 2) - 1
    total = float(parts.sum())
    low = total - float(np.sqrt(((below * parts) ** 2).sum()))
    return low, total + float(np.sqrt(((above * parts) ** 2).sum()))


def _components(
    table: pd.DataFrame,
    variances: Mapping[str, float],
    levels: Mapping[str, int],
    method: str,
    note: str,
) -> Components:
    total = sum(variances.values())
    known = np.isfinite(total)
    low, high = _range(table, list(levels)) if known else (float("nan"), float("nan"))
    score = table["score"].to_numpy()
    return Components(
        mean=float(score.mean()) if len(score) else float("nan"),
        se=_error_of_mean(table, variances),
        total_sd=float(np.sqrt(total)),
        apart=_apart(total),
        apart_low=_apart(low),
        apart_high=_apart(high),
        variances=dict(variances),
        sds={name: float(np.sqrt(v)) for name, v in variances.items()},
        shares={name: v / total if total else float("nan") for name, v in variances.items()},
        levels=dict(levels),
        runs=len(score),
        low=float(score.min()) if len(score) else float("nan"),
        high=float(score.max()) if len(score) else float("nan"),
        method=method,
        note=note,
    )


def _apart(variance: float) -> float:
    """Return how far two normal draws of a variance lie apart at most in 95 % of cases."""
    return float(ndtri((1 + LEVEL) / 2) * np.sqrt(2 * variance))


def _error_of_mean(table: pd.DataFrame, variances: Mapping[str, float]) -> float:
    """Return the standard error of the plain mean: each level counts as often as it was run."""
    runs = len(table)
    if not runs:
        return float("nan")
    parts: list[float] = [variances[RESIDUAL] / runs]
    for name, variance in variances.items():
        if name != RESIDUAL:
            weights: NDArray[np.float64] = table[name].value_counts().to_numpy() / runs
            parts.append(variance * float((weights**2).sum()))
    return float(np.sqrt(reduce(float.__add__, map(float, parts))))
