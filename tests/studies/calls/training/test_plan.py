from collections import Counter

import pytest
import torch

from studies.calls.settings.run import CallsRun
from studies.calls.training import plan
from studies.calls.training.lane import program
from studies.calls.training.training_set import size
from uphold.errors import InputError
from uphold.training.contract import Task


def runs(count, **settings):
    return [Task(CallsRun(**{"epochs": 2, **settings}), seed) for seed in range(count)]


def work(lane, data):
    return sum(
        t.settings.epochs * -(-size(t.settings, t.seed, data) // t.settings.batch_size)
        for t in lane
    )


def assert_covers(lanes, tasks):
    assert Counter(task for lane in lanes for task in lane) == Counter(tasks)
    assert all(len({program(task.settings) for task in lane}) == 1 for lane in lanes)


def test_large_heads_are_alone_on_a_cpu(prepared):
    tasks = runs(5, hidden_units=4096)
    data = prepared(features=1024)
    lanes = plan(tasks, data, "cpu", 2)
    assert_covers(lanes, tasks)
    assert [len(lane) for lane in lanes] == [1] * 5


def test_small_heads_have_company_of_their_program(prepared):
    tasks = runs(20, hidden_units=32) + runs(3, hidden_units=0) + runs(2, focal_loss=True)
    lanes = plan(tasks, prepared(), "cpu", 1)
    assert_covers(lanes, tasks)
    assert sorted(len(lane) for lane in lanes) == [2, 3, 4, 8, 8]


def test_every_worker_has_a_lane(prepared):
    tasks = runs(6, hidden_units=32)
    lanes = plan(tasks, prepared(), "cpu", 3)
    assert_covers(lanes, tasks)
    assert [len(lane) for lane in lanes] == [2, 2, 2]


@pytest.mark.parametrize(("features", "hidden"), [(13, 32), (16, 7)])
def test_odd_widths_are_alone_on_a_cpu(prepared, features, hidden):
    lanes = plan(runs(3, hidden_units=hidden), prepared(features=features), "cpu", 1)
    assert [len(lane) for lane in lanes] == [1, 1, 1]


def test_long_lanes_come_first(prepared):
    tasks = [
        Task(CallsRun(hidden_units=4096, epochs=epochs, upsampling_ratio=ratio), 1)
        for epochs in (1, 30, 3)
        for ratio in (0, 1)
    ]
    data = prepared(features=1024)
    lanes = plan(tasks, data, "cpu", 2)
    assert_covers(lanes, tasks)
    amounts = [work(lane, data) for lane in lanes]
    assert amounts == sorted(amounts, reverse=True)
    assert amounts[0] > amounts[-1]


def test_on_a_gpu_all_runs_of_a_program_share_a_lane_if_memory_allows(prepared, monkeypatch):
    tasks = runs(30, hidden_units=512) + runs(4, hidden_units=0)
    data = prepared(features=1024)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _device: (10**11, 10**11))
    lanes = plan(tasks, data, "cuda", 1)
    assert_covers(lanes, tasks)
    assert [len(lane) for lane in lanes] == [30, 4]
    # Weights, gradients, moments and best weights of 10 heads take 5 * 4 * 525,313 * 10 = 105 MB.
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda _device: (10**8, 10**8))
    lanes = plan(tasks, data, "cuda", 1)
    assert_covers(lanes, tasks)
    assert max(map(len, lanes)) < 10


def test_settings_that_leave_nothing_are_found_before_anything_is_trained(prepared):
    def change(_x, _y, items):
        items["quality"] = "low"

    with pytest.raises(InputError, match="qualities"):
        plan(runs(2, qualities=("high",)), prepared(change=change), "cpu", 1)
