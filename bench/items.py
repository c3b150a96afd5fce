"""How often an interval for items and groups like these holds the truth, by what varies.

Two arms are trained on the same seeds and detect calls in the clips of a few recorders. Which clips
are hard, what a seed does to an arm, what an arm finds hard about a recorder or a clip, and what is
left of each answer are drawn anew every time, alike for both arms, so that the true difference is
0. Printed for each case: the coverage of the interval on these clips, of that for other clips of
the same recorders, and of that for clips and recorders like these, for accuracy and for F1.
``wide`` is the median width of the last in that of the first. A coverage below .93 is starred.

Only the last has to hold here, since recorders are drawn as well; where arms do not differ by
recorder ("seeds", "clips", "answers"), the middle one holds too. The first is right about its own
clips, and 0 is not what it estimates.

Run it with ``python bench/items.py``; it takes about three minutes.
"""

import argparse
from itertools import product

import numpy as np
import pandas as pd

from uphold.evaluation import items as by_item
from uphold.statistics.contrasts import DIFFERENCE, match_levels
from uphold.statistics.estimate import interval_half_width
from uphold.statistics.items import ItemScores, over_items
from uphold.statistics.scores import Scores

UNITS, GROUPS, CLIPS = (3, 5, 10), (5, 10, 50), 8
# SD of arm × seed, arm × recorder and arm × clip, where that of a single answer is 1.
KINDS = {
    "seeds": (0.3, 0.0, 0.0),
    "clips": (0.1, 0.0, 0.7),
    "recorders": (0.1, 0.5, 0.3),
    "all": (0.3, 0.5, 0.5),
    "answers": (0.0, 0.0, 0.0),
}
METRICS = ("accuracy", "F1")


def main() -> None:
    """Simulate and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--draws", type=int, default=300, help="data sets a case")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    print("units groups kind        " + "".join(f"{m}: these clips groups wide  " for m in METRICS))
    for units, groups, kind in product(UNITS, GROUPS, KINDS):
        rng = np.random.default_rng([options.seed, units, groups, list(KINDS).index(kind)])
        found = [covered(rng, units, groups, KINDS[kind]) for _ in range(options.draws)]
        parts = []
        for metric in range(len(METRICS)):
            hits, widths = np.array([one[metric] for one in found]).transpose(1, 0, 2)
            rates = [f"{r:.3f}{'*' if r < 0.93 else ' '}" for r in hits.mean(axis=0)]
            parts.append(" ".join([*rates, f"{_wide(widths):.2f}"]))
        print(f"{units:5} {groups:6} {kind:11} " + "   ".join(parts))


def covered(
    rng: np.random.Generator, units: int, groups: int, sds: tuple[float, float, float]
) -> list[np.ndarray]:
    """Draw one data set; return for each metric whether intervals hold 0, and their widths.

    Returns
    -------
    list of ndarray, each of shape (2, 3)
        On these clips, for other clips of the same recorders, and for clips and recorders like
        these.
    """
    seed, group, clip = sds
    size = groups * CLIPS
    of = np.repeat(np.arange(groups), CLIPS)
    call = rng.random(size) < 0.4
    hard = 0.7 * rng.normal(size=size) + 0.5 * rng.normal(size=groups)[of]
    shift = (
        seed * rng.normal(size=(2, units, 1))
        + group * rng.normal(size=(2, 1, groups))[:, :, of]
        + clip * rng.normal(size=(2, 1, size))
    )
    right = rng.normal(size=(2, units, size)) + shift + 1.0 > hard
    detected = np.where(right, call, ~call).reshape(2 * units, size)
    accuracy = (detected == call).astype(float)
    f1 = np.array([by_item.f1(call, one) for one in detected])
    return [_intervals(score, units, of) for score in (accuracy, f1)]


def _wide(widths: np.ndarray) -> float:
    """Return the median width of the last interval in that of the first, where that has one."""
    some = widths[:, 0] > 0
    return float(np.median(widths[some, 2] / widths[some, 0]))


def _intervals(score: np.ndarray, units: int, of: np.ndarray) -> np.ndarray:
    table = pd.DataFrame(
        {
            "arm": np.repeat(["a", "b"], units),
            "seed": np.tile(np.arange(units), 2),
            "score": score.mean(axis=1),
        }
    )
    matching = match_levels(Scores(table, ("arm",), "seed"), "score", "arm", "a", "b", {})
    e = matching.estimate(DIFFERENCE)
    found = over_items(matching, DIFFERENCE, ItemScores(score, of, drawn=True))
    if found is None or found.groups is None:
        raise RuntimeError("every data set has clips and recorders")
    errors = [(e.se, e.df), *(d.total(e.se, e.df) for d in (found.items, found.groups))]
    half = np.array([interval_half_width(*error) for error in errors])
    return np.array([np.abs(e.value) <= half, half])


if __name__ == "__main__":
    main()
