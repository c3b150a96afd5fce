"""Whether configurations were run with the same seeds, and what is said where they were not."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from uphold.runlog.plan import plan

from ..conftest import STEP
from .conftest import flags


def on_own_seeds(table: pd.DataFrame) -> pd.DataFrame:
    """Return the runs with a seed of its own for each."""
    return table.assign(seed=range(len(table)))


def in_blocks(table: pd.DataFrame) -> pd.DataFrame:
    """Return the runs with three of four seeds in each configuration, as cyclic blocks have them.

    Configurations are four rows each, one a seed.
    """
    return table[table.seed % 4 != np.arange(len(table)) // 4].reset_index(drop=True)


def test_seeds_that_some_configurations_lack(table, relog):
    table.loc[3, "f1"] = np.nan
    found = flags(relog(table.drop(index=[0])))["unpaired-seeds"]
    assert (found.severity, found.count, found.unit) == ("warning", 2, "cells")
    assert found.rows == ("mixup off, ratio 0 (2 of 4)",)
    assert "4 configurations × 4 seeds" in found.message
    assert "Run what is missing" in found.message and "matched runs only" not in found.message


def test_one_seed_is_an_error(table, relog):
    found = flags(relog(table[table["seed"] == 1]))["unpaired-seeds"]
    assert (found.severity, found.count, found.unit) == ("error", 4, "arms")
    assert "Run each configuration with further seeds" in found.message


def test_seeds_of_their_own_are_no_gaps(table, relog, claim):
    it = {"it": claim(contrast=STEP, expect="increase")}
    log = relog(on_own_seeds(table))
    found = flags(log, it)
    assert "unpaired-seeds" not in found
    own = found["own-seeds"]
    assert (own.severity, own.count, own.unit, own.claims) == ("info", 4, "arms", ("it",))
    assert "Each of 4 configurations has seeds of its own" in own.message
    assert "`sharing: none`" in own.message and "`replicate`" in own.message
    assert plan(log, {}, found.values()) == []


def test_a_claim_about_one_configuration_compares_no_seeds(table, relog, claim):
    one = {"one": claim(bound={"at_least": 0.1}, where={"mixup": True, "ratio": 0.5})}
    assert flags(relog(on_own_seeds(table)), one)["own-seeds"].claims == ()


def test_groups_of_configurations_are_told_from_gaps(table, relog):
    """Mixup was run on other seeds than the rest, at both ratios, and one of its runs was lost."""
    apart = table.assign(seed=table.seed + 10 * table.mixup)
    whole = flags(relog(apart))
    assert "unpaired-seeds" not in whole
    assert "2 groups of configurations share no seed" in whole["own-seeds"].message
    lost = flags(relog(apart.drop(index=15)))["unpaired-seeds"]
    assert (lost.count, lost.rows) == (1, ("mixup on, ratio 0.5 (3 of 4)",))
    assert lost.message.startswith("1 of 16 cells (configuration × seed) has no run")


def test_where_seeds_are_shared_none_is_ones_own(table, relog):
    assert "own-seeds" not in flags(relog(table))
    assert "own-seeds" not in flags(relog(table[table.seed == 1]))
    assert "own-seeds" not in flags(relog(table[:4]))


def test_blocks_are_noted_and_repaired_by_nothing(table, relog):
    log = relog(in_blocks(table))
    found = flags(log)
    note = found["unpaired-seeds"]
    assert (note.severity, note.count) == ("info", 4)
    assert "Each of 4 configurations was run with 3 of 4 seeds" in note.message
    assert "`sharing: blocks`" in note.message
    assert plan(log, {}, found.values()) == []


def test_a_block_that_lost_a_run_is_a_gap(table, relog):
    found = flags(relog(in_blocks(table).drop(index=0)))["unpaired-seeds"]
    assert (found.severity, found.count) == ("warning", 5)


@pytest.mark.parametrize("looks", [[2, 4], [2, 4, 8], [2, 3, 4]])
def test_seeds_of_a_later_look_are_no_gaps(table, relog, looks):
    """Mixup at ratio .5 has come to the next look, the other configurations have not."""
    part = table[(table.seed <= 2) | (table.mixup & (table.ratio > 0))]
    assert "unpaired-seeds" in flags(relog(part))
    log = relog(part, looks=looks)
    found = flags(log)
    assert "unpaired-seeds" not in found and plan(log, {}, found.values()) == []


def test_a_seed_before_the_last_one_is_missing_whatever_the_looks(table, relog):
    part = table[(table.seed <= 2) | (table.mixup & (table.ratio > 0))]
    log = relog(part.drop(index=0), looks=[2, 4])  # seed 1 without mixup at ratio 0
    found = flags(log)["unpaired-seeds"]
    assert (found.severity, found.count) == ("warning", 1)
    assert found.rows == ("mixup off, ratio 0 (1 of 2)",)
    assert "before the last seed of its configuration" in found.message
    (repair,) = plan(log, {}, [found])
    assert repair.what == "the seeds that configurations lack: mixup off, ratio 0 (1 of 2)"
    assert repair.runs == 1


def test_a_run_that_failed_is_missing_at_its_look(table, relog):
    table.loc[3, "f1"] = np.nan
    found = flags(relog(table, looks=[2, 4]))["unpaired-seeds"]
    assert (found.count, found.rows) == (1, ("mixup off, ratio 0 (3 of 4)",))


def test_inner_replicates_of_other_names_are_no_gaps(table, relog):
    """Both arms have all seeds, and each its own epochs in them."""
    parts = pd.concat([table, table], ignore_index=True)
    log = relog(parts.assign(epoch=range(len(parts))), replicate=["seed", "epoch"])
    assert not {"unpaired-seeds", "own-seeds"} & set(flags(log))


def with_ensembles(table: pd.DataFrame) -> pd.DataFrame:
    """Return the runs, and after them one ensemble of two for each two runs of an arm."""
    pairs = table[table["seed"] % 2 == 1].assign(members=2, lead=0.01)
    pairs["run"] = pairs["run"] + " and the next"
    return pd.concat([table.assign(members=1, lead=np.nan), pairs], ignore_index=True)


def of_ensembles(relog, table: pd.DataFrame):
    metric = {"label": "lead", "better": "higher", "margin": 0.02}
    metrics = {"f1": metric | {"label": "F1"}, "lead": metric}
    factors = ["mixup", "ratio", "members"]
    made = relog(with_ensembles(table), factors=factors, metrics=metrics)
    return replace(made, members="members")


def test_ensembles_lack_none_of_the_seeds_of_their_members(table, relog):
    log = of_ensembles(relog, table)
    assert not {"unpaired-seeds", "nonfinite", "missing-cells"} & set(flags(log))
    # By the seeds of their rows alone each would lack every other one.
    assert "unpaired-seeds" in flags(replace(log, members=""))
    lacking = flags(of_ensembles(relog, table.drop(index=1)))["unpaired-seeds"]
    assert (lacking.count, lacking.rows) == (1, ("mixup off, ratio 0, members 1 (3 of 4)",))


def test_what_an_ensemble_lacks_is_missing(table, relog):
    log = of_ensembles(relog, table)
    values = log.scores.table.copy()
    values.loc[16, "lead"] = np.nan
    found = flags(replace(log, scores=replace(log.scores, table=values)))["nonfinite"]
    assert found.count == 1 and "lead in 1 of" in found.message
