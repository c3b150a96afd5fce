"""A clone of github.com/KellerJordan/modded-nanogpt → the tables and specs of this folder.

    python examples/nanogpt_track3/transcribe.py CLONE

Which printed record rests on which runs is written down in ``runs.csv``, by the log and the place
in it, and stays; each loss is read from there anew. What is printed comes from the track's table of
results.
"""

import csv
import re
import sys
from functools import cache
from itertools import pairwise
from pathlib import Path

HERE = Path(__file__).parent
TRACK = Path("records", "track_3_optimization")
ROW = re.compile(r"\| (\d+) \| (\d+)(\(!\))? \| ([\d.]+) \(n=(\d+)\)(.) \|")
AVERAGED = {"#46": "val_ema_loss"}
"""Records whose printed loss is that of averaged weights."""
FROM_TABLE = "README.md"
"""Where a log is a table of losses, a row a seed and a column a step, and not one run's output."""
RATE = 0.0045 / 100
"""What the track takes a step to be worth, in nats; losses are put to the last record's steps."""
LAST = 2690

HEAD = """\
# How runs.csv is read. transcribe.py writes this file: {what}
title: "{title}"
replicate: repeat                    # runs of two records share nothing, seed numbers included
factors: [record]
aside: [steps, log, place]
metrics:
  {metric}:
    label: {label}
    better: lower
    margin: 0.0011                   # what 25 steps are worth by the track's rate
    split: validation
primary: {metric}
claims:
"""
BELOW = """\
  record-{record}:
    says: "Record {record} is below 3.28 after {steps:,} steps."
    metric: loss
    where: {{record: "#{record}"}}
    bound: {{at_most: 3.28}}
"""
STEP = """\
  step-{before}-to-{record}:
    says: "Record {record} needs fewer steps than record {before}."
    metric: loss_at_equal_steps
    contrast: {{factor: record, from: "#{before}", to: "#{record}"}}
    expect: decrease
"""
PRINTED = '  - {{where: {{record: "#{record}"}}, loss: {{mean: {mean}}}, n: {n}}}\n'


def main(clone: Path) -> None:
    """Write the tables and the specs."""
    track = clone / TRACK
    printed = [m.groups() for m in ROW.finditer((track / "README.md").read_text("utf-8"))]
    with (HERE / "claims.csv").open("w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["record", "steps", "lowest", "mean", "n", "mark"])
        for record, steps, lowest, mean, n, mark in printed:
            marked = "pass" if mark == "✓" else "fail"
            table.writerow([record, steps, "yes" if lowest else "no", mean, n, marked])
    _write_runs(track, {f"#{record}": int(steps) for record, steps, *_ in printed})
    below = [
        BELOW.format(record=record, steps=int(steps))
        for record, steps, _, _, _, mark in printed
        if mark == "✓"
    ]
    rows = [PRINTED.format(record=r, mean=mean, n=n) for r, _, _, mean, n, _ in printed]
    history = [record for record, _, lowest, *_ in printed if lowest]
    steps = [STEP.format(before=a, record=b) for a, b in pairwise(history)]
    _write_spec(
        "below-3.28",
        "a claim for each mark of passing.",
        "Optimiser speed records: is each below 3.28?",
        "loss",
        "validation loss",
        [*below, "published:\n", *rows],
    )
    _write_spec(
        "steps",
        "a claim for each record and the one before it.",
        "Optimiser speed records: does each need fewer steps than the one before?",
        "loss_at_equal_steps",
        "loss at equal steps",
        steps,
    )


def _write_spec(
    name: str, what: str, title: str, metric: str, label: str, claims: list[str]
) -> None:
    head = HEAD.format(what=what, title=title, metric=metric, label=label)
    (HERE / f"{name}.yaml").write_text(head + "".join(claims))


def _write_runs(track: Path, steps: dict[str, int]) -> None:
    with (HERE / "runs.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        step = steps[row["record"]]
        metric = AVERAGED.get(row["record"], "val_loss")
        read = _of_table if row["log"].endswith(FROM_TABLE) else _of_log
        loss = read(track / "results" / row["log"], step, metric)[int(row["place"]) - 1]
        row["steps"], row["loss"] = str(step), f"{loss:.5f}"
        row["loss_at_equal_steps"] = f"{loss + RATE * (step - LAST):.6f}"
    with (HERE / "runs.csv").open("w", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


@cache
def _of_log(log: Path, step: int, metric: str) -> list[float]:
    """Return the losses at a step, one of each run whose output is in a log."""
    line = re.compile(rf"step[: ]?\s*{step}/\d+[^\n]*?{metric}[:= ]+([\d.]+)")
    return [float(loss) for loss in line.findall(log.read_text("utf-8", "replace"))]


@cache
def _of_table(page: Path, step: int, _metric: str) -> list[float]:
    """Return the losses at a step, one of each seed, from a table on a page."""
    rows = [line.strip("| ").split("|") for line in page.read_text("utf-8").splitlines()]
    cells = [[cell.strip() for cell in row] for row in rows]
    head = next(row for row in cells if row[0] == "seed" and f"step {step}" in row)
    column = head.index(f"step {step}")
    return [float(row[column]) for row in cells if row[0].isdigit() and len(row) == len(head)]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
