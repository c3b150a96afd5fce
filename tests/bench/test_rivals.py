"""Logs of the comparison with rivals have the faults that they are said to have; answers are read
as the packages gave them (kept outputs, none of the packages is needed)."""

import importlib
import json
import sys
from pathlib import Path

import pytest

RIVALS = Path(__file__).parents[2] / "bench" / "rivals"
KEPT = json.loads((Path(__file__).parent / "rivals_kept.json").read_text())
ARMS = {"arms": ["a1"]}


@pytest.fixture
def load(monkeypatch):
    """Import a script of the folder as it is imported there."""
    monkeypatch.syspath_prepend(str(RIVALS))
    before = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - before:
        if Path(getattr(sys.modules[name], "__file__", None) or "/").parent == RIVALS:
            del sys.modules[name]


@pytest.fixture
def logs(load):
    return load("logs")


def of(table, arm):
    return table[table["arm"] == arm]


def test_a_number_gives_one_log_and_another_another(logs):
    for name in logs.SCENARIOS:
        assert logs.log(name, 3).equals(logs.log(name, 3))
        assert not logs.log(name, 3).equals(logs.log(name, 4))


def test_a_question_says_nothing_of_the_truth(logs):
    for scenario in logs.SCENARIOS.values():
        asked = json.dumps(scenario.question)
        assert "fault" not in asked and "none" not in asked and "better" not in asked


def test_arms_of_the_truth_are_in_the_log_and_beside_them_a_base_alone(logs):
    for name, scenario in logs.SCENARIOS.items():
        if not scenario.crossed:
            assert set(logs.log(name, 0)["arm"]) == {"base", *scenario.truth}
        assert {scenario.unit, scenario.within} - {""} <= set(logs.log(name, 0))


@pytest.mark.parametrize(
    ("name", "arm", "effect", "within"),
    [
        ("many-arms", "a8", 0.0, 0.004),
        ("few-seeds", "a1", 0.0, 0.005),
        ("real", "a1", 0.04, 0.004),
        ("shared-none", "a1", 0.0, 0.008),
        ("shared-real", "a1", 0.03, 0.008),
        ("datasets", "a1", 0.03, 0.003),
        ("datasets", "a2", 0.0, 0.003),
        ("duplicated", "a1", 0.0, 0.004),
        ("diverged", "a1", 0.03, 0.003),
        ("below-margin", "a1", 0.004, 0.001),
    ],
)
def test_arms_differ_by_what_is_true(logs, name, arm, effect, within):
    unit = [logs.SCENARIOS[name].unit]
    gaps = []
    for number in range(60):
        table = logs.log(name, number)
        mean = [of(table, a).groupby(unit)["accuracy"].mean() for a in (arm, "base")]
        gaps.append((mean[0] - mean[1]).mean())
    assert sum(gaps) / len(gaps) == pytest.approx(effect, abs=within)


def test_every_row_is_there_twice(logs):
    table = logs.log("duplicated", 0)
    assert table.duplicated().sum() == len(table) / 2 == 10


def test_one_run_has_no_score(logs):
    table = logs.log("diverged", 0)
    assert table["accuracy"].isna().sum() == 1 and of(table, "a1")["accuracy"].isna().any()


def test_one_run_crashed_and_has_a_score(logs):
    table = logs.log("crashed", 0)
    lost = table[table["state"] != "finished"]
    assert len(lost) == 1 and lost["arm"].item() == "a1" and lost["accuracy"].item() < 0.5
    assert table.drop(index=lost.index)["accuracy"].min() > 0.6


def test_an_arm_alone_has_the_new_data(logs):
    table = logs.log("revisions", 0)
    assert of(table, "base")["data_revision"].unique().tolist() == ["r1"]
    assert of(table, "a1")["data_revision"].unique().tolist() == ["r2"]


def test_the_best_seeds_alone_are_kept(logs):
    table = logs.log("best-of", 0)
    assert len(of(table, "base")) == len(of(table, "a1")) == 5
    assert of(table, "base")["seed"].tolist() == [0, 1, 2, 3, 4]
    gaps = [
        of(t, "a1")["accuracy"].mean() - of(t, "base")["accuracy"].mean()
        for t in (logs.log("best-of", n) for n in range(30))
    ]
    # the mean of the best quarter of a normal sample lies about 1.2 SDs of .01 above its mean
    assert sum(gaps) / len(gaps) == pytest.approx(0.012, abs=0.003)


def test_an_arm_lost_eight_of_twenty_seeds(logs):
    table = logs.log("shared-none", 0)
    assert len(of(table, "base")) == 20
    assert len(of(table, "a1")) == 12 and set(of(table, "a1")["seed"]) <= set(range(20))


def test_clips_of_a_speaker_err_together(logs):
    between, within = [], []
    for number in range(30):
        table = logs.log("speakers", number)
        wide = table.pivot_table(index=["speaker", "clip"], columns="arm", values="accuracy")
        change = wide["a1"] - wide["base"]
        assert len(change) == 180
        between.append(change.groupby("speaker").mean().var())
        within.append(change.groupby("speaker").var().mean() / 30)
    assert sum(between) > 5 * sum(within)  # 1 if clips were independent


def test_the_interaction_is_there_and_where_none_is_there_is_none(logs):
    for name, true in (("interaction", 0.03), ("additive", 0.0)):
        gaps = []
        for number in range(60):
            mean = logs.log(name, number).groupby(["arm", "mixup"])["accuracy"].mean()
            gain = mean["a1"] - mean["base"]
            gaps.append(gain[True] - gain[False])
        assert sum(gaps) / len(gaps) == pytest.approx(true, abs=0.004)


@pytest.mark.parametrize(
    ("adapter", "scenario", "answers"),
    [
        ("with_autorank", "real", {"a1": "better"}),
        ("with_autorank", "datasets", {"a1": "unclear", "a2": "unclear"}),
        ("with_autorank_bayes", "real", {"a1": "better"}),
        ("with_autorank_bayes", "below-margin", {"a1": "small"}),
        ("with_careful_notebook", "crashed", {"a1": "better", "a2": "small"}),
        ("with_careful_notebook", "interaction", {"interaction": "better"}),
        ("with_claimeval", "real", {"a1": "better"}),
        ("with_claimeval", "below-margin", {"a1": "small"}),
        ("with_evalstats", "below-margin", {"a1": "better"}),
        ("with_evalstats", "datasets", {"a1": "better", "a2": "unclear"}),
        ("with_notebook", "real", {"a1": "better"}),
        ("with_notebook", "few-seeds", {"a1": "unclear"}),
        ("with_pingouin", "datasets", {"a1": "better", "a2": "unclear"}),
        ("with_pingouin", "interaction", {"interaction": "better"}),
        ("with_rliable", "real", {"a1": "better"}),
        ("with_rliable", "few-seeds", {"a1": "unclear"}),
    ],
)
def test_an_answer_is_read_as_it_was_given(load, adapter, scenario, answers):
    read, question = load(adapter).read, load("logs").SCENARIOS[scenario].question
    assert read(KEPT[adapter][scenario], question) == answers


def test_which_side_is_better_follows_the_sign(load):
    pair = KEPT["with_evalstats"]["below-margin"]["pairwise"][0]
    turned = {"pairwise": [{**pair, "diff": -pair["diff"]}]}
    assert load("with_evalstats").read(turned, ARMS) == {"a1": "worse"}
    assert load("with_rliable").read({"a1": [-0.2, -0.1]}, ARMS) == {"a1": "worse"}
    assert load("with_notebook").read({"a1": [-0.2, 0.01]}, ARMS) == {"a1": "worse"}
    rows = [{**row, "p_corr": 0.01} for row in KEPT["with_pingouin"]["datasets"]]
    assert load("with_pingouin").read(rows, ARMS)["a2"] == "worse"
    ranked = {"posthoc": "nemenyi", "p": 0.01, "cd": 0.5}
    ranked["rows"] = [
        {"arm": "base", "meanrank": 1.1, "median": 0.8},
        {"arm": "a1", "meanrank": 1.9, "median": 0.7},
    ]
    assert load("with_autorank").read(ranked, ARMS) == {"a1": "worse"}
    assert load("with_autorank").read({**ranked, "cd": 1.0}, ARMS) == {"a1": "unclear"}


def test_uphold_is_asked_by_claims_that_a_spec_may_hold(load, tmp_path):
    logs, uphold = load("logs"), load("with_uphold")
    uphold.load()
    for name in ("real", "interaction"):
        path = tmp_path / f"{name}.csv"
        logs.log(name, 0).to_csv(path, index=False)
        raw = uphold.ask(path, logs.SCENARIOS[name].question)
        (answer,) = uphold.read(raw, logs.SCENARIOS[name].question).values()
        assert answer == "better"
        assert raw["lines"] == 8


def test_a_refusal_is_no_false_claim_and_a_miss(load):
    tally, logs = load("tally"), load("logs")
    real = logs.SCENARIOS["real"]
    assert tally.misses({}, real) and not tally.is_false({}, real)
    assert not tally.misses({"a1": "better"}, real)
    assert tally.is_false({"a1": "small"}, real)
    none = logs.SCENARIOS["few-seeds"]
    assert tally.is_false({"a1": "worse"}, none) and not tally.is_false({"a1": "small"}, none)
    small = logs.SCENARIOS["below-margin"]
    assert not tally.is_false({"a1": "better"}, small)


def test_what_is_counted(load):
    tally = load("tally")
    line = {"scenario": "duplicated", "error": "", "said": [], "seconds": 1.0, "lines": None}
    lines = [
        {**line, "answers": {"a1": "better"}},
        {**line, "answers": {"a1": "better"}, "said": ["10 duplicate keys"]},
        {**line, "answers": {}, "error": "ValueError: too few rows"},
        {**line, "answers": {"a1": "small"}, "said": ["info: nothing"]},
    ]
    found = tally.counts(lines)["duplicated"]
    assert (found["logs"], found["refused"], found["false"], found["false unsaid"]) == (4, 1, 2, 1)
    assert (found["named"], found["warned"], found["small"]) == (1, 2, 1)
    assert found["said"] == "10 duplicate keys"
    assert tally.cell(found, "false") == "50 [15, 85], refused 25 [5, 70]"


def test_the_committed_page_is_that_of_the_committed_numbers(load):
    found = json.loads((RIVALS / "results.json").read_text())
    assert load("tally").page(found) == (RIVALS / "results.md").read_text()
