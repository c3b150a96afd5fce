"""Seeds, and how configurations share them."""

import itertools

import pytest

from uphold.errors import InputError
from uphold.pipeline.seeds import LARGEST, Seeds
from uphold.validation import Settings, validated


class Sweep(Settings):
    """What a design has of seeds."""

    seeds: Seeds


def seeds(value):
    return validated(Sweep, {"seeds": value}, "a.yaml").seeds


def of(names, **settings) -> dict[str, list[int]]:
    return seeds(settings).of(dict.fromkeys(names))


def test_a_list_is_shared_by_all():
    assert seeds([3, 1, 2]) == seeds({"values": [3, 1, 2], "sharing": "all"})
    assert seeds([3, 1, 2]).of({"a": None, "b": None}) == {"a": [1, 2, 3], "b": [1, 2, 3]}


@pytest.mark.parametrize("sharing", ["all", "none"])
def test_the_first_values_are_run_first_whatever_their_size(sharing):
    found = seeds({"values": [9, 3, 5, 1], "sharing": sharing})
    looks = [set(found.of({"a": n})["a"]) for n in (1, 2, 3, 4)]
    assert [len(look) for look in looks] == [1, 2, 3, 4]
    assert all(before < after for before, after in itertools.pairwise(looks))
    assert found.of({"a": None}) == found.of({"a": 4})


def test_a_look_of_shared_seeds_takes_the_values_as_they_stand():
    assert seeds([9, 3, 5, 1]).of({"a": 2, "b": 3}) == {"a": [3, 9], "b": [3, 5, 9]}


def test_own_seeds_differ_between_runs_and_belong_to_the_configuration():
    found = of("abcdef", values=[1, 2, 3, 4], sharing="none")
    every = [seed for one in found.values() for seed in one]
    assert len(set(every)) == 24 and all(0 <= s < LARGEST for s in every)
    assert all(one == sorted(one) for one in found.values())
    # A configuration that joins the sweep or leaves it changes no other run.
    assert of("ac", values=[4, 3, 2, 1], sharing="none") == {"a": found["a"], "c": found["c"]}


def test_own_seeds_stay_the_same_from_release_to_release():
    """Stored runs hang on them: printf 'a, 1' | sha256sum begins with 9e5503c868bc."""
    assert of("a", values=[1], sharing="none") == {"a": [0x03C868BC]}


@pytest.mark.parametrize("sharing", ["all", "none", "blocks"])
def test_order_has_no_influence(sharing):
    each = {"each": 3} if sharing == "blocks" else {}
    forward = of("abcd", values=[1, 2, 3, 4, 5], sharing=sharing, **each)
    assert of("dbca", values=[5, 2, 4, 3, 1], sharing=sharing, **each) == forward


@pytest.mark.parametrize(("names", "values", "each"), [(6, 6, 2), (4, 6, 3), (16, 8, 3), (7, 5, 2)])
def test_blocks_hold_so_many_seeds_and_are_connected(names, values, each):
    found = of(map(str, range(names)), values=list(range(values)), sharing="blocks", each=each)
    assert {len(set(one)) for one in found.values()} == {each}
    reached, left = set(next(iter(found.values()))), list(found.values())
    for _ in range(names):
        for one in left:
            reached |= set(one) if reached & set(one) else set()
    # From seed to seed over configurations that share them, every configuration is reached.
    assert all(set(one) <= reached for one in left)


def test_blocks_use_every_seed_about_equally_often():
    found = of(map(str, range(16)), values=list(range(8)), sharing="blocks", each=3)
    every = [seed for one in found.values() for seed in one]
    assert {every.count(seed) for seed in range(8)} == {6}


@pytest.mark.parametrize(
    ("value", "answer"),
    [
        ([], "seeds.values is empty"),
        ([2, 1, 2], "seeds: 'values' has 2 more than once"),
        ({"values": [1, 1, 2, 2], "sharing": "none"}, "'values' has 1, 2 more than once"),
        ({"values": [1, 2], "sharing": "some"}, "'all', 'none' or 'blocks'"),
        ({"values": [1, 2], "sharing": "blocks"}, "give it with sharing: blocks, such as each: 2"),
        ({"values": [1, 2], "each": 2}, "give it with sharing: blocks, such as each: 2"),
        ({"values": [1, 2, 3], "sharing": "blocks", "each": 1}, "'each' is 1: with 2 to 3"),
        ({"values": [1, 2, 3], "sharing": "blocks", "each": 4}, "'each' is 4: with 2 to 3"),
        ({"value": [1, 2]}, "Did you mean 'values'?"),
        ([1, "two"], "two"),
        (3, "seeds"),
    ],
)
def test_what_does_not_fit_is_named(value, answer):
    with pytest.raises(InputError, match=r"a\.yaml") as error:
        seeds(value)
    assert answer in str(error.value)
