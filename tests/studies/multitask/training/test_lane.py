from dataclasses import replace

import numpy as np
import pytest
import torch

from studies.multitask import training
from studies.multitask.settings.run import MultitaskRun
from studies.multitask.training import plan, train
from uphold.testing.interruption import assert_goes_on
from uphold.threads import one_thread
from uphold.training.contract import Task
from uphold.training.stacked_adam import StackedAdam

BRIEF = {"epochs": 2, "batch_size": 16}
ALL = {"mixup": True, "label_smoothing": True, "schedule": "cosine", "stem_width": 64}


def tasks(**more) -> list[Task]:
    return [Task(MultitaskRun(**BRIEF, **more), seed) for seed in (1, 2)]


def result(task: Task, data):
    with one_thread():
        return train([task], data, "cpu")[0]


def same(one, other) -> bool:
    return all(
        np.array_equal(array, other.predictions[split]) for split, array in one.predictions.items()
    )


SMALL = {"width_scale": 0.25}


@pytest.mark.parametrize("more", [{}, ALL, SMALL, ALL | SMALL])
def test_a_run_repeats_bit_for_bit_in_whatever_company(data, more):
    one, two = tasks(**more)
    alone = result(two, data)
    with one_thread():
        first, second = train([one, two], data, "cpu")
    assert same(alone, second) and not same(alone, first)
    for name, values in alone.history.items():
        np.testing.assert_array_equal(values, second.history[name])


@pytest.mark.parametrize("setting", ALL)
def test_each_upgrade_changes_the_run(data, setting):
    plain, changed = (
        result(Task(MultitaskRun(**BRIEF, **more), 1), data)
        for more in ({}, {setting: ALL[setting]})
    )
    assert not same(plain, changed)


def test_what_a_run_tells(data):
    found = result(tasks()[0], data)
    assert {k: v.shape for k, v in found.predictions.items()} == {
        "validation": (20, 43),
        "test": (24, 43),
    }
    assert all(v.dtype == np.float32 for v in found.predictions.values())
    assert ((found.predictions["test"][:, 42] > 0) & (found.predictions["test"][:, 42] < 1)).all()
    assert found.history["epoch"].tolist() == [1, 2]
    assert {"validation_loss", "train_loss", "learning_rate"} <= set(found.history)
    assert found.facts["train_items"] == 70
    assert found.facts["training_set"] == data.digest
    assert found.facts["best_epoch"] == found.facts["epochs_run"] == 2


def test_it_learns(data):
    found = result(Task(MultitaskRun(epochs=8, batch_size=16), 1), data)
    assert found.history["train_loss"][-1] < 0.8 * found.history["train_loss"][0]


def test_cosine_decay_leads_to_a_tenth(data):
    found = result(Task(MultitaskRun(epochs=4, batch_size=70, schedule="cosine"), 1), data)
    # half cosines of 0, 1/4, 1/2, 3/4 between 1e-3 and 1e-4
    expected = [1e-4 + 9e-4 * (1 + np.cos(np.pi * k / 4)) / 2 for k in range(4)]
    np.testing.assert_allclose(found.history["learning_rate"], expected)


def test_cosine_decay_goes_by_steps_and_a_history_tells_the_rate_of_each_first(data, monkeypatch):
    settings = MultitaskRun(epochs=2, batch_size=16, schedule="cosine")  # 70 rows: 5 steps an epoch
    rates, updates = [], StackedAdam.updates

    def recorded(self, rules):
        rates.extend(rule.rate for rule in rules if rule)
        return updates(self, rules)

    monkeypatch.setattr(StackedAdam, "updates", recorded)
    found = result(Task(settings, 1), data)
    # Keras's CosineDecay over 10 steps from 1e-3 to a tenth of it
    expected = [1e-3 * (0.9 * 0.5 * (1 + np.cos(np.pi * step / 10)) + 0.1) for step in range(10)]
    np.testing.assert_allclose(rates, expected, rtol=1e-12)
    np.testing.assert_allclose(found.history["learning_rate"], [expected[0], expected[5]])


def test_the_rate_is_cut_where_the_validation_loss_stalls(data):
    settings = {"epochs": 12, "batch_size": 16, "learning_rate": 0.01, "schedule": "plateau"}
    found = result(Task(MultitaskRun(**settings, plateau_patience=2, plateau_factor=0.5), 1), data)
    losses = found.history["validation_loss"]
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer := torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.01),
        factor=0.5,
        patience=1,  # one less than Keras's for the same
        threshold=1e-4,
        threshold_mode="abs",
    )
    rates = []
    for loss in losses:
        rates.append(optimizer.param_groups[0]["lr"])
        schedule.step(loss)
    np.testing.assert_allclose(found.history["learning_rate"], rates)
    assert found.facts["rate_cuts"] == len(set(rates)) - 1 > 0


def test_a_plateau_that_never_comes_is_a_constant_rate(data):
    constant, patient = (
        result(Task(MultitaskRun(**BRIEF, schedule=schedule), 1), data)
        for schedule in ("constant", "plateau")
    )
    assert same(constant, patient)
    assert patient.facts["rate_cuts"] == 0 and "rate_cuts" not in constant.facts


def test_early_stopping_keeps_the_best_epoch(data):
    settings = {"epochs": 15, "batch_size": 16, "learning_rate": 0.01}
    stopped = result(Task(MultitaskRun(**settings, early_stopping=True, patience=1), 1), data)
    whole = result(Task(MultitaskRun(**settings), 1), data)
    losses = whole.history["validation_loss"]
    rises = np.flatnonzero(np.diff(losses) >= 0)
    assert len(rises), "it overfits"
    assert stopped.facts["best_epoch"] == rises[0] + 1
    assert stopped.facts["epochs_run"] == rises[0] + 2
    assert whole.facts["best_epoch"] == 15


def test_a_loss_that_is_not_finite_is_a_failure(data):
    broken = data.train.x.clone()
    broken[0] = float("nan")
    rows = type(data.train)(broken, data.train.a, data.train.b, data.train.c)
    spoilt = replace(data, train=rows)
    found = result(tasks()[0], spoilt)
    assert "not finite in epoch 1" in found.failure
    assert not found.predictions


def test_a_lane_holds_runs_of_one_program_the_longest_first(data):
    small = {"width_scale": 0.25}
    few, many, wide, large = runs = [
        Task(MultitaskRun(epochs=1, **small), 1),
        Task(MultitaskRun(epochs=3, **small), 1),
        Task(MultitaskRun(epochs=3, stem_width=64, **small), 1),
        Task(MultitaskRun(epochs=9), 1),
    ]
    again = replace(large, seed=2)
    assert plan([*runs, again], data, "cpu", 2) == [[large], [again], [wide], [many, few]]
    lanes = plan([replace(few, seed=seed) for seed in range(20)], data, "cpu", 2)
    assert [len(lane) for lane in lanes] == [8, 8, 4]


@pytest.mark.parametrize(
    "more",
    [
        {"schedule": "plateau", "plateau_patience": 1, "plateau_min_delta": 10.0},
        {"schedule": "cosine", "mixup": True},
        {"early_stopping": True, "patience": 2, "learning_rate": 0.05},
    ],
)
def test_a_run_that_was_killed_goes_on(data, more):
    task = Task(MultitaskRun(**{**BRIEF, "epochs": 4, **more}), 1)
    with one_thread():
        whole = assert_goes_on(training, task, data)[0]
    rates = whole.history["learning_rate"]
    assert (rates[-1] < rates[0]) == ("schedule" in more)  # what is to be gone on with acts
