"""Made-up pages and reruns of them, whose true means are known."""

from typing import Any

import numpy as np
from scipy import stats

from uphold.comparison.findings import Findings, Judged, Score
from uphold.comparison.noise import holm
from uphold.comparison.sources import Source

CLAIMS = 10


def source(page: Findings, name: str = "a", **more: Any) -> Source:
    return Source(name, "findings.json", {"": page}, **more)


def score(values: np.ndarray) -> Score:
    n, sd = len(values), float(values.std(ddof=1)) if len(values) > 1 else None
    return Score(float(values.mean()), sd, None if sd is None else sd / np.sqrt(n), n)


def judged(differences: np.ndarray) -> tuple[Judged, float]:
    """Judge that a difference is positive, by t over seeds."""
    n = len(differences)
    mean, sem = float(differences.mean()), float(differences.std(ddof=1) / np.sqrt(n))
    half = sem * float(stats.t.ppf(0.975, n - 1))
    p = float(2 * stats.t.sf(abs(mean / sem), n - 1)) if sem else 1.0
    return Judged("", mean, mean - half, mean + half, p, None, n), p


def page(
    rng: np.random.Generator,
    seeds: int = 5,
    configurations: int = 12,
    metrics: int = 5,
    shift: float = 0.0,
    shared: float = 0.7,
    heavy: bool = False,
    steps: int = 0,
    spread: float = 1.0,
) -> Findings:
    """Return a page of runs: SD 1 about 0, the first configuration shifted in its first metric.

    ``shared`` is the correlation of what runs of one seed have in common, ``steps`` rounds scores
    to so many a SD. The first claims have effects near to what is just found, so that they flip.
    """
    size = (configurations, metrics, seeds)
    noise = rng.standard_t(3, size) / np.sqrt(3) if heavy else rng.standard_normal(size)
    common = rng.standard_normal((1, metrics, seeds))
    values = spread * (np.sqrt(1 - shared) * noise + np.sqrt(shared) * common)
    values[0, 0] += shift
    values[:CLAIMS:2, 0] += 1.2
    if steps:
        values = np.round(values * steps) / steps
    found = [
        judged(values[i, 0] - values[i + 1, 0]) for i in range(min(CLAIMS, configurations - 1))
    ]
    adjusted = holm([p for _, p in found])
    claims = {
        f"claim-{i}": one._replace(
            verdict="inconclusive" if p >= 0.05 else "supported" if one.estimate > 0 else "refuted"
        )
        for i, ((one, _), p) in enumerate(zip(found, adjusted, strict=True))
    }
    scores = {
        f"arm={i}": {f"m{j}": score(values[i, j]) for j in range(metrics)}
        for i in range(configurations)
    }
    return Findings(claims, scores, {})
