"""What moderated variances do to false positives and to power, beside t tests and plain moments.

Every contrast has n paired differences and no effect. "sweep" takes 34 contrasts of one 2^4 design,
with seed x factor on one factor; "shared" takes contrasts of arms with one control. Three tests of
each are compared:

own
    the t test on the contrast's own variance;
moments
    moderated by the moments of Smyth (2004), degrees of freedom capped at their sum, as limma does;
ours
    `uphold.statistics.moderation`.

Printed for each scenario: the family-wise error under Holm, the rate at which a contrast's single
p falls below .05 (over all, and of the contrast with the largest true spread), and that contrast's
rate after Holm. A rate that exceeds .06 by more than two Monte Carlo errors is starred. Then the
power after Holm where one contrast in ten has an effect; ``both`` asks of ours that the
contrast's own single p be below .05 too, which bounds a claim's false positives whatever the others
do.

Run it with ``python bench/moderation.py``; it takes under two minutes.
"""

import argparse
from collections.abc import Iterator
from itertools import combinations, product

import numpy as np
from scipy.special import digamma, polygamma, stdtr

from uphold.statistics.moderation import moderated

ALPHA, LIMIT = 0.05, 0.06
CONTRASTS, UNITS = (1, 2, 3, 5, 10, 30, 100), (3, 5, 10)
SCENARIOS = (
    "equal",
    "log-SD .3",
    "log-SD .6",
    "log-SD 1",
    "half of 3 SD",
    "one of 10 SD",
    "one of 2 SD",
    "one of .1 SD",
    "t3",
)
# SD of seed x factor on the first factor of a sweep, in the SD of a run.
SWEEPS = (0.0, 0.5, 1.0, 1.5)
# log-SD of the spread of arms that share one control.
SHARED = (0.0, 0.6)
CHUNK = 50
# What is printed of each test: family-wise error, all single p, the widest contrast's, and by Holm.
COLUMNS = (("own", "moments", "ours"), ("own", "ours"), ("own", "moments", "ours"), ("ours",))


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--draws", type=int, default=1200, help="families a scenario")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = np.random.Generator(np.random.PCG64(options.seed))
    error = np.sqrt(ALPHA * (1 - ALPHA) / options.draws)
    print(f"{options.draws} families a row, a third for 100 contrasts; error of a rate {error:.4f}")
    print(f"{'':24}{'family-wise':19}{'single, all':13}{'single, widest':19}widest, Holm")
    heads = (" ".join(f"{test[:4]:5}" for test in tests) for tests in COLUMNS)
    print(f"{'n':>3}{'m':>4}  {'spread':14} " + "  ".join(heads).rstrip())
    for n, m, scenario in product(UNITS, CONTRASTS, SCENARIOS):
        draws = options.draws // 3 if m == 100 else options.draws
        _print_rates(n, scenario, _independent(rng, scenario, draws, m, n), None)
    weights = _weights()
    for n, spread in product(UNITS, SWEEPS):
        families = _sweep(rng, weights, spread, options.draws, n)
        _print_rates(n, f"sweep, {spread} SD", families, weights @ weights.T)
    for n, m, spread in product(UNITS, (10, 30), SHARED):
        families = _shared_control(rng, spread, options.draws, m, n)
        _print_rates(n, f"shared, {spread}", families, (1 + np.eye(m)) / 2)
    print("\npower after Holm, effects in SD of a run")
    print(f"{'n':>3}{'m':>4} {'effect':>7}  {'others':14}own    mom.   ours   both")
    for n, m, other, effect in product((3, 5), (10, 30, 100), ("equal", "one of 10 SD"), (2, 3, 5)):
        draws = options.draws // 3 if m == 100 else options.draws
        _print_power(n, m, other, effect, _independent(rng, other, draws, m, n))


def _independent(
    rng: np.random.Generator, scenario: str, draws: int, m: int, n: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield differences, shape (families, m, n), in the SD of a run, and their true spreads."""
    for start in range(0, draws, CHUNK):
        shape = (min(CHUNK, draws - start), m)
        spread = np.ones(shape)
        noise = rng.standard_normal((*shape, n))
        match scenario.split():
            case ["log-SD", size]:
                spread = np.exp(float(size) * rng.standard_normal(shape))
            case ["half", "of", size, "SD"]:
                spread[:, m // 2 :] = float(size)
            case ["one", "of", size, "SD"]:
                spread[:, -1] = float(size)
            case ["t3"]:
                noise = rng.standard_t(3, (*shape, n))
        yield noise * spread[..., None] * np.sqrt(2), spread


def _weights() -> np.ndarray:
    """Return contrasts of a 2^4 design: main, of one factor at a level of another, interactions."""
    cells = np.array(list(product([-1.0, 1.0], repeat=4))).T
    at = [(a, b, level) for a in range(4) for b in range(4) if a != b for level in (-1, 1)]
    rows = [*cells, *(cells[a] * (cells[b] == level) for a, b, level in at)]
    rows += [cells[a] * cells[b] for a, b in combinations(range(4), 2)]
    weights = np.array(rows)
    return weights / np.linalg.norm(weights, axis=1, keepdims=True)


def _sweep(
    rng: np.random.Generator, weights: np.ndarray, size: float, draws: int, n: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the contrasts of a sweep that share runs, where seeds act on the first factor."""
    factor = weights[0] / np.abs(weights[0]).max()
    spread = np.sqrt(1 + size**2 * (weights @ factor) ** 2)
    for start in range(0, draws, CHUNK):
        families = min(CHUNK, draws - start)
        runs = rng.standard_normal((families, weights.shape[1], n))
        runs += size * factor[:, None] * rng.standard_normal((families, 1, n))
        yield weights @ runs, np.broadcast_to(spread, (families, len(weights)))


def _shared_control(
    rng: np.random.Generator, size: float, draws: int, m: int, n: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield contrasts of m arms with one control, whose spreads have the given log-SD."""
    for start in range(0, draws, CHUNK):
        families = min(CHUNK, draws - start)
        spread = np.exp(size * rng.standard_normal((families, m + 1)))
        runs = spread[..., None] * rng.standard_normal((families, m + 1, n))
        yield runs[:, 1:] - runs[:, :1], np.hypot(spread[:, 1:], spread[:, :1])


def _tests(values: np.ndarray, correlation: np.ndarray | None) -> dict[str, np.ndarray]:
    """Return the two-sided p of each test, shape (families, m)."""
    n = values.shape[-1]
    mean, s2 = values.mean(axis=-1), values.var(axis=-1, ddof=1)
    df = np.full(s2.shape, n - 1.0)
    ours = moderated(s2, df, correlation)
    ways = {"own": (s2, df), "moments": _moments(s2, n - 1.0), "ours": (ours.s2, ours.df)}
    return {name: 2 * stdtr(d, -np.abs(mean) / np.sqrt(v / n)) for name, (v, d) in ways.items()}


def _moments(s2: np.ndarray, df: float) -> tuple[np.ndarray, np.ndarray]:
    """Return variances and degrees of freedom by the moments of log variances (Smyth 2004)."""
    m = s2.shape[-1]
    if m == 1:
        return s2, np.full(s2.shape, df)
    e = np.log(s2) - digamma(df / 2) + np.log(df / 2)
    excess = e.var(axis=-1, ddof=1, keepdims=True) - polygamma(1, df / 2)
    goal = np.where(excess > 0, excess, 1.0)
    y = 0.5 + 1 / goal
    for _ in range(50):
        y = y + polygamma(1, y) * (1 - polygamma(1, y) / goal) / polygamma(2, y)
    d0 = np.where(excess > 0, 2 * y, 1e9)
    s0 = np.exp(e.mean(axis=-1, keepdims=True) + digamma(y) - np.log(y))
    s0 = np.where(excess > 0, s0, s2.mean(axis=-1, keepdims=True))
    total = np.broadcast_to(np.minimum(df + d0, m * df), s2.shape)
    return (df * s2 + d0 * s0) / (df + d0), total


def _print_rates(
    n: int,
    name: str,
    families: Iterator[tuple[np.ndarray, np.ndarray]],
    correlation: np.ndarray | None,
) -> None:
    found: dict[str, list[np.ndarray]] = {}
    for values, spread in families:
        m = values.shape[1]
        widest = spread.argmax(axis=1)[:, None]
        for test, p in _tests(values, correlation).items():
            most = np.take_along_axis(p, widest, axis=1)[:, 0]
            # Without any effect Holm rejects anything where Bonferroni does.
            holm, adjusted = p.min(axis=1) * m < ALPHA, most * m < ALPHA
            kinds = [holm, (p < ALPHA).mean(axis=1), most < ALPHA, adjusted]
            found.setdefault(test, []).append(np.array(kinds))
    rows = {test: np.concatenate(parts, axis=1) for test, parts in found.items()}
    columns = [[_rate(rows[test][kind]) for test in tests] for kind, tests in enumerate(COLUMNS)]
    print(f"{n:>3}{m:>4}  {name:14} " + "  ".join(" ".join(column) for column in columns))


def _rate(hits: np.ndarray) -> str:
    """Return the mean, with a star where it is above the limit beyond doubt."""
    rate, error = hits.mean(), hits.std() / np.sqrt(hits.size)
    return f"{rate:.3f}"[1:] + ("*" if rate - 2 * error > LIMIT else " ")


def _print_power(
    n: int, m: int, other: str, effect: float, families: Iterator[tuple[np.ndarray, np.ndarray]]
) -> None:
    found: dict[str, list[float]] = {}
    for values, _ in families:
        values[:, : m // 10] += effect
        tests = _tests(values, None)
        hits = {test: _holm(p)[:, : m // 10] < ALPHA for test, p in tests.items()}
        hits["both"] = hits["ours"] & (tests["own"][:, : m // 10] < ALPHA)
        for test, hit in hits.items():
            found.setdefault(test, []).extend(hit.mean(axis=1))
    rates = "  ".join(f"{np.mean(hit):.3f}" for hit in found.values())
    print(f"{n:>3}{m:>4} {effect:>7}  {other:14}{rates}")


def _holm(p: np.ndarray) -> np.ndarray:
    """Return p adjusted by Holm within each row."""
    m = p.shape[1]
    order = p.argsort(axis=1)
    steps = np.take_along_axis(p, order, axis=1) * np.arange(m, 0, -1)
    adjusted = np.empty_like(p)
    np.put_along_axis(adjusted, order, np.maximum.accumulate(steps, axis=1), axis=1)
    return adjusted


if __name__ == "__main__":
    main()
