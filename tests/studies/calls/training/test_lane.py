from dataclasses import replace

import numpy as np
import pytest
import torch

from studies.calls import training
from studies.calls.settings.run import CallsRun
from studies.calls.training import train
from uphold.testing.interruption import InMemory, assert_equal, assert_goes_on
from uphold.training.contract import Task

BASE = {"hidden_units": 32, "epochs": 3, "qualities": ("high", "medium", "low")}


def one(data, seed=1, **settings):
    return train([Task(CallsRun(**{**BASE, **settings}), seed)], data, "cpu")[0]


def test_it_learns(prepared):
    data = prepared(counts={"train": 300, "validation": 100, "iid": 100, "ood": 100})
    result = one(data, epochs=20, learning_rate=3e-3)
    right = (result.predictions["ood"] > 0.5) == (data.tests["ood"].y.numpy() > 0)
    # About 65 % are negative.
    assert right.mean() > 0.8
    assert result.history["train_loss"][-1] < result.history["train_loss"][0] / 2


def test_the_result_holds_what_the_contract_asks_for(prepared):
    result = one(prepared(classes=2))
    assert {n: p.shape for n, p in result.predictions.items()} == {
        "validation": (40, 2),
        "iid": (30, 2),
        "ood": (50, 2),
    }
    assert all(p.dtype == np.float32 for p in result.predictions.values())
    assert list(result.history) == ["epoch", "train_loss", "validation_loss", "learning_rate"]
    assert result.history["epoch"].tolist() == [1, 2, 3]
    assert set(result.facts) == {
        "train_positive",
        "train_negative",
        "train_added",
        "training_set",
        "best_epoch",
        "epochs_run",
        "parameters",
    }
    # 16 * 32 + 32 + 32 * 2 + 2
    assert result.facts["parameters"] == 610
    assert result.facts["epochs_run"] == 3


def test_early_stopping_goes_back_to_the_best_epoch(prepared):
    data = prepared()
    settings = {"learning_rate": 0.02, "hidden_units": 128, "dropout": 0}
    stopped = one(data, epochs=60, early_stopping=True, patience=3, **settings)
    best = stopped.facts["best_epoch"]
    losses = stopped.history["validation_loss"]
    assert 1 <= best < 57
    assert stopped.facts["epochs_run"] == len(losses) == best + 3
    assert best == 1 + int(np.argmin(losses))
    until_best = one(data, epochs=best, **settings)
    for split, expected in until_best.predictions.items():
        np.testing.assert_array_equal(stopped.predictions[split], expected)


def test_a_least_improvement_stops_earlier_and_keeps_the_weights_before_the_small_steps(prepared):
    data = prepared()
    settings = {"learning_rate": 0.02, "hidden_units": 128, "dropout": 0}
    stopping = {"early_stopping": True, "patience": 3}
    any_step = one(data, epochs=60, **stopping, **settings)
    stopped = one(data, epochs=60, min_delta=0.05, **stopping, **settings)
    best = stopped.facts["best_epoch"]
    assert best < any_step.facts["best_epoch"]
    assert stopped.facts["epochs_run"] == best + 3
    until_best = one(data, epochs=best, **settings)
    np.testing.assert_array_equal(stopped.predictions["ood"], until_best.predictions["ood"])


def test_without_early_stopping_a_least_improvement_counts_for_nothing(prepared):
    data = prepared()
    plain, other = one(data, epochs=5), one(data, epochs=5, min_delta=0.5)
    assert plain.facts == other.facts
    np.testing.assert_array_equal(plain.predictions["ood"], other.predictions["ood"])


def test_without_early_stopping_the_last_weights_are_used(prepared):
    data = prepared()
    settings = {"learning_rate": 0.02, "hidden_units": 128, "dropout": 0}
    result = one(data, epochs=30, **settings)
    best = result.facts["best_epoch"]
    assert best == 1 + int(np.argmin(result.history["validation_loss"])) < 30
    at_best = one(data, epochs=best, **settings)
    assert not np.array_equal(result.predictions["ood"], at_best.predictions["ood"])


def test_a_run_whose_loss_is_nan_fails_and_harms_no_other(prepared):
    def change(x, y, items):
        low = (items["quality"] == "low") & (items["split"] == "train")
        x[np.flatnonzero(low)[0]] = np.nan

    data = prepared(change=change)
    lane = [
        Task(CallsRun(**{**BASE, "qualities": qualities}), 1)
        for qualities in (("high",), ("high", "low"), ("high", "medium"))
    ]
    fine, failed, also_fine = train(lane, data, "cpu")
    assert failed.failure == "loss is NaN in epoch 1"
    assert not failed.predictions
    assert failed.history["epoch"].tolist() == [1]
    assert failed.facts["epochs_run"] == 1
    for task, result in ((lane[0], fine), (lane[2], also_fine)):
        assert result.failure is None
        (alone,) = train([task], data, "cpu")
        np.testing.assert_array_equal(result.predictions["ood"], alone.predictions["ood"])


def test_an_infinite_loss_is_a_failure_too(prepared):
    def change(x, _y, items):
        x[np.flatnonzero(items["split"] == "validation")[0]] = np.inf

    result = one(prepared(change=change), hidden_units=0, dropout=0)
    assert result.failure in ("loss is infinite in epoch 1", "loss is NaN in epoch 1")


def test_only_the_training_split_teaches(prepared):
    def scrambled(x, y, items):
        other = np.flatnonzero(items["split"] != "train")
        x[other] += 1
        y[other] = 1 - y[other]
        items.loc[items["split"] != "train", ["call_type", "quality"]] = "grunt", "high"

    settings = {"balance": True, "targeted_upsampling": "quality"}
    data, changed = prepared(), prepared(change=scrambled)
    one_result, other_result = one(data, **settings), one(changed, **settings)
    assert one_result.facts["training_set"] == other_result.facts["training_set"]
    for column in ("train_loss", "learning_rate"):
        np.testing.assert_array_equal(one_result.history[column], other_result.history[column])
    # The weights are equal too: moved back, the scrambled items are predicted as before.
    for name in ("iid", "ood"):
        changed.tests[name].x.copy_(data.tests[name].x)
    moved_back = one(changed, **settings)
    np.testing.assert_array_equal(one_result.predictions["ood"], moved_back.predictions["ood"])


def test_the_data_are_left_as_they_are(prepared):
    data = prepared()
    before = [rows.x.clone() for rows in (data.train, data.validation, *data.tests.values())]
    one(data, mixup=True, upsampling_ratio=1)
    after = [rows.x for rows in (data.train, data.validation, *data.tests.values())]
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))


def test_the_global_generators_are_left_alone(prepared):
    data = prepared()
    torch.manual_seed(0)
    np.random.seed(0)  # noqa: NPY002
    before = torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    one(data, mixup=True, upsampling_ratio=1, balance=True)
    assert torch.equal(before[0], torch.get_rng_state())
    assert np.array_equal(before[1], np.random.get_state()[1])  # noqa: NPY002


def test_runs_of_different_programs_are_refused(prepared):
    lane = [Task(CallsRun(hidden_units=h), 1) for h in (16, 32)]
    with pytest.raises(ValueError, match="share a program"):
        train(lane, prepared(), "cpu")


@pytest.mark.parametrize(
    "settings",
    [
        {"mixup": True, "optimizer": "adamw", "schedule": "cosine"},
        {"early_stopping": True, "patience": 2, "learning_rate": 0.05, "dropout": 0, "epochs": 9},
        {"hidden_units": 0, "focal_loss": True},
    ],
)
def test_a_run_that_was_killed_goes_on(prepared, settings):
    assert_goes_on(training, Task(CallsRun(**{**BASE, **settings}), 1), prepared())


def test_runs_that_were_killed_at_different_epochs_go_on_side_by_side_with_one_that_begins(
    prepared,
):
    data, run = prepared(), CallsRun(**{**BASE, "epochs": 5, "mixup": True})
    tasks, kept = [Task(run, seed) for seed in (1, 2, 3)], [InMemory() for _ in range(3)]
    whole = train([replace(t, checkpoint=k) for t, k in zip(tasks, kept, strict=True)], data, "cpu")
    starts = [InMemory(kept[0].states[3]), InMemory(kept[1].states[0]), InMemory()]
    lane = [replace(t, checkpoint=k) for t, k in zip(tasks, starts, strict=True)]
    for ours, theirs in zip(train(lane, data, "cpu"), whole, strict=True):
        assert_equal(ours, theirs)
    assert [len(start.states) for start in starts] == [0, 3, 4]
