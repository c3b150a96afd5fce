"""A run's result does not depend on what is trained beside it, in what order, or where."""

import subprocess
import sys

import numpy as np
import pytest

from studies.calls.settings.run import CallsRun
from studies.calls.study import STUDY
from studies.calls.training import load, plan, train
from studies.calls.training.dense import Batched, Looped
from uphold.training.contract import Task
from uphold.training.executors.local import Local
from uphold.training.lanes import train_in_lanes

BASE = {"hidden_units": 32, "epochs": 4, "qualities": ("high", "medium")}
VARIED = [
    {},
    {"learning_rate": 2e-3},
    {"mixup": True, "label_smoothing": True},
    {"upsampling_ratio": 1, "upsampling_mode": "smote"},
    {"balance": True, "epochs": 2},
    {"dropout": 0, "optimizer": "adamw"},
    {"early_stopping": True, "patience": 1, "learning_rate": 0.05, "epochs": 12},
    {"schedule": "cosine", "dropout": 0.5},
]
PROGRAMS = [{}, {"hidden_units": 0}, {"focal_loss": True}, {"batch_size": 8}]


def tasks(**program):
    return [
        Task(CallsRun(**{**BASE, **program, **settings}), seed)
        for settings in VARIED
        for seed in (123, 456)
    ]


def by_task(lane, data, products=None):
    products = products or Looped()
    return dict(zip(lane, train(lane, data, "cpu", products=products), strict=True))


def assert_same(one, other):
    assert one.failure == other.failure
    assert one.facts == other.facts
    for part in ("predictions", "history"):
        mine, theirs = getattr(one, part), getattr(other, part)
        assert list(mine) == list(theirs)
        for name in mine:
            np.testing.assert_array_equal(mine[name], theirs[name], err_msg=name)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: " ".join(map(str, p)) or "default")
def test_company_and_order_change_no_bit(prepared, program):
    data = prepared()
    every = tasks(**program)
    alone = {task: by_task([task], data)[task] for task in every}
    shuffled = [every[k] for k in np.random.Generator(np.random.PCG64(1)).permutation(len(every))]
    lanes = [every, every[::-1], shuffled[:5], shuffled[5:], shuffled[3:4] + shuffled[:2]]
    for lane in lanes:
        for task, result in by_task(lane, data).items():
            assert_same(result, alone[task])
    assert len({r.predictions["ood"].tobytes() for r in alone.values()}) == len(every)


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: " ".join(map(str, p)) or "default")
def test_batched_products_agree_up_to_rounding(prepared, program):
    data = prepared()
    # Early stopping left out: a tie of two epochs may be broken by rounding.
    lane = [task for task in tasks(**program) if not task.settings.early_stopping]
    looped, batched = by_task(lane, data), by_task(lane, data, Batched())
    for task in lane:
        for split, expected in looped[task].predictions.items():
            got = batched[task].predictions[split]
            np.testing.assert_allclose(got, expected, rtol=0, atol=1e-5)


def test_widths_that_do_not_fill_cache_lines_agree_up_to_rounding(prepared):
    data = prepared(features=13)
    lane = [t for t in tasks(hidden_units=7) if not t.settings.early_stopping]
    for task, result in by_task(lane, data).items():
        alone = by_task([task], data)[task]
        for split, expected in alone.predictions.items():
            np.testing.assert_allclose(result.predictions[split], expected, rtol=0, atol=1e-5)


def test_worker_processes_change_no_bit(folder):
    path = folder()
    every = [task for program in PROGRAMS for task in tasks(**program)]
    here = {
        task: result for task, result, *_ in train_in_lanes(STUDY, every, path, Local(1), "cpu")
    }
    there = {
        task: result
        for task, result, *_ in train_in_lanes(STUDY, every[::-1], path, Local(2), "cpu")
    }
    assert set(here) == set(there) == set(every)
    for task in every:
        assert_same(there[task], here[task])
    data = load(path)
    assert {map(tuple, plan(every, data, "cpu", 1))} != {map(tuple, plan(every, data, "cpu", 2))}


def test_a_rerun_in_another_process_is_the_same_to_the_bit(folder):
    path = folder(features=256)
    code = f"""
import hashlib, pathlib, torch
from studies.calls.settings.run import CallsRun
from studies.calls.training import load, train
from uphold.training.contract import Task
torch.set_num_threads(1)
run = CallsRun(hidden_units=272, epochs=2, mixup=True, label_smoothing=True)
result = train([Task(run, 5)], load(pathlib.Path({str(path)!r})), "cpu")[0]
arrays = [*result.predictions.values(), *result.history.values()]
print(hashlib.sha256(b"".join(a.tobytes() for a in arrays)).hexdigest())
"""
    digests = {
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout
        for _ in range(2)
    }
    assert len(digests) == 1
