"""The space of a search: what fits, and what is named where it does not."""

import pytest

from studies.calls.settings.run import CallsRun
from uphold.errors import InputError
from uphold.pipeline.search import Budget, Search, refuse_unfit
from uphold.validation import validated

WHERE = "params/calls.yaml: searches.toy"


def checked(space, start=None, **change) -> Search:
    block = {"by": "validation_f1", "trials": 5, "seed": 1, "space": space, **change}
    found = validated(Search, block, WHERE)
    refuse_unfit(found, CallsRun, start or {}, WHERE)
    return found


def test_a_space_of_levels_and_ranges_fits():
    found = checked({"dropout": [0, 0.5], "learning_rate": {"from": "1e-4", "to": 0.1}})
    assert found.space["dropout"].levels == [0, 0.5]
    assert found.space["learning_rate"].low == 1e-4


def test_what_acts_beside_another_level_fits():
    checked({"focal_loss": [False, True], "focal_gamma": {"from": 0.5, "to": 4}})
    checked({"focal_gamma": {"from": 0.5, "to": 4}}, {"focal_loss": True})


@pytest.mark.parametrize(
    ("space", "answer"),
    [
        ({}, "space"),
        ({"dropuot": [0, 0.5]}, "Did you mean 'dropout'?"),
        ({"dropout": [0, 1.5]}, "space.dropout: dropout is 1.5"),
        ({"learning_rate": {"from": 0.1, "to": 5}}, "space.learning_rate: learning_rate is"),
        (
            {"batch_size": {"from": 4, "to": 500}},
            "space.batch_size: batch_size is a whole number, and a range is drawn from in between:"
            " list its levels, such as [4, 252, 500]",
        ),
        ({"batch_size": {"from": 8, "to": 9}}, "list its levels, such as [8, 9]"),
        ({"hidden_units": {"from": 8.5, "to": 65}}, "hidden_units is 8.5"),
        ({"dropout": [0.5]}, "two levels or more"),
        ({"dropout": [0, 0.5, 0.5]}, "each once"),
        ({"dropout": {"from": 0.5}}, "a list of levels, or a range"),
        ({"dropout": {"from": 0.5, "to": 0.1}}, "a list of levels, or a range"),
        ({"dropout": {"from": 0, "to": 0.5, "log": True}}, "begins above 0"),
        ({"dropout": {"from": 0, "till": 0.5}}, "till is not a key"),
        ({"epochs": [1, 2]}, "space.epochs is what the budget cuts"),
        ({"focal_gamma": {"from": 0.5, "to": 4}}, "space.focal_gamma acts on no run"),
    ],
)
def test_what_does_not_fit_is_named(space, answer):
    with pytest.raises(InputError) as error:
        checked(space)
    assert str(error.value).startswith(WHERE) and answer in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("seed", [-1, 2**31])
def test_a_seed_is_one_that_every_generator_takes(seed):
    with pytest.raises(InputError, match=r"searches\.toy.*seed is"):
        checked({"dropout": [0, 0.5]}, seed=seed)


@pytest.mark.parametrize("of", ["epoch", "mixup", "dropout"])
def test_a_budget_counts_something(of):
    with pytest.raises(InputError, match=r"budget\.of: .* is no setting of a run that counts"):
        checked({"dropout": [0, 0.5]}, budget={"of": of})


@pytest.mark.parametrize(
    ("least", "factor", "whole", "steps"),
    [(1, 3, 9, [1, 3, 9]), (1, 4, 12, [1, 4, 12]), (2, 3, 2, [2]), (5, 2, 3, [3])],
)
def test_budgets_rise_to_the_whole(least, factor, whole, steps):
    assert Budget(least=least, factor=factor).steps(whole) == steps
