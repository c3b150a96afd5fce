"""Specs proposed for logs as trackers write them."""

import itertools
import re

import numpy as np
import pandas as pd
import pytest
import yaml

from uphold.audits import audit
from uphold.claims.judge import judge
from uphold.claims.spec import Spec, read_spec
from uphold.errors import InputError
from uphold.runlog.make_log import make_log
from uphold.runlog.propose import propose
from uphold.runlog.tables import read_table


def proposed(table: pd.DataFrame) -> Spec:
    """Return the proposed spec, which reads back and fits its table."""
    spec = read_spec(propose(table), "proposal")
    make_log(table, spec, "runs.csv")
    return spec


@pytest.fixture
def tracked(table) -> pd.DataFrame:
    """What a tracker writes: settings that do not vary, times, losses, an identifier."""
    return table.rename(columns={"f1": "test_f1", "mixup": "config.mixup"}).assign(
        batch_size=32,
        epochs=50,
        best_epoch=range(16),
        val_loss=[0.3 + i / 100 for i in range(16)],
        created="2024-05-01",
        runtime=[60.0 + i for i in range(16)],
    )


@pytest.fixture
def grid() -> pd.DataFrame:
    """Two optimizers × two rates × four seeds."""
    rows = itertools.product(["sgd", "adam"], [1e-3, 1e-2], [1, 2, 3, 4])
    return pd.DataFrame(rows, columns=["optimizer", "lr", "seed"])


def spread(size: int, low: float, high: float) -> np.ndarray:
    """Return numbers that are all different, in no order."""
    return low + (high - low) * (np.arange(size) * 7 % size) / size


def test_a_proposal_is_read_back_and_fits_its_table(tracked):
    spec = proposed(tracked)
    assert (spec.replicate, spec.run) == (("seed",), "run")
    assert spec.factors == ["config.mixup", "ratio"]
    assert list(spec.metrics) == ["test_f1", "val_loss"] and spec.primary == "test_f1"
    loss, f1 = spec.metrics["val_loss"], spec.metrics["test_f1"]
    assert (loss.better, loss.split, f1.better, f1.kind) == ("lower", "validation", "higher", "f1")
    assert (loss.margin, f1.margin) == (0.009, 0.02)
    judged = judge({"runs": make_log(tracked, spec, "runs")}, spec.claims)
    assert {j.verdict for j in judged.values()} == {"supported"}
    assert judged["first-step"].claim.contrast.factor == "config.mixup"


def test_an_export_of_weights_and_biases(grid):
    table = grid.assign(
        Name=[f"sunny-bird-{i}" for i in range(16)],
        State="finished",
        Notes="-",
        User="me",
        Tags=["a", "b"] * 8,
        Created=[f"2024-05-{1 + i // 2:02}T10:00:00.000Z" for i in range(16)],
        Runtime=spread(16, 60, 90),
        Sweep=["x1", "x2"] * 8,
        checkpoint_path=["/data/a.pt", "/data/b.pt"] * 8,
        _step=100,
    )
    for split in ("val", "test"):
        table[f"{split}/accuracy"] = spread(16, 70, 90)
        table[f"{split}/auroc"] = spread(16, 80, 95)
        table[f"{split}/loss"] = spread(16, 0.4, 2.5)
    table["train/loss"] = spread(16, 0.1, 0.3)
    spec = proposed(table)
    assert (spec.run, spec.replicate) == ("Name", ("seed",))
    assert spec.factors == ["optimizer", "lr"]
    assert list(spec.metrics) == [
        *("test/accuracy", "test/loss", "val/accuracy", "val/loss", "train/loss"),
    ]
    accuracy = spec.metrics["test/accuracy"]
    assert (accuracy.auroc, accuracy.margin, accuracy.label) == ("test/auroc", 2, "test accuracy")
    assert spec.metrics["train/loss"].split == "train"
    assert spec.claims["first-step"].contrast.factor == "lr"
    text = propose(table)
    assert "# No factors (a name, a time, a difference or the like): Tags, Created" in text


def test_an_export_of_mlflow(grid):
    table = pd.DataFrame(
        {
            "run_id": [f"{i:032x}" for i in range(16)],
            "experiment_id": ["1", "2"] * 8,
            "status": ["FINISHED", "FAILED"] * 8,
            "artifact_uri": [f"file:///mlruns/{i % 2}" for i in range(16)],
            "start_time": [f"2024-05-{1 + i % 2:02} 10:00:00+00:00" for i in range(16)],
            "metrics.f1_score": spread(16, 0.6, 0.8),
            "metrics.precision": spread(16, 0.6, 0.8),
            "metrics.recall": spread(16, 0.6, 0.8),
            "metrics.rmse": spread(16, 2, 4),
            **{f"params.{name}": grid[name] for name in ("seed", "lr", "optimizer")},
            "params.loss_weight": [0.5, 1.0] * 8,
            "tags.mlflow.runName": [f"run-{i}" for i in range(16)],
            "tags.mlflow.user": ["a", "b"] * 8,
        }
    )
    spec = proposed(table)
    assert (spec.run, spec.replicate) == ("run_id", ("params.seed",))
    assert spec.factors == ["params.lr", "params.optimizer"]  # the weight goes with the seed
    f1, rmse = spec.metrics["metrics.f1_score"], spec.metrics["metrics.rmse"]
    assert (f1.precision, f1.recall) == ("metrics.precision", "metrics.recall")
    assert (rmse.better, rmse.kind, rmse.margin) == ("lower", "score", 0.08)
    assert "metrics.precision" not in spec.metrics


@pytest.mark.parametrize("name", ["ood_{}", "{}_ood", "test/ood/{}"])
def test_companions_share_what_stands_before_or_behind(grid, name):
    parts = ["f1", "precision", "recall", "auroc", "tp", "fp", "fn", "tn", "threshold"]
    columns = {name.format(p): spread(16, 0.1, 0.9) for p in parts}
    columns |= {name.format(c): np.arange(16) + 20 for c in ("tp", "fp", "fn", "tn")}
    metric = proposed(grid.assign(**columns)).metrics[name.format("f1")]
    assert metric.counts.model_dump() == {c: name.format(c) for c in ("tp", "fp", "fn", "tn")}
    assert (metric.precision, metric.auroc) == (name.format("precision"), name.format("auroc"))
    threshold = metric.threshold
    assert (threshold.column, threshold.grid) == (name.format("threshold"), [0.0, 1.0])
    assert threshold.chosen_on == "test"


def test_one_threshold_for_all_is_of_no_certain_split(grid):
    scores = {f"{s}_f1": spread(16, 0.1, 0.9) for s in ("val", "test")}
    spec = proposed(grid.assign(threshold=spread(16, 0.1, 0.9), **scores))
    assert [m.threshold.column for m in spec.metrics.values()] == ["threshold"] * 2
    assert [m.threshold.chosen_on for m in spec.metrics.values()] == [None] * 2


def test_incomplete_counts_are_none(grid):
    columns = {"f1": spread(16, 0.1, 0.9), "tp": range(16), "fp": range(16)}
    assert proposed(grid.assign(**columns)).metrics["f1"].counts is None


def test_slices_of_an_evaluation_are_told_and_not_taken(grid):
    table = grid.assign(
        ood_f1=spread(16, 0.1, 0.9),
        ood_f1_dogs=spread(16, 0.1, 0.9),
        f1_gap=spread(16, 0, 0.1),
    )
    assert list(proposed(table).metrics) == ["ood_f1"]
    assert "# Other scores: ood_f1_dogs\n" in propose(table)


def test_other_names_for_factors_are_no_factors(grid):
    table = grid.assign(
        f1=spread(16, 0.1, 0.9),
        size=[10, 20] * 8,
        family=np.where(grid["optimizer"] == "sgd", "plain", "adaptive"),
        cell=grid["optimizer"] + grid["lr"].astype(str),
    )
    table["size"] = grid["seed"] * 10
    assert proposed(table).factors == ["optimizer", "lr"]
    text = propose(table)
    for answer in ("goes with seed): size", "goes with optimizer): family", "combinations of the"):
        assert answer in " ".join(text.replace("#", " ").split())


def test_a_name_is_a_factor_where_nothing_else_is(grid):
    table = pd.DataFrame({"experiment": grid["optimizer"], "seed": grid["seed"], "f1": 0.5})
    table["f1"] += np.arange(16) / 100
    assert proposed(table).factors == ["experiment"]


@pytest.mark.parametrize(
    ("levels", "step"),
    [
        ((True, False), (False, True)),
        (("mixup", "none"), ("none", "mixup")),
        ((1024, 512), (512, 1024)),
        (("b", "a"), ("a", "b")),
    ],
)
def test_the_first_step_goes_up_or_from_without(levels, step):
    table = pd.DataFrame({"level": list(levels) * 4, "seed": [1, 1, 2, 2, 3, 3, 4, 4]})
    table["f1"] = spread(8, 0.1, 0.9)
    claim = proposed(table).claims["first-step"].contrast
    assert (claim.from_, claim.to) == step


def test_names_from_the_file_are_data(tracked):
    odd = "a: [b] #\n!!c"
    columns = {"ratio": odd, "val_loss": "val_loss\n- x: 1", "batch_size": "{{x}}"}
    spec = proposed(tracked.rename(columns=columns).assign(**{"f1\nx": spread(16, 0, 1)}))
    assert odd in spec.factors


def test_a_name_that_stands_twice_is_one_all_the_same(tracked):
    twice = tracked["run"].replace("r3", "r4")
    assert proposed(tracked.assign(run=twice)).run == "run"
    assert proposed(tracked.assign(run=["a", "b"] * 8)).run is None


def test_lists_are_neither_factor_nor_metric(tracked):
    assert "layers" not in proposed(tracked.assign(layers=[[1], [2]] * 8)).factors


def test_what_is_called_as_a_statistic_is_not_guessed_to_be_a_factor(grid):
    table = grid.assign(f1=spread(16, 0.1, 0.9), n=[10, 20, 20, 10] * 4)
    assert proposed(table).factors == ["optimizer", "lr"]
    assert "# No factors (the name of a statistic): n\n" in propose(table)


@pytest.mark.parametrize(
    ("columns", "missing"),
    [(["mixup", "seed"], "metric"), (["seed", "f1"], "factor")],
)
def test_what_was_not_found_is_said(table, columns, missing):
    with pytest.raises(InputError, match=f"looks like a {missing}"):
        propose(table[columns])


def test_archived_runs_get_nearly_the_spec_that_was_written_for_them(frog):
    table = read_table(frog / "stage2_runs.csv")
    ours = proposed(table)
    theirs = read_spec((frog / "stage2_spec.yaml").read_text("utf-8"), "stage2_spec.yaml")
    for key in ("replicate", "run", "factors", "training", "primary", "metrics"):
        assert getattr(ours, key) == getattr(theirs, key), key
    assert ours.claims["first-step"].contrast == theirs.claims["smoothing-lifts"].contrast
    answer = [
        {(r.check, r.severity, r.count, re.sub(r"Claims.*", "", r.message)) for r in audit(log, {})}
        for log in (make_log(table, spec, "runs.csv") for spec in (ours, theirs))
    ]
    assert {check for check, *_ in answer[1] - answer[0]} == {"published-mismatch"}
    assert not answer[0] - answer[1]


def words(text: str) -> str:
    """Return what a proposal says in its comments, on one line."""
    lines = [line.removeprefix("# ") for line in text.splitlines() if line.startswith("# ")]
    return " ".join(lines)


def test_without_a_replicate_all_else_is_proposed(grid):
    table = grid.rename(columns={"seed": "no_idea"}).assign(f1=spread(16, 0.1, 0.9))
    table["id"] = [f"r{i}" for i in range(16)]
    table["no_idea"] = table["no_idea"].astype(str) + "x"
    table["seed"] = 3
    text = propose(table[[c for c in table if c != "no_idea"]])
    assert "\nreplicate: CHOOSE\n" in text and "- optimizer\n- lr\n" in text
    said = words(text)
    assert "Candidates: seed (one value in all runs: no repeats); id (each run a unit" in said
    with pytest.raises(InputError, match="replicate still says CHOOSE: write the column"):
        read_spec(text, "proposal")
    spec = read_spec(
        text.replace("CHOOSE", "id", 1).replace("replicate: CHOOSE", "replicate: id"), "x"
    )
    assert spec.replicate == ("id",)


def test_a_constant_is_no_replicate(grid):
    table = grid.rename(columns={"seed": "run_no"}).assign(f1=spread(16, 0.1, 0.9), seed=42)
    assert proposed(table).replicate == ("run_no",)
    assert proposed(table.assign(num_seeds=3)).replicate == ("run_no",)


@pytest.mark.parametrize("name", ["iteration", "trial", "attempt"])
def test_what_numbers_the_runs_of_each_configuration_is_their_replicate(grid, name):
    table = grid.rename(columns={"seed": name}).assign(f1=spread(16, 0.1, 0.9))
    assert proposed(table).replicate == (name,)


@pytest.mark.parametrize("name", ["dataset", "task", "env", "benchmark", "Dataset Name"])
def test_data_sets_with_several_seeds_are_an_outer_replicate(name):
    rows = itertools.product(["a", "b", "c"], ["sgd", "adam"], [1, 2, 3])
    table = pd.DataFrame(rows, columns=[name, "optimizer", "seed"]).assign(f1=spread(18, 0.1, 0.9))
    spec = proposed(table)
    assert (spec.replicate, spec.factors) == ((name, "seed"), ["optimizer"])
    assert f"{name} is taken for a sample of others like it" in words(propose(table))
    split = proposed(pd.concat([table.assign(split=0), table.assign(split=1)], ignore_index=True))
    assert split.replicate == (name, "split", "seed")


@pytest.mark.parametrize("name", ["speaker", "Subject"])
def test_who_was_tried_with_every_arm_is_the_replicate_where_no_seed_is(name):
    rows = itertools.product(["base", "new"], ["s1", "s2", "s3"], range(4))
    table = pd.DataFrame(rows, columns=["arm", name, "clip"]).assign(f1=spread(24, 0.1, 0.9))
    spec = proposed(table)
    assert (spec.replicate, spec.factors) == ((name, "clip"), ["arm"])
    assert f"clip lies within {name}: the mean of each {name} counts once" in words(propose(table))
    seeds = pd.concat([table.assign(seed=s) for s in (1, 2)], ignore_index=True)
    assert proposed(seeds.drop(columns="clip").drop_duplicates()).replicate[-1] == "seed"
    own = table[(table["arm"] == "base") == (table[name] == "s1")]
    assert "replicate: CHOOSE" in propose(own)


def test_what_the_reader_refuses_is_no_candidate():
    rows = itertools.product(["base", "new"], ["x", "y"], range(4))
    table = pd.DataFrame(rows, columns=["arm", "kind", "clip"]).assign(f1=spread(16, 0.1, 0.9))
    assert "No column may be: add one to the log." in words(propose(table))


def test_a_base_is_what_a_step_begins_at():
    rows = itertools.product(["base", "a1"], range(4))
    table = pd.DataFrame(rows, columns=["arm", "seed"]).assign(f1=spread(8, 0.1, 0.9))
    assert proposed(table).claims["first-step"].contrast.from_ == "base"


def test_a_data_set_of_each_arm_is_a_factor():
    rows = [(d, o, s) for d, o in (("a", "sgd"), ("b", "adam"), ("c", "lion")) for s in (1, 2, 3)]
    table = pd.DataFrame(rows, columns=["dataset", "optimizer", "seed"])
    assert proposed(table.assign(f1=spread(9, 0.1, 0.9))).replicate == ("seed",)


def test_runs_that_did_not_finish_are_left_out_by_a_rule(grid):
    states = ["finished", "crashed", *["finished"] * 13, "running"]
    table = grid.assign(f1=spread(16, 0.1, 0.9), State=states)
    spec = proposed(table)
    assert spec.rows["State"].written() == "finished"
    assert len(make_log(table, spec, "runs").scores.table) == 14
    said = words(propose(table))
    assert "2 of 16 rows are left out (rows): they did not finish (1 crashed, 1 running)" in said
    assert not proposed(table.assign(State="finished")).rows


def test_a_level_that_no_run_finished_with_is_a_factor_all_the_same():
    table = pd.DataFrame({"lr": [1, 1, 2, 2], "seed": [0, 1, 0, 1], "f1": [0.1, 0.2, 0.3, 0.4]})
    table["state"] = ["failed", "failed", "finished", "finished"]
    assert proposed(table).factors == ["lr"]
    assert "Of lr one level alone has a run that finished." in words(propose(table))


def test_histories_are_read_as_runs(grid):
    table = pd.concat([grid.assign(epoch=e) for e in (1, 2, 3)], ignore_index=True)
    table = table.assign(val_loss=spread(48, 0.1, 0.9), test_acc=spread(48, 0.5, 0.9))
    spec = proposed(table)
    assert spec.history.along == "epoch" and spec.history.keep.lowest == "val_loss"
    log = make_log(table, spec, "runs")
    assert len(log.scores.table) == 16
    assert proposed(table.drop(columns="val_loss")).history.keep == "last"


def test_where_training_stopped_is_set_aside(grid):
    table = pd.concat([grid, grid], ignore_index=True).assign(epoch=spread(32, 20, 52) // 1)
    table["acc"] = spread(32, 0.5, 0.9)
    assert proposed(table).aside == ["epoch"]


def test_wide_seeds_are_read_as_rows():
    table = pd.DataFrame({"model": ["a", "b"], "acc_seed_1": [0.5, 0.6], "acc_seed_2": [0.4, 0.7]})
    spec = proposed(table)
    assert (spec.replicate, spec.factors, spec.primary) == (("seed",), ["model"], "acc")
    assert len(make_log(table, spec, "runs").scores.table) == 4


@pytest.fixture
def searched():
    return pd.DataFrame(
        {
            "number": range(30),
            "value": spread(30, 0.5, 0.9),
            "params_lr": np.geomspace(1e-4, 1e-1, 30)[::-1],
            "params_units": range(64, 94),
            "params_momentum": [*spread(10, 0.5, 0.9), *[None] * 20],
            "params_layers": [1, 2, 3, 4, 5, 6] * 5,
            "params_heads": [2, 4, 8] * 10,
            "params_optimizer": ["adam", "sgd"] * 15,
        }
    )


def test_what_a_search_drew_has_a_scale_and_no_levels(searched):
    text = propose(searched, {"value": "lower"})
    spec = read_spec(text, "proposal")
    assert spec.factors == ["params_heads", "params_optimizer"]
    assert spec.numeric == {
        "params_lr": "log",
        "params_units": "linear",
        "params_momentum": "linear",
        "params_layers": "linear",
    }
    assert spec.replicate == ("number",) and spec.metrics["value"].better == "lower"
    claims = spec.claims
    assert list(claims) == ["lr", "units", "momentum", "layers", "first-step"]
    assert claims["lr"].slope.per == 10 and claims["units"].slope.per == 20
    assert (claims["lr"].role, claims["first-step"].role) == ("primary", "secondary")
    said = words(text)
    assert "as a search draws them: params_lr, params_units, params_momentum, params_layers" in said
    assert "Each trial is a unit." in said and "is not adjusted for numeric settings" in said
    assert "numbers runs: those of one number" not in said
    assert len(make_log(searched, spec, "runs").scores.table) == 30


def test_a_search_of_numbers_alone_has_no_factor(searched):
    spec = proposed(searched[["number", "value", "params_lr"]])
    assert (spec.factors, spec.numeric) == ([], {"params_lr": "log"})
    assert list(spec.claims) == ["lr"]


def test_what_a_tracker_says_of_a_scale_comes_before_a_guess(searched):
    text = propose(searched, None, None, {"params_units": "log", "params_lr": "linear"})
    spec = read_spec(text, "proposal")
    assert (spec.numeric["params_units"], spec.numeric["params_lr"]) == ("log", "linear")


def test_trials_are_the_units_of_a_search_whatever_seed_they_share(searched):
    own = proposed(searched.assign(seed=range(100, 130)))
    assert own.replicate == ("seed",)
    shared = searched.assign(seed=[1, 2, 3] * 10)
    assert proposed(shared).replicate == ("number",)
    text = propose(shared.drop(columns="number"))
    assert "replicate: seed" in text  # nothing else tells trials apart


def test_what_a_tracker_calls_a_result_is_one(grid):
    table = pd.DataFrame({f"config.{name}": grid[name] for name in grid})
    table = table.assign(**{"metrics.widgets": spread(16, 1, 9), "tags.host": ["a", "b"] * 8})
    spec = proposed(table)
    assert spec.factors == ["config.optimizer", "config.lr"] and spec.replicate == ("config.seed",)
    assert spec.metrics["metrics.widgets"].label == "widgets"
    assert "Which way is better is a guess: metrics.widgets" in words(propose(table))
    told = read_spec(propose(table, {"metrics.widgets": "lower"}), "proposal")
    assert told.metrics["metrics.widgets"].better == "lower"


@pytest.mark.parametrize(("column", "kept"), [("metric", "rmse"), ("unit", "ms")])
def test_scores_of_two_metrics_are_never_averaged(grid, column, kept):
    more = [*[kept] * 16, *["accuracy"] * 8]
    table = pd.concat([grid, grid[:8]], ignore_index=True).assign(
        test=spread(24, 0.1, 0.9), **{column: more}
    )
    spec = proposed(table)
    assert spec.rows[column].written() == kept
    assert spec.metrics["test"].better == ("lower" if kept == "rmse" else "higher")


def test_rows_without_their_seed_are_left_out_by_a_rule(grid):
    table = grid.assign(f1=spread(16, 0.1, 0.9), seed=[None, *[1, 2, 3] * 5])
    assert proposed(table).rows["seed"].written() == {"empty": False}


def test_printed_summaries_are_no_runs():
    table = pd.DataFrame({"model": ["a", "b"], "seed": [1, 2], "acc": ["85.3 ± 0.4", "86 ± 1"]})
    with pytest.raises(InputError, match=r"cells of acc are means with their spread"):
        propose(table)
    spec = {"replicate": "seed", "factors": ["model"], "primary": "acc"}
    spec["metrics"] = {"acc": {"label": "acc", "better": "higher", "margin": 0.01}}
    with pytest.raises(InputError, match="a mean with its spread and no run"):
        make_log(table, Spec.model_validate(spec), "runs.csv")


def test_one_level_in_two_spellings_is_said(grid):
    table = grid.assign(f1=spread(16, 0.1, 0.9), act=["ReLU", "relu", "gelu", "gelu"] * 4)
    table["act"] = ["ReLU", "relu", "gelu", "gelu", *["gelu", "ReLU", "relu", "ReLU"]] * 2
    assert "act: 'ReLU' and 'relu' may be one level" in words(propose(table))


def test_one_run_is_not_compared():
    with pytest.raises(InputError, match="one run"):
        propose(pd.DataFrame({"model": ["a"], "seed": [1], "acc": [0.5]}))


def test_what_is_the_same_in_every_run_is_named():
    table = pd.DataFrame({"mixup": [0, 1] * 4, "seed": [1, 1, 2, 2, 3, 3, 4, 4]})
    table["accuracy"] = [0.71, 0.74, 0.72, 0.75, 0.70, 0.73, 0.69, 0.76]
    assert "The same in every run" not in propose(table)
    text = propose(table.assign(wd=0.1, gpu="A100"))
    assert "# The same in every run, so that nothing can be said of it: wd, gpu\n" in text


def on_sets(scales, score="rmse", offset=0.0):
    """Return a log of two models on data sets, whose scores lie on a scale each."""
    rows = [(d, m, s, 1 + (m == "b") / 9 + s / 50) for d in scales for m in "ab" for s in (1, 2, 3)]
    table = pd.DataFrame(rows, columns=["dataset", "model", "seed", score])
    table[score] = table[score] * table["dataset"].map(scales) + offset
    return table


def test_data_sets_of_other_scales_are_claimed_one_at_a_time():
    text = propose(on_sets({"taxi": 30_000, "wine": 0.6, "kin": 0.1}))
    spec = yaml.safe_load(text)
    assert spec["rows"] == {"dataset": "taxi"} and spec["replicate"] == "seed"
    assert spec["metrics"]["rmse"]["margin"] > 100
    said = text.replace("\n# ", " ")
    assert "write in its place one of wine, kin." in said
    assert "12 of 18 rows are left out (rows): rmse is typically 0.11 in kin and 3" in said


@pytest.mark.parametrize(
    ("scales", "score", "offset"),
    [
        ({"taxi": 3, "wine": 0.6, "kin": 1}, "rmse", 0.0),
        ({"taxi": 0.9, "wine": 0.01}, "accuracy", 0.0),
        ({"taxi": 1, "wine": 0.01}, "reward", 5.0),
    ],
)
def test_data_sets_of_one_scale_stay_a_sample(scales, score, offset):
    spec = yaml.safe_load(propose(on_sets(scales, score, offset)))
    assert "rows" not in spec and spec["replicate"] == ["dataset", "seed"]


def test_a_number_of_seeds_is_no_replicate_and_the_number_of_a_run_is(relog):
    rows = [(m, 3, r) for m in "ab" for r in (1, 2, 3)]
    table = pd.DataFrame(rows, columns=["model", "num_seeds", "run_no"])
    table["test_acc"] = [0.80, 0.81, 0.82, 0.84, 0.85, 0.86]
    assert "\nreplicate: run_no\nfactors:\n- model\nmetrics" in propose(table)
