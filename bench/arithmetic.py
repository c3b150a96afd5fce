"""What one instruction set costs: CPU seconds of a run of each study, pinned and not, in turns.

    python bench/arithmetic.py [--study NAME ...] [--rounds 3] [--epochs 2]

In the root of a repository whose data are prepared. Each run is trained in a process of its own;
processes take turns, so that a busy machine is busy for both, and of each the least of its rounds
counts. Ratios above 1: pinned arithmetic (`uphold.processor`) takes longer.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from uphold import processor

ONE_RUN = """
import json, sys, time
from pathlib import Path
from uphold.cli.train import job_of
from uphold.pipeline.params import load
from uphold.training import arithmetic
from uphold.training.contract import Task
params, study, epochs = load(Path()), sys.argv[1], int(sys.argv[2])
names = [n for n, s in params.names.sweeps.items() if s.study == study and s.after == "none"]
job = job_of(params, names[0])
run = job.runs[0]
short = {n: epochs for n in type(run.settings).model_fields if n in ("epochs", "max_epochs")}
settings = run.settings.model_copy(update=short)
training = job.study.module("training")
data = arithmetic.load(training, job.data)
times = []
for _ in range(2):  # the first one loads kernels
    start = time.process_time()
    arithmetic.train(training, [Task(settings, run.seed)], data, "cpu")
    times.append(time.process_time() - start)
print(json.dumps(times[-1]))
"""


def seconds(study: str, epochs: int, pinned: dict[str, str]) -> float:
    """Return the CPU seconds of one run in a process with some variables, after a first one."""
    threads = {name: "1" for name in processor.PINNED if name.endswith("_THREADS")}
    clean = {name: v for name, v in os.environ.items() if name not in processor.variables()}
    done = subprocess.run(
        [sys.executable, "-c", ONE_RUN, study, str(epochs)],
        env=clean | threads | pinned,
        capture_output=True,
        text=True,
        check=True,
    )
    taken: float = json.loads(done.stdout.splitlines()[-1])
    return taken


def main() -> None:
    """Print a line for each study."""
    parser = argparse.ArgumentParser(description=__doc__)
    studies = sorted(path.stem for path in Path("params").glob("*.yaml"))
    parser.add_argument("--study", nargs="*", default=studies)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=2)
    asked = parser.parse_args()
    if why := processor.unpinned():
        sys.exit(f"There is nothing to compare: {why}.")
    ways = {"native": {}, "pinned": processor.variables()}
    for study in asked.study:
        taken = {way: [] for way in ways}
        for _ in range(asked.rounds):
            for way, pinned in ways.items():
                taken[way].append(seconds(study, asked.epochs, pinned))
        native, one = (min(taken[way]) for way in ways)
        print(f"{study:10} native {native:.2f} s, pinned {one:.2f} s, ratio {one / native:.2f}")


if __name__ == "__main__":
    main()
