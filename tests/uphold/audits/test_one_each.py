import itertools

import pandas as pd

from uphold.audits.one_each import one_each

from .conftest import flags

TO = {"factor": "algo", "from": "ppo", "to": "sac"}


def logged(seeds: dict[str, list[int]]) -> pd.DataFrame:
    """Return two algorithms on several data sets, each with its seeds."""
    each = [(dataset, seed) for dataset, of in seeds.items() for seed in of]
    rows = [(algo, *pair) for algo, pair in itertools.product(["ppo", "sac"], each)]
    found = pd.DataFrame(rows, columns=["algo", "dataset", "seed"])
    return found.assign(f1=0.5 + 0.01 * found.index)


APART, SHARED, SEVERAL = {"x": [1], "y": [2]}, {"x": [1], "y": [1]}, {"x": [1, 2], "y": [3, 4]}


def test_a_seed_of_its_own_for_each_data_set(make, claim):
    log = make(logged(APART), ["algo", "dataset"], replicate="seed")
    found = one_each(log, {"it": claim(contrast=TO)})
    assert (found.severity, found.count, found.unit) == ("warning", 2, "units")
    assert found.claims == ("it",)
    assert found.message.startswith("Each dataset was run with a seed of its own")
    assert "n counts 2 seeds. Run several seeds with each dataset" in found.message
    assert found.rows == ("seed 1, dataset x", "seed 2, dataset y")


def test_either_order_of_nested_replicates_tells(make):
    for replicate, outer, inner in (
        (["dataset", "seed"], "dataset", "seed"),
        (["seed", "dataset"], "seed", "dataset"),
    ):
        log = make(logged(APART), ["algo"], replicate=replicate)
        found = one_each(log, {})
        assert found.severity == "info" and "nothing-within" not in flags(log)
        assert f"or leave {replicate[1]} out of `replicate`" in found.message
        assert f"Each {outer} was run with a {inner} of its own" in found.message


def test_seeds_that_data_sets_share_and_several_seeds_each_are_fine(make):
    for seeds in (SHARED, SEVERAL):
        assert one_each(make(logged(seeds), ["algo"], replicate=["dataset", "seed"]), {}) is None
        assert one_each(make(logged(seeds), ["algo", "dataset"], replicate="seed"), {}) is None


def test_one_unit_is_for_another_check(make):
    log = make(logged({"x": [1]}), ["algo", "dataset"], replicate="seed")
    assert one_each(log, {}) is None
