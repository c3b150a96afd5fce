"""How often t tests err that are looked at with 3, 5, 8, 12 and at last 20 units.

Prints the share of studies that err at any look: a direction where there is no effect (two-sided),
"equivalent" where the effect is at the margin (TOST), and an effect called greater than a bound
that it lies at (one-sided). The nominal levels are those of `nominal_levels`; beside them .05 at
each look, and the last look alone. The t₃ noise is no case that t tests are made for. Then the
family-wise error of ten claims at `p_over_looks` adjusted by `step_down`, and the power of one
claim, with how many units it took. Run it with
``python bench/looks.py``; it takes a quarter of a minute.
"""

import numpy as np
from scipy.special import stdtr

from uphold.error_rates import ALPHA
from uphold.randomness import generator
from uphold.statistics.families import step_down
from uphold.statistics.looks import nominal_levels, p_over_looks

LOOKS = (3, 5, 8, 12, 20)
STUDIES, FAMILIES = 200_000, 5_000
NOISES = ("normal", "t₃")
MARGINS = (0.5, 1.0, 2.0, 4.0)
"""In SD of a unit."""


def main() -> None:
    """Print rates of error, power and sizes."""
    one, two = (nominal_levels(LOOKS, ALPHA, sides) for sides in (1, 2))
    print("nominal levels, two-sided:", " ".join(f"{x:.2g}" for x in two))
    print("                one-sided:", " ".join(f"{x:.2g}" for x in one))
    print(
        f"\nrate of error (± {np.sqrt(0.05 * 0.95 / STUDIES):.4f})   over looks  naive  last alone"
    )
    for noise in NOISES:
        z = _draw(noise)
        mean, se = _estimates(z)
        _print(f"direction, {noise}", _two_sided(mean, se), two)
        _print(f"bound, {noise}", _one_sided(mean, se), one)
        for margin in MARGINS:
            p = _tost(mean + margin, se, margin)
            _print(f"equivalent at {margin:g} SD, {noise}", p, one)
    print(
        f"\nfamily-wise error, 10 claims, margin of 2 SD (± {np.sqrt(0.05 * 0.95 / FAMILIES):.4f})"
    )
    for name, effects in {"none": (0.0,), "margin": (2.0,), "half each": (0.0, 2.0)}.items():
        print(f"{name:34} {_family(10, 2.0, effects):.4f}")
    mean, se = _estimates(_draw("normal"))
    print("\npower, normal                over looks  last alone   units, median and mean")
    for effect in (0.5, 0.7, 1.0, 2.0):
        p = _two_sided(mean + effect, se)
        stopped = p < two
        units = np.where(stopped.any(axis=1), np.take(LOOKS, stopped.argmax(axis=1)), LOOKS[-1])
        found, alone = stopped.any(axis=1).mean(), (p[:, -1] < ALPHA).mean()
        size = f"{np.median(units):.0f}, {units.mean():.1f}"
        print(f"{f'effect of {effect:g} SD':28} {found:.3f}       {alone:.3f}        {size}")


def _print(name: str, p: np.ndarray, levels: np.ndarray) -> None:
    rates = [(p < level).any(axis=1).mean() for level in (levels, ALPHA)]
    print(f"{name:34} {rates[0]:.4f}      {rates[1]:.4f}  {(p[:, -1] < ALPHA).mean():.4f}")


def _family(m: int, margin: float, effects: tuple[float, ...]) -> float:
    """Return the share of families in which a true null is rejected at any look."""
    effect = np.resize(effects, m)
    z = generator(0, "family", str(effects)).standard_normal((FAMILIES * m, LOOKS[-1]))
    mean, se = (x.reshape(FAMILIES, m, -1) for x in _estimates(z))
    mean = mean + effect[:, None]
    tests = (_two_sided(mean, se), 2), (_tost(mean, se, margin), 1)
    wrong = np.zeros(FAMILIES, dtype=bool)
    true = np.stack([effect == 0, effect >= margin], axis=-1)
    for k, look in enumerate(LOOKS):
        p = np.stack([p_over_looks(p[..., k], LOOKS, look, sides) for p, sides in tests], axis=-1)
        wrong |= [((np.array(step_down(own)) < ALPHA) & true).any() for own in p]
    return float(wrong.mean())


def _draw(noise: str) -> np.ndarray:
    """Return values of units without effect, shape (studies, units), SD 1."""
    rng = generator(0, "looks", noise)
    shape = STUDIES, LOOKS[-1]
    return (
        rng.standard_normal(shape) if noise == "normal" else rng.standard_t(3, shape) / np.sqrt(3)
    )


def _estimates(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard error at each look, shape (studies, looks)."""
    mean = np.stack([z[:, :n].mean(axis=1) for n in LOOKS], axis=1)
    sd = np.stack([z[:, :n].std(axis=1, ddof=1) for n in LOOKS], axis=1)
    return mean, sd / np.sqrt(LOOKS)


def _two_sided(mean: np.ndarray, se: np.ndarray) -> np.ndarray:
    return 2 * stdtr(np.array(LOOKS) - 1, -np.abs(mean / se))


def _one_sided(mean: np.ndarray, se: np.ndarray) -> np.ndarray:
    return stdtr(np.array(LOOKS) - 1, -mean / se)


def _tost(mean: np.ndarray, se: np.ndarray, margin: float) -> np.ndarray:
    return stdtr(np.array(LOOKS) - 1, (np.abs(mean) - margin) / se)


if __name__ == "__main__":
    main()
