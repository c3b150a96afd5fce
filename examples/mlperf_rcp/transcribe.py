"""A clone of github.com/mlcommons/logging → ``runs.csv`` and ``spec.yaml`` here.

    python examples/mlperf_rcp/transcribe.py CLONE

Every run behind the reference convergence points of training round 5.1. ``to_converge`` is as the
source has it, samples or epochs by benchmark; ``relative`` is its percentage of the mean at the
benchmark's smallest batch, so that benchmarks have one unit.
"""

import csv
import json
import sys
from itertools import pairwise
from pathlib import Path

HERE = Path(__file__).parent
ROUND = Path("mlperf_logging", "rcp_checker", "training_5.1.0")
KEYS = ("Epochs to converge", "samples to converge")

HEAD = """\
# How runs.csv is read. transcribe.py writes this file: a claim for each two neighbouring points.
title: "MLPerf reference convergence points: does a larger batch need more training?"
replicate: repeat                    # the place in the source's list is no seed: nothing is paired
factors: [benchmark, batch_size]
aside: [to_converge]
metrics:
  relative:
    label: training needed (%)
    better: lower
    margin: 5                        # % of the training at the smallest batch; chosen here
primary: relative
claims:
"""
CLAIM = """\
  {benchmark}-{low}-to-{high}:
    says: "At batch {high}, {benchmark} needs more training than at {low}."
    metric: relative
    where: {{benchmark: {benchmark}}}
    contrast: {{factor: batch_size, from: {low}, to: {high}}}
    expect: increase
"""


def main(clone: Path) -> None:
    """Write the table and the spec."""
    claims = []
    with (HERE / "runs.csv").open("w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["benchmark", "batch_size", "repeat", "to_converge", "relative"])
        for path in sorted((clone / ROUND).glob("rcps_*.json")):
            points = {point["BS"]: point for point in json.loads(path.read_text()).values()}
            runs = {batch: _runs(points[batch]) for batch in sorted(points)}
            benchmark = points[min(points)]["Benchmark"]
            whole = sum(runs[min(runs)]) / len(runs[min(runs)])
            for batch, needed in runs.items():
                for n, value in enumerate(needed, start=1):
                    repeat = f"{benchmark}-{batch}-{n:02}"
                    table.writerow([benchmark, batch, repeat, value, f"{100 * value / whole:.6f}"])
            for low, high in pairwise(runs):
                claims.append(CLAIM.format(benchmark=benchmark, low=low, high=high))
    (HERE / "spec.yaml").write_text(HEAD + "".join(claims))


def _runs(point: dict) -> list[float]:
    return next(point[key] for key in KEYS if key in point)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
