from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studies.calls.data.splits import complete, crossings

SHARES = {"validation_share": 0.2, "test_share": 0.2, "seed": 0}


def complete_by_content(given_splits, strata, contents, **shares):
    return complete(given_splits, strata, contents, **(SHARES | shares))


def test_nothing_given_shares_out_each_stratum():
    strata = [("frog",)] * 50 + [("toad",)] * 10 + [("newt",)] * 2
    contents = [f"content {k}" for k in range(62)]
    splits, decisions = complete_by_content([""] * 62, strata, contents)
    # Of 50, 10 are tested on and 8 of the other 40 validate; of 10, 2 and round(1.6); of 2, none.
    assert Counter(splits[:50]) == {"train": 32, "validation": 8, "iid": 10}
    assert Counter(splits[50:60]) == {"train": 6, "validation": 2, "iid": 2}
    assert Counter(splits[60:]) == {"train": 2}
    assert [sentence.split(" was drawn")[0] for sentence in decisions[:2]] == [
        "The split iid",
        "The split validation",
    ]
    assert decisions[2] == "No item is out of distribution: the split ood is empty."


def test_what_is_given_stays_and_only_the_missing_is_drawn():
    given_splits = ["train"] * 10 + ["iid"] * 5 + ["ood"] * 5
    contents = [str(k) for k in range(20)]
    splits, decisions = complete_by_content(given_splits, [("frog",)] * 20, contents)
    assert Counter(splits[:10]) == {"train": 8, "validation": 2}
    assert splits[10:] == given_splits[10:]
    assert len(decisions) == 1

    given_splits[0] = "validation"
    splits, decisions = complete_by_content(given_splits, [("frog",)] * 20, contents)
    assert splits == given_splits
    assert decisions == []


def test_items_without_a_split_train_where_the_others_are_named():
    given_splits = ["", "", "iid", "validation", "ood"]
    splits, decisions = complete_by_content(given_splits, [("frog",)] * 5, list("abcde"))
    assert splits == ["train", "train", "iid", "validation", "ood"]
    assert decisions == []


def test_an_item_joins_the_split_of_its_copy():
    splits, _ = complete_by_content(["ood", "", "", ""], [("frog",)] * 4, ["a", "a", "b", "c"])
    assert splits[1] == "ood"


ITEMS = st.lists(st.tuples(st.sampled_from("xy"), st.integers(0, 12)), min_size=1, max_size=60)


@given(ITEMS, st.integers(0, 5))
def test_copies_stay_together_whatever_the_order(items, seed):
    # The content decides the stratum, so that copies agree in it.
    strata = [("frog" if number % 2 else "toad",) for _, number in items]
    contents = [str(number) for _, number in items]
    splits, _ = complete_by_content([""] * len(items), strata, contents, seed=seed)
    by_content = dict(zip(contents, splits, strict=True))
    assert splits == [by_content[content] for content in contents]
    assert crossings(splits, contents, contents) == []
    backwards, _ = complete_by_content([""] * len(items), strata[::-1], contents[::-1], seed=seed)
    assert backwards == splits[::-1]


def test_another_stratum_leaves_the_draws_of_the_first():
    contents = [f"content {k}" for k in range(40)]
    alone, _ = complete_by_content([""] * 20, [("frog",)] * 20, contents[:20])
    both, _ = complete_by_content([""] * 40, [("frog",)] * 20 + [("toad",)] * 20, contents)
    assert both[:20] == alone


def test_another_seed_draws_others():
    contents = [f"content {k}" for k in range(40)]
    draws = [
        complete_by_content([""] * 40, [("frog",)] * 40, contents, seed=seed)[0] for seed in (0, 1)
    ]
    assert draws[0] != draws[1]


def test_a_content_in_two_splits_is_named_with_both_items():
    found = crossings(["ood", "train", "train", "iid"], ["a", "a", "b", "a"], list("wxyz"))
    assert found == [("x (train)", "z (iid)"), ("x (train)", "w (ood)")]


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_shares_of_none_and_all(share):
    splits, _ = complete_by_content(
        [""] * 10, [("frog",)] * 10, list("abcdefghij"), test_share=share, validation_share=0
    )
    assert set(splits) == ({"iid"} if share else {"train"})
