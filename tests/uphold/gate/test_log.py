"""A loop's log as people and programs write it."""

import pytest

from uphold.errors import InputError
from uphold.gate.log import read_loop
from uphold.runlog.propose import propose_spec
from uphold.runlog.read import read

AUTORESEARCH = """commit\tval_bpb\tmemory_gb\tstatus\tdescription
a1b2c3d\t0.9979\t44.0\tkeep\tbaseline
b2c3d4e\t0.9932\t44.2\tkeep\tincrease LR to 0.04
c3d4e5f\t1.0050\t44.0\tdiscard\tswitch to GeLU activation
d4e5f6g\t0.000000\t0.0\tcrash\tdouble model width (OOM)
a1b2c3d\t0.9981\t44.0\tkeep\tbaseline
"""


def written(tmp_path, text, name="results.tsv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_results_of_autoresearch_are_read_as_they_are(tmp_path):
    found = read_loop(written(tmp_path, AUTORESEARCH), ("a1b2c3d", "b2c3d4e"))
    assert (found.score, found.arm, found.seeds, found.lower) == ("val_bpb", "commit", (), True)
    assert [(run.arm, run.score) for run in found.runs] == [
        ("a1b2c3d", -0.9979), ("b2c3d4e", -0.9932), ("c3d4e5f", -1.0050), ("a1b2c3d", -0.9981),
    ]  # fmt: skip
    assert any("1 run left out" in note for note in found.notes)


def test_seeds_that_arms_share_are_used_and_others_are_not(tmp_path):
    head = "recipe,seed,accuracy\n"
    shared = head + "".join(f"{a},{s},0.{7 + (a == 'y')}{s}\n" for a in "xy" for s in (1, 2, 3))
    apart = head + "".join(f"{a},{n},0.7{n}\n" for n, a in enumerate("xxxyyy"))
    one = head + "".join(f"{a},42,0.7{n}\n" for n, a in enumerate("xxxyyy"))
    numbered = shared.replace("seed", "run_index")
    logs = (shared, apart, one, numbered)
    found = [read_loop(written(tmp_path, t, "a.csv"), ("x", "y")) for t in logs]
    assert [each.seeds for each in found] == [("seed",), (), (), ()]
    given = read_loop(written(tmp_path, numbered, "a.csv"), ("x", "y"), seed="run_index")
    assert given.seeds == ("run_index",)
    assert not found[0].lower


def test_runs_without_a_seed_share_nothing(tmp_path):
    head = "recipe,dataset,seed,accuracy\n"
    rows = [f"{a},d,{s},0.7{n}{s}\n" for n, a in enumerate("xy") for s in ("1", "2", "", "")]
    found = read_loop(written(tmp_path, head + "".join(rows), "a.csv"), ("x", "y"), seed="seed")
    given = [run.seed for run in found.runs]
    assert given[:2] == given[4:6] and len(set(given)) == 2 + 4
    assert any("4 runs without a seed: nothing is shared" in note for note in found.notes)
    none = head + "".join(f"{a},d,,0.7{n}\n" for n, a in enumerate("xxyy"))
    found = read_loop(written(tmp_path, none, "a.csv"), ("x", "y"), seed="seed")
    assert found.seeds == () and {run.seed for run in found.runs} == {""}


@pytest.mark.parametrize(
    ("arms", "options", "says"),
    [
        (("nope", "b2c3d4e"), {}, "no column holds 'nope'"),
        (
            ("a1b2c3d", "b2c3d4e"),
            {"score": "val_bpp"},
            "no column 'val_bpp'. Did you mean 'val_bpb'",
        ),
        (("a1b2c3d", "b2c3d4e"), {"score": "description"}, "row 1: the column 'description' holds"),
        (("keep", "discard"), {"by": "commit"}, "no run of 'keep' in commit"),
    ],
)
def test_what_cannot_be_told_is_one_error(tmp_path, arms, options, says):
    with pytest.raises(InputError, match=says.replace(".", r"\.")):
        read_loop(written(tmp_path, AUTORESEARCH), arms, **options)


def test_arms_in_two_columns_ask_which_is_meant(tmp_path):
    path = written(tmp_path, "a,b,accuracy\nx,y,0.1\ny,x,0.2\nx,y,0.3\n", "a.csv")
    with pytest.raises(InputError, match="several columns \\(a, b\\): say with --by"):
        read_loop(path, ("x", "y"))
    assert read_loop(path, ("x", "y"), by="b").arm == "b"


def test_a_candidate_may_have_no_run_yet(tmp_path):
    assert read_loop(written(tmp_path, AUTORESEARCH), ("a1b2c3d", "new")).arm == "commit"


def test_of_the_epochs_of_a_run_the_last_is_a_run(tmp_path):
    rows = [
        f"{arm},{run},{epoch},{1 / epoch + run / 100:.4f}\n"
        for run, arm in enumerate("xxyy")
        for epoch in (1, 2, 3, 4)
    ]
    text = "model,run_id,epoch,val_loss\n" + "".join(rows)
    found = read_loop(written(tmp_path, text, "a.csv"), ("x", "y"))
    assert [(run.arm, run.score) for run in found.runs] == [
        ("x", -0.25), ("x", -0.26), ("y", -0.27), ("y", -0.28),
    ]  # fmt: skip
    assert any("of the rows of a run (run_id) the last by epoch is read" in n for n in found.notes)


@pytest.mark.parametrize("part", ["clip", "items"])
def test_parts_of_runs_are_refused(tmp_path, part):
    rows = [f"{a},{s},{i},0.7{i}\n" for a in "xy" for s in (1, 2) for i in range(3)]
    path = written(tmp_path, f"algo,speaker,{part},accuracy\n" + "".join(rows), "a.csv")
    with pytest.raises(InputError, match=f"rows of one algo differ in '{part}', so that"):
        read_loop(path, ("x", "y"))


def test_episodes_of_a_seed_are_refused_and_where_training_stopped_is_not(tmp_path):
    rows = [f"{a},{s},{i},{9 - i}.{s}\n" for a in "xy" for s in (1, 2) for i in (3, 5, 4)]
    path = written(tmp_path, "algo,seed,episode,reward\n" + "".join(rows), "a.csv")
    with pytest.raises(InputError, match="rows of one algo and seed differ in 'episode'"):
        read_loop(path, ("x", "y"))
    rows = [f"{a},{s},{5 + s % 2},0.7{s}\n" for a in "xy" for s in (1, 2, 3)]
    for head in ("algo,seed,epoch,accuracy\n", "algo,run,epoch,accuracy\n"):
        stopped = written(tmp_path, head + "".join(rows), "b.csv")
        assert len(read_loop(stopped, ("x", "y")).runs) == 6


def test_epochs_without_a_name_of_their_run_are_refused(tmp_path):
    rows = [f"{a},{i},0.7{i}\n" for a in "xy" for i in (1, 2, 3, 4)]
    path = written(tmp_path, "algo,epoch,accuracy\n" + "".join(rows), "a.csv")
    with pytest.raises(InputError, match="rows of one algo differ in 'epoch'"):
        read_loop(path, ("x", "y"))


def test_a_candidate_without_a_run_is_said_to_have_none(tmp_path):
    found = read_loop(written(tmp_path, AUTORESEARCH), ("a1b2c3d", "b2c3d4"))
    assert any("no run is called 'b2c3d4' yet. Did you mean" in note for note in found.notes)
    found = read_loop(written(tmp_path, AUTORESEARCH), ("a1b2c3d", "b2c3d4e"))
    assert not any("no run is called" in note for note in found.notes)


HEADS = "model,seed,loss,accuracy\n"
ONE_SCORE = {
    "percent": HEADS
    + "".join(
        f"{m},{s},0.{s}1,{80 + s + 2 * (m == 'y')}.{s * s}%\n" for m in "xy" for s in range(5)
    ),
    "decimal comma": HEADS.replace(",", ";")
    + "".join(f"{m};{s};0,{s}1;0,{80 + s}\n" for m in "xy" for s in range(5)),
    "thousands": "model,seed,note_loss,latency,accuracy\n"
    + "".join(f'{m},{s},0.{s}1,{s}.5,"1,{s}34.{s}"\n' for m in "xy" for s in range(5)),
    "dashes": HEADS
    + "".join(f"{m},{s},0.{s}1,{'—' if s == 2 else f'0.8{s}'}\n" for m in "xy" for s in range(5)),
    "wide": "model,eval_loss,acc_seed0,acc_seed1,acc_seed2\n"
    + "".join(f"{m},0.{i}3,0.8{i},0.7{i},0.8{i + 1}\n" for i, m in enumerate("xyzw")),
    "wide percent": "model,eval_loss,acc_seed0,acc_seed1\n"
    + "".join(f"{m},0.{i}3,8{i}.1%,7{i}.2%\n" for i, m in enumerate("xyzw")),
    "metrics below each other": "model,seed,metric,value\n"
    + "".join(
        f"{m},{s},{k},{v + s / 100}\n"
        for m in "xy"
        for s in range(5)
        for k, v in (("rmse", 3), ("acc", 0.8))
    ),
    "a spoiled cell": HEADS
    + "".join(
        f"{m},{s},0.{s}1,{'diverged' if s == 2 else f'0.8{s}'}\n" for m in "xy" for s in range(5)
    ),
    "epochs": "model,seed,val_acc,test_acc,epoch\n"
    + "".join(
        f"{m},{s},{80 + e + s}.1%,{70 + e + s}.2%,{e}\n"
        for m in "xy"
        for s in (1, 2)
        for e in (1, 2, 3)
    ),
    "crashed": "model,seed,state,acc,f1\n"
    + "".join(
        f"{m},{s},{'crashed' if s > 2 else 'finished'},{'' if s > 2 else f'0.8{s}'},0.7{s}\n"
        for m in "xy"
        for s in range(5)
    ),
}


@pytest.mark.parametrize("kind", ONE_SCORE)
def test_the_gate_reads_the_score_that_is_proposed(tmp_path, kind):
    path = written(tmp_path, ONE_SCORE[kind], "a.csv")
    spec = tmp_path / "spec.yaml"
    spec.write_text(propose_spec(path), encoding="utf-8")
    it = read(path, spec)
    primary = it.spec.primary
    found = read_loop(path, ("x", "y"))
    assert found.score == primary
    assert found.lower == (it.spec.metrics[primary].better == "lower")
    values = it.log.scores.table.sort_values(["model", "seed"])[primary].dropna()
    sign = -1 if found.lower else 1
    given = [(run.arm, run.seed, sign * run.score) for run in found.runs]
    assert sorted(score for *_, score in given) == pytest.approx(sorted(values))


def test_what_the_gate_reads_otherwise_is_said(tmp_path):
    found = read_loop(written(tmp_path, ONE_SCORE["wide"], "a.csv"), ("x", "y"))
    assert "acc_seed* are read as rows, a run each" in found.notes and found.seeds == ("seed",)
    named = read_loop(written(tmp_path, ONE_SCORE["wide"], "a.csv"), ("x", "y"), "acc_seed1")
    assert [run.score for run in named.runs] == [0.70, 0.71, 0.72, 0.73]
    found = read_loop(written(tmp_path, ONE_SCORE["metrics below each other"], "a.csv"), ("x", "y"))
    assert "10 rows of another metric left out: what is read is rmse" in found.notes
    with pytest.raises(InputError, match="row 3: the column 'accuracy' holds 'diverged', which is"):
        read_loop(written(tmp_path, ONE_SCORE["a spoiled cell"], "a.csv"), ("x", "y"), "accuracy")
    spoiled = read_loop(written(tmp_path, ONE_SCORE["a spoiled cell"], "a.csv"), ("x", "y"))
    assert any("accuracy is no metric: row 3 holds 'diverged'" in note for note in spoiled.notes)


def test_lists_in_a_log_are_no_scores(tmp_path):
    rows = [f'{{"arm": "{a}", "curve": [1, {s}], "loss": 0.{s}}}\n' for a in "xy" for s in (1, 2)]
    assert read_loop(written(tmp_path, "".join(rows), "a.jsonl"), ("x", "y")).score == "loss"


@pytest.mark.parametrize(("larger", "apart"), [(1000, True), (2, False)])
def test_data_sets_on_scales_of_their_own_are_refused(tmp_path, larger, apart):
    rows = [
        f"{arm}\t{dataset}\t{seed}\t{scale * (1 + 0.01 * seed + 0.1 * (arm == 'new'))}"
        for arm in ("old", "new")
        for dataset, scale in (("small", 1), ("large", larger))
        for seed in range(4)
    ]
    log = written(tmp_path, "\n".join(["arm\tdataset\tseed\trmse", *rows]))
    if apart:
        with pytest.raises(InputError, match=r"rmse is typically 1.* in small and 1.* in large"):
            read_loop(log, ("old", "new"))
    else:
        assert read_loop(log, ("old", "new")).seeds == ("dataset", "seed")


def test_arms_may_be_written_as_scores_are(tmp_path):
    arms = ["10%", "20%", "30%", "40%", "10%"]
    rows = [f"{arm},0.7{n}\n" for n, arm in enumerate(arms)]
    path = written(tmp_path, "kept,accuracy\n" + "".join(rows), "a.csv")
    found = read_loop(path, ("10%", "20%"))
    assert [run.arm for run in found.runs] == arms and found.arm == "kept"
