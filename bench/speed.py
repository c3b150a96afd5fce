"""How long the tool takes, beside the limits that it was built for.

    python bench/speed.py [WRITEUP ...]

Each is timed once, as a user meets it: in a process of its own, imports and writing included, but
for the contrasts, which are timed after their imports. With the names of write-ups, whose sweeps
have been trained in this checkout, ``uphold evaluate``, ``analyze`` and ``render`` are timed as
well, and the rendering of all side by side; they write what they make anew. The
limits are meant for the clock of a quiet machine; beside it stand the seconds of a core, which grow
less with whatever else is running.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from uphold.randomness import generator
from uphold.statistics.contrasts import contrast, match_levels
from uphold.statistics.matching import Matching
from uphold.statistics.moderation import moderated
from uphold.statistics.scores import Scores

CALL = "import sys; from uphold.cli import main; sys.exit(main())"
CONTRASTS = 200
LEVELS, SEEDS = (5, 5, 4, 10), 100
HEAD = """
replicate: seed
factors: [a, b, c, d]
metrics: {f1: {label: F1, better: higher, margin: 0.02}}
primary: f1
claims:
"""
CLAIMS = """\
  helps: {metric: f1, contrast: {factor: a, from: 0, to: 1}}
  alike: {metric: f1, contrast: {factor: b, from: 0, to: 1}, expect: no-effect}
  depends:
    metric: f1
    interaction: {of: {factor: a, from: 0, to: 1}, with: {factor: c, from: 0, to: 1}}
  differ: {metric: f1, anova: {over: [a, b]}, expect: difference}
  high: {metric: f1, bound: {at_least: 0.4}}
"""
OTHER_CLAIMS = """\
  helps: {metric: f1, contrast: {factor: a, from: 0, to: 1}}
  steady: {metric: f1, stability: {factor: b, from: 0, to: 1}, expect: no-effect}
  gain: {metric: f1, gain: {at_least: 0.01, over: {a: 0, b: 0}}, where: {a: 1, b: 1}}
  differ: {metric: f1, anova: {over: [a, b, c]}, expect: difference}
  steadier: {metric: f1, stability: {factor: a, from: 0, to: 1}, expect: decrease}
"""


def main(*writeups: str) -> None:
    """Print a line for each."""
    print(f"{'':44}{'clock':>8}{'core':>8}{'limit':>8}")
    scores = contrasted()
    matchings = [match_levels(scores, "f1", "arm", 0, arm) for arm in range(1, CONTRASTS + 1)]
    told("200 contrasts × 10 units, moderated", 1, lambda: engine(matchings))
    told("the same from a table, runs matched", 1, lambda: from_table(scores))
    told("uphold report --help", 0.5, lambda: uphold("report", "--help"))
    with tempfile.TemporaryDirectory() as folder:
        runs = Path(folder) / "runs.csv"
        spec = Path(folder) / "spec.yaml"
        call = ("report", str(runs), "--spec", str(spec), "--out", f"{folder}/report")
        table().to_csv(runs, index=False)
        spec.write_text(HEAD + CLAIMS, "utf-8")
        told("uphold report, 100,000 rows and five claims", 20, lambda: uphold(*call))
        gapped().to_csv(runs, index=False)
        spec.write_text(HEAD + OTHER_CLAIMS, "utf-8")
        told("the same, one row in ten missing", 20, lambda: uphold(*call))
    for writeup in writeups:
        for sweep in sorted(Path("results", writeup, "sweeps").iterdir()):
            told(f"uphold evaluate {sweep.name}", 2, partial(uphold, "evaluate", sweep.name))
        told(f"uphold analyze {writeup}", 4, partial(uphold, "analyze", writeup))
        render = partial(uphold, "render", "--renderer", "embedded")
        told(f"uphold render {writeup}", 5, partial(render, writeup))
    if len(writeups) > 1:
        told(f"uphold render, {len(writeups)} side by side", 15, partial(render, *writeups))


def told(name: str, limit: float, run: Callable[[], None]) -> None:
    """Print how long something took, on the clock and of a core, and the limit."""
    start, core = time.perf_counter(), spent()
    run()
    print(f"{name:44}{time.perf_counter() - start:8.2f}{spent() - core:8.2f}{limit:8.1f}")


def spent() -> float:
    """Return the seconds of a core that this process and its children have used."""
    used = (resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(u.ru_utime + u.ru_stime for u in used)


def contrasted() -> Scores:
    """Return runs of a control and 200 arms × four contexts × ten units, one in fifty missing."""
    rng = generator(0, "speed")
    cells = np.indices((CONTRASTS + 1, 4, 10)).reshape(3, -1).T
    runs = pd.DataFrame(cells, columns=["arm", "context", "seed"])
    runs["f1"] = rng.normal(0.5, 0.02, len(runs))
    return Scores(runs[rng.random(len(runs)) > 0.02], ("arm", "context"), "seed")


def engine(matchings: Sequence[Matching]) -> None:
    """Estimate contrasts of matched runs, and moderate their variances."""
    found = [matching.estimate((-1.0, 1.0)) for matching in matchings]
    moderated(np.array([c.se**2 / c.scale for c in found]), np.array([c.df for c in found]))


def from_table(scores: Scores) -> None:
    """Match the runs of each contrast, estimate it and name what has no partner."""
    for arm in range(1, CONTRASTS + 1):
        contrast(scores, "f1", "arm", 0, arm)


def table() -> pd.DataFrame:
    """Return 1,000 configurations × 100 seeds."""
    cells = np.indices((*LEVELS, SEEDS)).reshape(len(LEVELS) + 1, -1).T
    runs = pd.DataFrame(cells, columns=[*"abcd", "seed"])
    noise = generator(0, "speed", "rows").normal(0, 0.02, len(runs))
    return runs.assign(f1=(0.5 + 0.01 * runs["a"] + noise).round(4))


def gapped() -> pd.DataFrame:
    """Return the same less one row in ten, so that no two contexts cover the same seeds."""
    runs = table()
    return runs[generator(0, "speed", "gaps").random(len(runs)) >= 0.1]


def uphold(*arguments: str) -> None:
    """Run a command, with the code of this checkout."""
    source = str(Path(__file__).parents[1] / "src")
    subprocess.run(
        [sys.executable, "-c", CALL, *arguments],
        env={**os.environ, "PYTHONPATH": source},
        check=True,
        stdout=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
