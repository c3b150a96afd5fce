import itertools

import numpy as np
import pandas as pd
import pytest

from .conftest import flags

TO = {"factor": "algo", "from": "ppo", "to": "sac"}


def logged(inner: str = "episode", count: int = 3, outer: str = "seed") -> pd.DataFrame:
    """Return two algorithms × two seeds × several episodes."""
    rows = itertools.product(("ppo", "sac"), (1, 2), range(count))
    found = pd.DataFrame(rows, columns=["algo", outer, inner])
    return found.assign(f1=0.5 + 0.1 * found[outer] + 0.01 * found[inner])


@pytest.mark.parametrize("factors", [["algo"], ["algo", "seed"]])
def test_episodes_within_seeds_are_no_units(make, claim, factors):
    log = make(logged(), factors, replicate="episode")
    found = flags(log, {"it": claim(contrast=TO)})["not-a-unit"]
    assert (found.severity, found.count, found.claims) == ("error", 12, ("it",))
    assert "2 seeds, 4 runs, 12 episodes" in found.message
    assert "`replicate: [seed, episode]`" in found.message
    assert ("seed is no factor then" in found.message) == ("seed" in factors)


def test_the_way_out_is_the_way_out(make):
    log = make(logged(), ["algo"], replicate=["seed", "episode"])
    assert "not-a-unit" not in flags(log) and "repeated-replicates" not in flags(log)


def test_episodes_that_are_numbered_on_are_found_as_well(make):
    on = logged().assign(episode=range(12))
    assert "not-a-unit" in flags(make(on, ["algo"], replicate="episode"))


def test_a_column_named_in_the_plural_is_not_made_plural_again(make, claim):
    found = flags(make(logged("episodes"), ["algo"], replicate="episodes"))
    assert "2 seeds, 4 runs, 12 episodes in them" in found["not-a-unit"].message


def test_rows_are_counted_and_not_called_runs(make):
    found = flags(make(logged(), ["algo"], replicate="episode"))["not-a-unit"]
    assert (found.count, found.unit) == (12, "rows")


@pytest.mark.parametrize("outer", ["seed", "run_id", "trial", "rngSeed"])
@pytest.mark.parametrize("inner", ["episode", "eval_round", "iteration", "rollouts", "pass"])
def test_other_names_for_them(make, outer, inner):
    found = flags(make(logged(inner, 3, outer), ["algo"], replicate=inner))
    assert f"[{outer}, {inner}]" in found["not-a-unit"].message


def innocent() -> dict[str, tuple[pd.DataFrame, str]]:
    alone = logged("iteration").query("seed == 1")
    return {
        "iteration as the repetition": (alone.drop(columns="seed"), "iteration"),
        "one seed for all": (alone, "iteration"),
        "a number of seeds": (alone.assign(num_seeds=[3] * 3 + [4] * 3), "iteration"),
        "one episode a seed": (logged(count=1), "episode"),
        "a seed of its own for each": (
            alone.assign(seed=range(6)),
            "iteration",
        ),
        "folds with seeds in them": (logged("fold"), "fold"),
        "data sets with seeds in them": (logged("dataset"), "dataset"),
    }


@pytest.mark.parametrize("name", innocent())
def test_honest_units_are_left_alone(make, name):
    table, replicate = innocent()[name]
    assert "not-a-unit" not in flags(make(table, ["algo"], replicate=replicate))


@pytest.mark.parametrize(
    ("seeds", "replicate", "told"),
    [
        (lambda t: t, ["dataset", "seed"], False),
        (lambda t: t[t.seed == 1], ["dataset", "seed"], True),
        # told by another check
        (lambda t: t.assign(seed=t.dataset * 10)[t.seed == 1], ["dataset", "seed"], False),
        (lambda t: t[(t.seed == 1) | (t.dataset == 2)], ["dataset", "seed"], False),
        (lambda t: t[t.seed == 1], ["dataset"], False),
    ],
)
def test_units_of_one_inner_replicate_each_are_told(make, seeds, replicate, told):
    rows = [(a, d, s) for a in (0, 1) for d in (1, 2, 3) for s in (1, 2)]
    table = pd.DataFrame(rows, columns=["algo", "dataset", "seed"]).assign(f1=0.5)
    table["f1"] += np.sin(np.arange(12))
    found = flags(make(seeds(table).reset_index(drop=True), ["algo"], replicate=replicate))
    assert ("nothing-within" in found) == told
    if told:
        assert "Each dataset has one seed in every configuration" in found["nothing-within"].message


def test_what_is_no_unit_is_no_repeat_either(make):
    """Two seeds have an episode 1 each: neither was run again, nor did it control anything."""
    found = flags(make(logged(), ["algo"], replicate="episode"))
    assert not {"same-seed-disagrees", "repeated-replicates"} & set(found)


@pytest.mark.parametrize("inner", ["episode", "eval_episode", "episode_id", "question", "rollouts"])
def test_episodes_of_one_seed_are_no_reruns_of_it(make, claim, inner):
    log = make(logged(inner), ["algo"], replicate="seed")
    found = flags(log, {"it": claim(contrast=TO)})
    assert "same-seed-disagrees" not in found
    note = found["repeated-replicates"]
    assert (note.severity, note.count, note.claims) == ("info", 4, ("it",))
    assert f"`replicate: [seed, {inner}]`" in note.message
    assert "n counts each seed once" in note.message
    way_out = flags(make(logged(inner), ["algo"], replicate=["seed", inner]))
    assert "repeated-replicates" not in way_out


@pytest.mark.parametrize("column", ["best_epoch", "episodes_trained", "note"])
def test_a_rerun_is_one_whatever_else_differs(make, column):
    """When the best epoch differs between two runs of one seed, they are two runs all the same."""
    found = flags(make(logged(column), ["algo"], replicate="seed"))
    assert found["repeated-replicates"].severity == "warning"
    assert "did not control training" in found["same-seed-disagrees"].message


def test_an_episode_that_stands_twice_in_a_seed_was_measured_again(make):
    twice = pd.concat([logged(), logged().assign(f1=0.9)], ignore_index=True)
    assert "same-seed-disagrees" in flags(make(twice, ["algo"], replicate="seed"))
