"""How often families of claims err that hold effects of 0, at the margin and about it.

A claim has two nulls, "the effect is 0" (two-sided t) and "the effect is as large as the margin"
(TOST), and one estimate. Prints, for `step_down`, the share of families with a true null rejected
(family-wise error) and, for `step_up`, the mean share of true nulls among the rejected ones (false
discovery rate), at α = .05. Beside them the shorter ways, which are not valid:

first
    every claim leaves the family after its first rejection;
exclusive
    only a claim leaves so that cannot have both rejected, margin/se < t(.975) + t(.95);
nulls
    Benjamini-Hochberg by ranks among the nulls instead of the claims.

The worst of many rates is too high by chance, so the three worst settings are measured again with
fresh draws. Run it with ``python bench/families.py``; it takes about a minute.
"""

from collections.abc import Callable

import numpy as np
from scipy.special import stdtr, stdtrit

from uphold.error_rates import ALPHA
from uphold.randomness import generator
from uphold.statistics.families import step_down, step_up

FAMILIES, WORST, AGAIN = 300, 3, 10_000
SIZES = (1, 3, 10, 30)
MARGINS = (1.0, 2.0, 3.5, 4.0, 8.0, 20.0)
"""In standard errors."""
DF = (9.0, np.inf)
EFFECTS = {
    "none": (0.0,),
    "at the margin": (1.0,),
    "just inside": (0.99,),
    "just outside": (1.01,),
    "none, at the margin": (0.0, 1.0),
    "none, at the margin, inside, far": (0.0, 1.0, 0.99, 3.0),
}
"""In margins; the claims of a family take turns."""

Decide = Callable[[np.ndarray, np.ndarray], np.ndarray]


def main() -> None:
    """Print the worst rate of each way, and the power of the step-down."""
    ways: dict[str, tuple[Decide, bool]] = {
        "step_down": (_step_down, True),
        "  first": (_first, True),
        "  exclusive": (_exclusive, True),
        "step_up": (_step_up, False),
        "  nulls": (_nulls, False),
    }
    print("error rate, worst setting, measured again there (± its standard error)")
    for name, (decide, family_wise) in ways.items():
        # Claims that share a control, or seeds, are correlated.
        for shared in (0.0, 0.5) if name.startswith("step") else (0.0,):
            _worst(name, decide, family_wise, shared)
    print("\nshare of effects of 4 standard errors found, 10 claims, margin of 1 / 2 / 4 / 8")
    for name, decide in {"step_down": _step_down, "  Bonferroni": _bonferroni}.items():
        found = []
        for margin in (1.0, 2.0, 4.0, 8.0):
            p, ratio, _ = _draw(10, margin, np.inf, (4.0 / margin,), 0.0, 2_000, "power")
            families = zip(p, ratio, strict=True)
            found.append(np.mean([decide(a, b)[:, 0].mean() for a, b in families]))
        print(f"{name:14}", " ".join(f"{x:.2f}" for x in found))


def _worst(name: str, decide: Decide, family_wise: bool, shared: float) -> None:
    """Print the highest error rate over all settings, from fresh draws."""
    settings = [
        (m, margin, df, effects)
        for m in SIZES
        for margin in MARGINS
        for df in DF
        for effects in EFFECTS
    ]

    def rate(setting: tuple[int, float, float, str], families: int, purpose: str) -> float:
        m, margin, df, effects = setting
        p, ratio, true = _draw(m, margin, df, EFFECTS[effects], shared, families, purpose)
        errors = []
        for a, b in zip(p, ratio, strict=True):
            rejected = decide(a, b)
            wrong = (rejected & true).sum()
            errors.append(float(wrong > 0) if family_wise else wrong / max(rejected.sum(), 1))
        return float(np.mean(errors))

    searched = [rate(setting, FAMILIES, "search") for setting in settings]
    worst = [settings[i] for i in np.argsort(searched)[-WORST:]]
    again, (m, margin, df, effects) = max((rate(s, AGAIN, "again"), s) for s in worst)
    error = np.sqrt(again * (1 - again) / AGAIN)
    print(
        f"{name:12} correlation {shared:.1f}: {again:.4f} ± {error:.4f}   "
        f"({m} claims, margin/se {margin:g}, df {df:g}, effects {effects})"
    )


def _draw(
    m: int,
    margin: float,
    df: float,
    effects: tuple[float, ...],
    shared: float,
    families: int,
    purpose: str,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return p (families, m, 2), whether both nulls exclude each other (families, m), the truth."""
    rng = generator(m, purpose, f"{margin} {df} {effects} {shared}")
    effect = np.resize(effects, m) * margin
    noise = rng.standard_normal((families, m)) * np.sqrt(1 - shared)
    x = effect + noise + np.sqrt(shared) * rng.standard_normal((families, 1))
    se = np.ones_like(x) if np.isinf(df) else np.sqrt(rng.chisquare(df, x.shape) / df)
    p = np.stack([2 * stdtr(df, -np.abs(x) / se), stdtr(df, (np.abs(x) - margin) / se)], axis=-1)
    exclusive = margin / se < stdtrit(df, 1 - ALPHA / 2) + stdtrit(df, 1 - ALPHA)
    return p, exclusive, np.stack([effect == 0, effect >= margin], axis=-1)


def _step_down(p: np.ndarray, exclusive: np.ndarray) -> np.ndarray:
    return np.array(step_down(p)) < ALPHA


def _step_up(p: np.ndarray, exclusive: np.ndarray) -> np.ndarray:
    return np.array(step_up(p)) < ALPHA


def _bonferroni(p: np.ndarray, exclusive: np.ndarray) -> np.ndarray:
    return p * len(p) < ALPHA


def _first(p: np.ndarray, exclusive: np.ndarray) -> np.ndarray:
    return _leaving(p, np.ones(len(p), dtype=int))


def _exclusive(p: np.ndarray, exclusive: np.ndarray) -> np.ndarray:
    return _leaving(p, np.where(exclusive, 1, 2))


def _leaving(p: np.ndarray, needed: np.ndarray) -> np.ndarray:
    """Step down; a claim leaves when it has the rejections needed."""
    rejected = np.zeros(p.shape, dtype=bool)
    left = len(p)
    for null in np.argsort(p, axis=None):
        claim = null // 2
        if p.flat[null] * max(left, 1) >= ALPHA:
            break
        if rejected[claim].sum() < needed[claim]:
            rejected.flat[null] = True
            left -= rejected[claim].sum() == needed[claim]
    return rejected


def _nulls(p: np.ndarray, exclusive: np.ndarray) -> np.ndarray:
    ordered = np.sort(p, axis=None)
    passed = np.flatnonzero(ordered < ALPHA * np.arange(1, p.size + 1) / len(p))
    return p < ALPHA * (passed.max(initial=-1) + 1) / len(p)


if __name__ == "__main__":
    main()
