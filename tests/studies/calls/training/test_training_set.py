import numpy as np
import pytest
import torch

from studies.calls.settings.run import CallsRun
from studies.calls.training.loading import fingerprints
from studies.calls.training.training_set import size, training_set
from uphold.errors import InputError

ALL = ("high", "medium", "low")
COUNTS = {"train": 22, "validation": 2, "iid": 2, "ood": 2}


def known(_x, y, items):
    """Make the training split 14 negatives and 8 positives: 5 grunts, 3 growls; 4, 2, 2 by
    quality.
    """
    y[:] = 0
    y[:8] = 1
    items["call_type"] = ["grunt"] * 5 + ["growl"] * 3 + [""] * 20
    items["quality"] = ["high"] * 4 + ["medium"] * 2 + ["low"] * 2 + [""] * 20


@pytest.fixture
def data(prepared):
    return prepared(counts=COUNTS, change=known)


def facts(data, seed=1, **settings):
    run = CallsRun(**{"qualities": ALL, **settings})
    made = training_set(run, seed, data)
    assert size(run, seed, data) == len(made.x) == len(made.y)
    got = made.facts()
    return got["train_positive"], got["train_negative"], got["train_added"]


def digest(data, seed=1, **settings):
    return training_set(CallsRun(**{"qualities": ALL, **settings}), seed, data).digest


def test_everything_is_kept_by_default(data):
    assert facts(data) == (8, 14, 0)


@pytest.mark.parametrize(
    ("qualities", "positives"),
    [(("high",), 4), (("medium", "low"), 4), (("high", "medium"), 6), (ALL, 8)],
)
def test_positives_of_other_qualities_are_left_out(data, qualities, positives):
    assert facts(data, qualities=qualities) == (positives, 14, 0)


def test_positives_of_unknown_quality_are_kept(prepared):
    def change(x, y, items):
        known(x, y, items)
        items["quality"] = ""

    assert facts(prepared(counts=COUNTS, change=change), qualities=("high",)) == (8, 14, 0)


def test_no_positive_left_is_an_error_that_names_what_there_is(prepared):
    def change(x, y, items):
        known(x, y, items)
        items["quality"] = "low"

    data = prepared(counts=COUNTS, change=change)
    with pytest.raises(InputError, match=r"\['high'\] leave no positive clip .* it has low"):
        training_set(CallsRun(qualities=("high",)), 1, data)


def test_balance_cuts_the_larger_class(data):
    assert facts(data, balance=True) == (8, 8, 0)
    assert facts(data, balance=True, qualities=("high",)) == (4, 4, 0)


def test_balance_cuts_positives_where_they_are_more(prepared):
    def change(x, y, items):
        known(x, y, items)
        y[:] = 1 - y

    assert facts(prepared(counts=COUNTS, change=change), balance=True) == (8, 8, 0)


def test_balance_without_negatives_is_an_error(prepared):
    def change(_x, y, _items):
        y[:] = 1

    with pytest.raises(InputError, match="no negative clip"):
        training_set(CallsRun(balance=True, qualities=ALL), 1, prepared(change=change))


@pytest.mark.parametrize(("ratio", "added"), [(0.3, 0), (0.5, 0), (0.6, 0), (0.75, 2), (1, 6)])
def test_the_smaller_class_is_filled_up(data, ratio, added):
    # int(.6 * 14) = 8 positives are there, int(.75 * 14) = 10.
    assert facts(data, upsampling_ratio=ratio) == (8 + added, 14, added)


@pytest.mark.parametrize("mode", ["repeat", "mean", "linear", "smote"])
def test_every_mode_adds_as_many(data, mode):
    assert facts(data, upsampling_ratio=1, upsampling_mode=mode) == (14, 14, 6)


def test_call_types_are_filled_up_to_the_largest_of_them(data):
    # 5 grunts, 3 growls.
    assert facts(data, targeted_upsampling="call_type") == (10, 14, 2)
    assert facts(data, targeted_upsampling="call_type", targeted_ratio=0.5) == (8, 14, 0)


def test_qualities_are_filled_up_to_the_largest_of_them(data):
    # 4 high, 2 medium, 2 low; without low, 4 and 2.
    assert facts(data, targeted_upsampling="quality") == (12, 14, 4)
    kept = ("high", "medium")
    assert facts(data, targeted_upsampling="quality", qualities=kept) == (8, 14, 2)


def test_added_rows_come_from_the_group_that_lacked_them(data):
    made = training_set(CallsRun(qualities=ALL, targeted_upsampling="call_type"), 1, data)
    growls = set(fingerprints(data.train.x[5:8], data.train.y[5:8]))
    assert set(fingerprints(made.x[-2:], made.y[-2:])) <= growls


def test_balance_comes_before_upsampling(data):
    assert facts(data, balance=True, upsampling_ratio=1) == (8, 8, 0)


def test_with_several_labels_the_columns_are_the_classes(prepared):
    def change(_x, y, items):
        y[:] = 0
        y[:9, 0] = 1
        y[8:12, 1] = 1
        y[12:14, 2] = 1
        items["quality"] = ""

    data = prepared(classes=3, counts=COUNTS, change=change)
    # Columns of 9, 4 and 2; filled up to int(.5 * 9) = 4.
    made = training_set(CallsRun(upsampling_ratio=0.5), 1, data)
    assert made.facts()["train_added"] == 2
    assert made.y[-2:, 2].tolist() == [1, 1]
    assert facts(data) == (14, 8, 0)


def test_a_class_without_rows_cannot_be_filled_up(prepared):
    def change(_x, y, _items):
        y[:] = 0
        y[:9, 0] = 1

    data = prepared(classes=2, counts=COUNTS, change=change)
    with pytest.raises(InputError, match="class 1 has no row that could fill it up"):
        size(CallsRun(upsampling_ratio=0.5, qualities=ALL), 1, data)


def test_the_digest_is_that_of_the_rows(data):
    plain = digest(data)
    assert plain == digest(data, seed=2, hidden_units=0, mixup=True)
    assert plain == digest(data, upsampling_ratio=0.3)
    assert plain == digest(data, upsampling_ratio=0.5, upsampling_mode="linear")
    different = [
        digest(data, qualities=("high", "medium")),
        digest(data, balance=True),
        digest(data, upsampling_ratio=0.75),
        digest(data, upsampling_ratio=1),
        digest(data, upsampling_ratio=1, seed=2),
        digest(data, upsampling_ratio=1, upsampling_mode="linear"),
        digest(data, targeted_upsampling="quality"),
    ]
    assert len({plain, *different}) == 1 + len(different)


def test_on_balanced_data_upsampling_is_no_operation(data):
    arms = {
        digest(data, balance=True, upsampling_ratio=ratio, upsampling_mode=mode)
        for ratio in (0, 0.3, 0.55, 1)
        for mode in ("repeat", "linear")
    }
    assert len(arms) == 1


def test_the_digest_does_not_depend_on_the_order_of_the_data(prepared):
    def shuffled(x, y, items):
        known(x, y, items)
        order = np.r_[np.random.Generator(np.random.PCG64(3)).permutation(22), np.arange(22, 28)]
        x[:], y[:] = x[order], y[order]
        for column in ("call_type", "quality"):
            items[column] = items[column].to_numpy()[order]

    one, other = (prepared(counts=COUNTS, change=change) for change in (known, shuffled))
    assert not torch.equal(one.train.x, other.train.x)
    assert digest(one) == digest(other)


def test_draws_follow_the_seed(data):
    def rows(seed):
        made = training_set(CallsRun(qualities=ALL, balance=True), seed, data)
        return fingerprints(made.x, made.y)

    assert rows(1) == rows(1)
    assert rows(1) != rows(2)


def test_the_data_are_left_as_they_are(data):
    before = data.train.x.clone(), data.train.y.clone()
    made = training_set(CallsRun(qualities=ALL, upsampling_ratio=1, balance=True), 1, data)
    made.x.zero_()
    assert torch.equal(before[0], data.train.x)
    assert torch.equal(before[1], data.train.y)
