"""The stratified bootstrap beside rliable's, on the same work, in one run.

    python bench/bootstrap.py

Ten configurations × ten seeds × five metrics, 10,000 resamples, percentile intervals of the
interquartile mean, runs resampled within each metric. Prints both times, how far the intervals lie
apart beside what Monte Carlo error allows, and ``ratio: N``.

rliable 1.2 needs pandas < 3 and ignores the random state it is given. It therefore gets a virtual
environment of its own, made on first use in the user's cache, and its intervals are compared up to
Monte Carlo error. Where it cannot be installed, that is said and only our own time is printed.
"""

import json
import os
import subprocess
import sys
import time
import venv
from pathlib import Path

import numpy as np

from uphold.statistics.resampling import bootstrap, iqm

CONFIGURATIONS, METRICS, SEEDS, DRAWS = 10, 5, 10, 10_000
REPEATS = 5
CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "studies-bench"

PEER = """
import json, sys, time
import numpy as np
from rliable import library, metrics
given = json.load(sys.stdin)
scores = {str(i): np.array(runs).T for i, runs in enumerate(given["values"])}
aggregate = lambda x: np.array([metrics.aggregate_iqm(x)])
start = time.perf_counter()
_, intervals = library.get_interval_estimates(scores, aggregate, reps=given["draws"])
seconds = time.perf_counter() - start
ends = [np.asarray(intervals[str(i)]).ravel().tolist() for i in range(len(scores))]
print(json.dumps({"seconds": seconds, "intervals": ends}))
"""


def main() -> int:
    """Run both and print what they took; 1 if the intervals disagree."""
    values = np.random.default_rng(0).uniform(0.3, 0.9, (CONFIGURATIONS, METRICS, SEEDS))
    times = []
    for seed in range(REPEATS):
        start = time.perf_counter()
        ours = bootstrap(values, iqm, DRAWS, seed=seed)
        times.append(time.perf_counter() - start)
    seconds = float(np.median(times))
    print(f"ours:    {seconds:.3f} s (median of {REPEATS})")
    python = peer_environment()
    if python is None:
        return 0
    given = json.dumps({"values": values.tolist(), "draws": DRAWS})
    found = subprocess.run(
        [python, "-c", PEER], input=given, capture_output=True, text=True, check=True
    )
    peer = json.loads(found.stdout.splitlines()[-1])
    print(f"rliable: {peer['seconds']:.3f} s")
    # The ends of a percentile interval vary between seeds; ten of our own show how much.
    again = [bootstrap(values, iqm, DRAWS, seed=100 + seed) for seed in range(10)]
    error = np.std(again, axis=0, ddof=1)
    apart = np.abs(np.array(peer["intervals"]) - ours)
    worst = float((apart / (error * np.sqrt(2))).max())
    print(f"intervals: at most {apart.max():.5f} apart, {worst:.1f} standard errors")
    print(f"ratio: {peer['seconds'] / seconds:.0f}")
    # Twenty ends, the error itself estimated: chance alone stays far below 6.
    return int(worst > 6)


def peer_environment() -> Path | None:
    """Return the Python that has rliable, made where it is missing, or None where it cannot be."""
    folder = CACHE / "rliable"
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if python.exists() and _runs(python, "-c", "import rliable.library"):
        return python
    print(f"installing rliable in {folder}", file=sys.stderr)
    venv.create(folder, with_pip=True, clear=True)
    if _runs(python, "-m", "pip", "install", "--quiet", "rliable", "pandas<3"):
        return python
    print("rliable could not be installed: no comparison.")
    return None


def _runs(python: Path, *arguments: str) -> bool:
    return subprocess.run([python, *arguments], capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
