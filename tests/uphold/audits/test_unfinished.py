import numpy as np
import pytest

from ..conftest import STEP
from .conftest import flags


def states(table, state: list[str], column: str = "State"):
    """Return the runs with a state each: those that are given first, and then finished ones."""
    return table.assign(**{column: [*state, *["finished"] * (len(table) - len(state))]})


@pytest.mark.parametrize(
    ("column", "words", "rows"),
    [
        ("State", ["crashed", "killed"], "{State: finished}"),
        ("state", ["TrialState.PRUNED", "FAIL"], "{state: finished}"),
        ("status", ["FAILED", "RUNNING"], "{status: finished}"),
        ("run_state", ["Preempted", "out_of_memory"], "{run_state: finished}"),
        ("_wandb.state", ["crashed", "running"], "{_wandb.state: finished}"),
    ],
)
def test_runs_that_did_not_finish_are_named_with_the_way_out(
    table, relog, claim, column, words, rows
):
    log = relog(states(table, words, column))
    found = flags(log, {"it": claim(contrast=STEP)})["unfinished-runs"]
    assert (found.severity, found.count, found.rows) == ("error", 2, ("r0", "r1"))
    assert f"`rows: {rows}`" in found.message and f"1 {words[0]}" in found.message
    assert found.claims == ("it",)


def test_the_way_out_is_the_way_out(table, relog):
    log = relog(states(table, ["crashed"]), rows={"State": "finished"})
    assert len(log.scores.table) == 15 and "unfinished-runs" not in flags(log)


def test_several_words_for_finished_are_all_kept(table, relog):
    found = flags(relog(states(table, ["killed", "ok", "COMPLETE"])))["unfinished-runs"]
    assert "`rows: {State: [ok, COMPLETE, finished]}`" in found.message


def test_a_level_without_a_finished_run_is_named(table, relog):
    found = flags(relog(states(table, ["crashed"] * 8)))["unfinished-runs"]
    assert found.count == 8 and "No run with mixup off finished." in found.message
    found = flags(relog(states(table, ["crashed"] * 4)))["unfinished-runs"]
    assert "Of 1 configuration no run finished." in found.message
    found = flags(relog(states(table, ["crashed"] * 3)))["unfinished-runs"]
    assert "no run finished" not in found.message.lower()


@pytest.mark.parametrize(
    ("words", "way"),
    [
        (["running"] * 16, "Wait until runs have finished."),
        (
            ["FAILED"] * 16,
            "No run of this log finished: nothing can be shown with it before some do.",
        ),
        (["FAILED", *["pending"] * 15], "Wait until runs have finished."),
    ],
)
def test_where_no_run_finished_the_way_out_depends_on_whether_one_may(table, relog, words, way):
    message = flags(relog(states(table, words)))["unfinished-runs"].message
    assert message.endswith(way)
    assert "No run with" not in message


def test_failed_runs_without_a_score_are_for_another_check(table, relog):
    table["f1"] = table.f1.where(table.index > 1, np.nan)
    table["status"] = np.where(table.index > 1, "ok", "failed")
    found = flags(relog(table))
    assert "unfinished-runs" not in found and found["nonfinite"].count == 2


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ("state", ["ohio", "texas"] * 8),
        ("marital_status", ["single", "failed"] * 8),
        ("status", ["ok"] * 16),
        ("status", [None] * 16),
        ("status", [0, 1] * 8),
        ("failure", ["crashed", "finished"] * 8),
    ],
)
def test_other_columns_are_no_states(table, relog, column, words):
    assert "unfinished-runs" not in flags(relog(table.assign(**{column: words})))


def test_a_factor_is_no_state(table, relog):
    named = states(table, ["crashed"] * 8, "state")
    assert "unfinished-runs" not in flags(relog(named, factors=["mixup", "ratio", "state"]))
