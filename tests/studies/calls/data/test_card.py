import json

import numpy as np
import pytest

from studies.calls.data import card, synthetic
from studies.calls.data.prepared import Item, PreparedCalls
from studies.calls.settings.data import Data, Synthetic
from uphold.errors import InputError

SETTINGS = Data(
    synthetic=Synthetic(train=30, validation=20, iid=10, ood=10, recorders=2, ood_recorders=1)
)


@pytest.fixture(scope="module")
def data():
    return synthetic.make(SETTINGS)


def total(nested):
    return nested if isinstance(nested, int) else sum(total(inner) for inner in nested.values())


def test_counts_add_up(data):
    described = card.describe(data, SETTINGS)
    assert total(described["counts"]) == len(data.items) == 70
    sizes = {"train": (30, 9), "validation": (20, 6), "iid": (10, 3), "ood": (10, 3)}
    assert list(described["splits"]) == list(sizes)
    for split, (items, positives) in sizes.items():
        recorders = ["foreign-1"] if split == "ood" else ["familiar-1", "familiar-2"]
        assert described["splits"][split] == {
            "items": items,
            "positives": positives,
            "prevalence": 0.3,
            "recorders": recorders,
        }
    for split, by_recorder in described["counts"].items():
        assert total(by_recorder) == described["splits"][split]["items"]
        calls = sum(total(by_label.get("call", 0)) for by_label in by_recorder.values())
        assert calls == described["splits"][split]["positives"]


def test_counts_are_nested_by_split_recorder_label_type_and_quality():
    rows = [("train", "A", "frog", "grunt", "high")] * 2 + [
        ("ood", "B", "noise", "", ""),
        ("train", "A", "frog", "grunt", "low"),
        ("train", "", "frog", "growl", "high"),
    ]
    items = [
        Item(str(k), "a", 0.0, label, call_type, quality, recorder, split)
        for k, (split, recorder, label, call_type, quality) in enumerate(rows)
    ]
    counts = card.counts(PreparedCalls(np.zeros((5, 1)), np.zeros((5, 1)), items, ["frog"]))
    assert counts == {
        "train": {
            "A": {"frog": {"grunt": {"high": 2, "low": 1}}},
            "unspecified": {"frog": {"growl": {"high": 1}}},
        },
        "ood": {"B": {"noise": {"unspecified": {"unspecified": 1}}}},
    }
    assert list(counts) == ["train", "ood"]


def test_the_card_is_json_and_says_how_the_data_came_about(data):
    described = card.describe(data, SETTINGS)
    assert json.loads(json.dumps(described, allow_nan=False)) == described
    assert described["source"] == "synthetic"
    assert described["classes"] == ["call"]
    assert described["positive"] == "call"
    assert (described["sample_rate_hz"], described["window_s"]) == (16000, 3.0)
    assert described["duration_s"] == 210
    assert described["features"]["size"] == 1024
    assert set(described["recorders"]) == {"familiar-1", "familiar-2", "foreign-1"}
    assert described["settings"]["train"] == 30
    assert described["decisions"]


def prepared(splits, labels):
    items = [Item(str(k), "a", 0.0, "", "", "", "", split) for k, split in enumerate(splits)]
    y = np.array(labels, dtype=np.uint8)
    return PreparedCalls(np.zeros((len(y), 1), dtype=np.float32), y, items, ["frog", "toad"])


GOOD = ["train", "train", "train", "validation", "iid"]
LABELS = [[1, 0], [0, 1], [0, 0], [1, 0], [0, 0]]


def test_data_with_all_that_is_needed_pass():
    card.check(prepared(GOOD, LABELS), "frog")
    card.check(prepared([*GOOD[:4], "ood"], LABELS), "frog")


@pytest.mark.parametrize(
    ("splits", "labels", "reason"),
    [
        (GOOD, [[1, 0], [0, 0], *LABELS[2:]], "No item in the split train has the class toad"),
        (GOOD, [[1, 1]] * 3 + LABELS[3:], "Every item in the split train has the class 'frog'"),
        (GOOD, [*LABELS[:3], [0, 1], [0, 0]], "split validation has the class 'frog'"),
        (["train", "train", "train", "validation", "train"], LABELS, "No item is in a test split"),
    ],
)
def test_data_that_the_study_cannot_use_are_refused(splits, labels, reason):
    with pytest.raises(InputError, match=reason):
        card.check(prepared(splits, labels), "frog")


def test_a_class_of_one_item_needs_others_and_no_other_share():
    one = prepared(GOOD, [[1, 0], [0, 1], [0, 0], [0, 0], [0, 0]])
    with pytest.raises(InputError, match=r"has 1 item in all, and .* need one each\. Add items"):
        card.check(one, "frog")
    # two windows of one recording are on one side of every split
    windows = prepared(GOOD, [[1, 0], [1, 0], [0, 1], [0, 0], [0, 0]])
    windows.about["recordings"] = 4
    with pytest.raises(InputError, match=r"has 1 recording in all"):
        card.check(windows, "frog")
    del windows.about["recordings"]
    with pytest.raises(InputError, match=r"2 items have it\. Raise validation_share"):
        card.check(windows, "frog")
