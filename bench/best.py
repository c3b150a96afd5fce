"""How often comparisons with the best err, and how many configurations they leave.

Prints for several sweeps, all configurations on the same units, how often the true best one is not
among the candidates (the worst case is where all are alike), how often any interval misses the true
lead, and how many of the k configurations are candidates: with an error pooled over configurations,
and with each pair's own. Beside them what one would do else, leaving out whatever a paired t at .05
tells from the leader. The pooled error takes configurations to spread alike; "unequal" and "one
wild" say what it costs where they do not (log-SD .6; the true best one has eight times the SD of
the others). Then the time that 2000 configurations take. Run it with ``python bench/best.py``; it
takes half a minute.
"""

from collections.abc import Callable
from time import perf_counter

import numpy as np
from scipy.special import stdtr

from uphold.error_rates import ALPHA
from uphold.randomness import generator
from uphold.statistics.best import best, best_in_blocks

SWEEPS = 2_000
MEANS: dict[str, Callable[[int], np.ndarray]] = {
    "alike": lambda k: np.zeros(k),
    "one best": lambda k: np.where(np.arange(k) == 0, 1.0, 0.0),
    "half best": lambda k: np.where(np.arange(k) < k / 2, 0.0, -3.0),
    "spaced": lambda k: -0.5 * np.arange(k),
}
"""In SD of a run."""


def main() -> None:
    """Print rates and sizes."""
    print(f"rates ± {np.sqrt(0.05 * 0.95 / SWEEPS):.4f}")
    print(f"{'':38}best left out           interval misses   candidates")
    print(f"{'':38}pooled  own    paired t  pooled  own      pooled  own")
    for noise in ("normal", "t₃", "unequal", "one wild"):
        for k, units in ((2, 5), (4, 3), (16, 3), (16, 10), (64, 5)):
            for name in MEANS if noise == "normal" else ("alike",):
                _report(noise, name, k, units)
    print("\nseconds for 2000 configurations")
    rng = generator(0, "large")
    mean, variance = rng.standard_normal(2_000), 1 / rng.integers(3, 13, 2_000)
    for name, se in (
        ("one standard error", np.sqrt(2 / 5)),
        ("3 to 12 runs each", np.sqrt(variance[:, None] + variance)),
        ("any", np.sqrt(1 + rng.random((2_000, 2_000)))),
    ):
        start = perf_counter()
        best(mean, se, 30.0)
        print(f"{name:20} {perf_counter() - start:.2f}")


def _report(noise: str, name: str, k: int, units: int) -> None:
    rng = generator(k, name, noise, units)
    true = MEANS[name](k)
    lead = np.array([true[i] - np.delete(true, i).max() for i in range(k)])
    best_one = int(true.argmax())
    rows = []
    for _ in range(SWEEPS):
        table = true + _noise(rng, noise, units, k) + 3 * rng.standard_normal((units, 1))
        ways = [best_in_blocks(table, alike=alike) for alike in (True, False)]
        out = [not way.candidate[best_one] for way in ways]
        out.append(_paired(table, int(table.mean(axis=0).argmax()), best_one) < ALPHA)
        missed = [((w.low > lead + 1e-12) | (w.high < lead - 1e-12)).any() for w in ways]
        rows.append([*out, *missed, *(way.candidate.sum() for way in ways)])
    rates = np.mean(rows, axis=0)
    print(
        f"{noise:9} {name:10} k {k:2} units {units:2}   "
        + " ".join(f"{rate:.4f}" for rate in rates[:3])
        + f"    {rates[3]:.4f} {rates[4]:.4f}   {rates[5]:5.1f}  {rates[6]:5.1f}"
    )


def _noise(rng: np.random.Generator, noise: str, units: int, k: int) -> np.ndarray:
    if noise == "t₃":
        return rng.standard_t(3, (units, k)) / np.sqrt(3)
    sd = np.ones(k)
    if noise == "unequal":
        sd = np.exp(0.6 * rng.standard_normal(k))
    if noise == "one wild":
        sd[0] = 8
    return sd * rng.standard_normal((units, k))


def _paired(table: np.ndarray, a: int, b: int) -> float:
    """Return the two-sided p of a paired t; 1 for a configuration beside itself."""
    if a == b:
        return 1.0
    difference = table[:, a] - table[:, b]
    t = difference.mean() / (difference.std(ddof=1) / np.sqrt(len(table)))
    return float(2 * stdtr(len(table) - 1, -abs(t)))


if __name__ == "__main__":
    main()
