"""The examples say what their reports say, and claims come out as they were computed apart."""

import csv
import re
import shlex
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from uphold.claims.judge import Judgement, judge
from uphold.format import count
from uphold.runlog.read import read
from uphold.runlog.report import report

from .uphold.conftest import read_claim

EXAMPLES = Path(__file__).parents[1] / "examples"
COMMAND = re.compile(r"^uphold report (.+)$", re.M)
ROW = re.compile(
    r"^\| \[.+?\]\((\w+)/README\.md\) `(.+?)` \| ([\d,]+) \| (\d+) \| (\d+) \| (\d+) \| \d+ \|$",
    re.M,
)


def commands() -> dict[str, list[str]]:
    """Return the words of each command of a folder's page, by its spec."""
    found = {}
    for page in sorted(EXAMPLES.glob("*/README.md")):
        for line in COMMAND.findall(page.read_text("utf-8")):
            runs, *options = shlex.split(line)
            found[options[options.index("--spec") + 1]] = [runs, *options]
    return found


def table() -> dict[str, tuple[str, ...]]:
    """Return the cells of each row of the table, by the spec that it names."""
    text = (EXAMPLES / "README.md").read_text("utf-8")
    return {f"examples/{folder}/{spec}": cells for folder, spec, *cells in ROW.findall(text)}


def test_every_spec_has_a_command_and_a_row():
    specs = {f"examples/{path.relative_to(EXAMPLES)}" for path in EXAMPLES.glob("*/*.yaml")}
    assert set(commands()) == set(table()) == specs


@pytest.mark.parametrize("spec", sorted(commands()))
def test_the_table_has_what_the_report_says(spec, tmp_path, monkeypatch):
    # Which verdicts hang on one run changes none of them, and takes most of a report's time.
    monkeypatch.setattr("uphold.claims.judge.leave_out", lambda *_: {})
    root = EXAMPLES.parent
    runs, *_ = commands()[spec]
    report(root / runs, root / spec, tmp_path / "out")
    with (tmp_path / "out" / "tables" / "claims.csv").open(encoding="utf-8") as file:
        verdicts = Counter(row["verdict"] for row in csv.DictReader(file))
    undecided = verdicts["inconclusive"]
    decided = verdicts.total() - undecided
    many = len(read(root / runs, root / spec).log.scores.table)
    assert table()[spec] == [count(many), str(verdicts.total()), str(decided), str(undecided)]
    assert (tmp_path / "out" / "report.pdf").stat().st_size > 0


def alone(table: str, spec: str, **claim) -> Judgement:
    """Judge one claim as if it were the only one."""
    found = read(EXAMPLES / table, EXAMPLES / spec)
    claims = {"c": read_claim(claim)}
    return judge({"runs": found.log}, claims, fragility=False)["c"]


BELOW = ("nanogpt_track3/runs.csv", "nanogpt_track3/below-3.28.yaml")
GOLF = ("parameter_golf/runs.csv", "parameter_golf/spec.yaml")
RCP = ("mlperf_rcp/runs.csv", "mlperf_rcp/spec.yaml")
BPB, NATS, NEEDED = "val_bpb", "val_loss", "relative"
BENCHMARK, BATCH = "benchmark", "batch_size"
PERIODIC, SHARED = "mlp-periodic", "tabm-sharetrainingbatches"


@pytest.mark.parametrize(
    ("files", "metric", "where", "limit", "mean", "p", "low", "high"),
    [
        (BELOW, "loss", {"record": "#44"}, 3.28, 3.2788565, 7.11281e-06, 3.2784428, 3.2792702),
        (BELOW, "loss", {"record": "#46"}, 3.28, 3.2783288, 0.000777504, 3.2775393, 3.2791182),
        (BELOW, "loss", {"record": "#19"}, 3.28, 3.2780033, 0.000770497, 3.2771816, 3.2788251),
        (BELOW, "loss", {"record": "#21"}, 3.28, 3.2775925, 0.0556999, 3.2741656, 3.2810194),
        (BELOW, "loss", {"record": "#41"}, 3.28, 3.279012, 0.00204736, 3.2783782, 3.2796458),
        (GOLF, BPB, {"entry": "#39"}, 1.195, 1.1928, 0.00234486, 1.1918813, 1.1937187),
        (GOLF, BPB, {"entry": "#41"}, 1.2193657, 1.2063662, 0.000505796, 1.2045859, 1.2081465),
        (GOLF, BPB, {"entry": "#40"}, 1.21113611, 1.2013601, 0.00600864, 1.196707, 1.2060132),
        (GOLF, NATS, {"entry": "#32"}, 2.07269931, 1.9419845, 5.09715e-06, 1.9401887, 1.9437802),
        (GOLF, BPB, {"entry": "#35"}, 1.2244, 1.1598064, 5.74662e-05, 1.1568266, 1.1627862),
    ],
)  # fmt: skip
def test_a_mean_against_a_limit_is_the_one_sided_t(files, metric, where, limit, mean, p, low, high):
    o = alone(*files, metric=metric, where=where, bound={"at_most": limit}).outcome
    assert (o.value, o.ci_low, o.ci_high) == pytest.approx((mean, low, high), rel=1e-6)
    assert o.inside_p == pytest.approx(p, rel=1e-3)


@pytest.mark.parametrize(
    ("files", "metric", "contrast", "where", "t", "df", "p"),
    [
        (BELOW, "loss", ("record", "#44", "#45"), {}, -0.774749, 16.0653, 0.449741),
        (GOLF, BPB, ("entry", "#25", "#24"), {}, -11.8339, 3.3063, 0.000806777),
        (GOLF, BPB, ("entry", "#5", "#4"), {}, -1.90927, 4.22798, 0.125003),
        (GOLF, BPB, ("entry", "#2", "#1"), {}, None, None, 0.648448),
        (GOLF, BPB, ("entry", "#3", "#2"), {}, None, None, 0.0219567),
        (GOLF, BPB, ("entry", "#4", "#3"), {}, None, None, 0.0453981),
        (GOLF, BPB, ("entry", "#6", "#5"), {}, None, None, 0.0123309),
        (GOLF, BPB, ("entry", "#7", "#6"), {}, None, None, 0.00619466),
        (GOLF, BPB, ("entry", "#8", "#7"), {}, None, None, 0.455475),
        (GOLF, BPB, ("entry", "#9", "#8"), {}, None, None, 0.193131),
        (GOLF, BPB, ("entry", "#10", "#9"), {}, None, None, 0.404245),
        (GOLF, BPB, ("entry", "#12", "#10"), {}, None, None, 0.00101607),
        (GOLF, BPB, ("entry", "#13", "#12"), {}, None, None, 0.0408335),
        (GOLF, BPB, ("entry", "#14", "#13"), {}, None, None, 0.0319227),
        (RCP, NEEDED, (BATCH, 256, 448), {BENCHMARK: "bert"}, -2.17125, 38.6506, 0.036116),
        (RCP, NEEDED, (BATCH, 16, 32), {BENCHMARK: "llama31_8b"}, 9.24387, 31.4932, 1.74242e-10),
    ],
)  # fmt: skip
def test_runs_that_share_nothing_are_compared_by_welch(files, metric, contrast, where, t, df, p):
    step = dict(zip(("factor", "from", "to"), contrast, strict=True))
    o = alone(*files, metric=metric, contrast=step, where=where, expect="difference").outcome
    assert o.method == "Welch t" and o.p == pytest.approx(p, rel=1e-3)
    if t is not None:
        assert (o.value / o.se, o.df) == pytest.approx((t, df), rel=1e-4)


@pytest.mark.parametrize(
    ("task", "before", "model", "difference", "t", "p", "low", "high"),
    [
        ("classification", SHARED, "tabm", 0.129893, 1.68031, 0.111178, -0.0332022, 0.292989),
        ("classification", "mlp", "tabm", 1.07715, 4.71885, 0.000198124, 0.595552, 1.55875),
        ("regression", PERIODIC, "tabm-packed", -2.16368, -0.979606, 0.335977, -6.69561, 2.36825),
        ("regression", "mlp", "tabm", 7.1838, 3.14368, 0.00402822, 2.49505, 11.8726),
        ("regression", "tabm", "mlp-periodic", -1.22829, -1.30347, 0.203419, -3.16177, 0.705192),
    ],
)  # fmt: skip
def test_a_data_set_counts_once(task, before, model, difference, t, p, low, high):
    step = {"factor": "model", "from": before, "to": model}
    files = (f"tabm/{task}.csv", f"tabm/{task}.yaml")
    o = alone(*files, metric="score", contrast=step, expect="difference").outcome
    found = (o.value, o.value / o.se, o.p, o.ci_low, o.ci_high)
    assert found == pytest.approx((difference, t, p, low, high), rel=1e-3)


def test_records_that_the_tracks_own_rules_pass():
    with (EXAMPLES / "nanogpt_track3" / "claims.csv").open() as file:
        printed = list(csv.DictReader(file))
    mean, n, steps = (
        {row["record"]: float(row[key]) for row in printed} for key in ("mean", "n", "steps")
    )
    passes = {r for r in mean if (3.28 - mean[r]) * np.sqrt(n[r]) >= 0.004 - 1e-9}
    assert passes == {row["record"] for row in printed if row["mark"] == "pass"}
    history = [row["record"] for row in printed if row["lowest"] == "yes"]
    better = [
        b
        for a, b in pairwise(history)
        if (mean[a] - mean[b] + 0.0045 * (steps[a] - steps[b]) / 100) / np.sqrt(1 / n[a] + 1 / n[b])
        >= 0.004
    ]
    assert better == ["5", "9", "14", "20", "29", "30", "44", "45"]
