"""A study whose runs do what a test needs: sleep, fail, die. Workers import it by this name."""

import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
import torch

from uphold.errors import InputError
from uphold.training.contract import Resources, Result, RunSettings


class Run(RunSettings):
    """What a run does, and which lane it is in."""

    does: str = "return"
    lane: int = 0
    seconds: float = 0.0


class Fake:
    """A study, as far as training knows one."""

    def __init__(self, resources=None):
        self.resources = resources or Resources()

    def module(self, name):
        assert name == "training"
        return sys.modules[__name__]


STUDY = Fake()


def load(folder):
    return Path(folder), os.getpid()


def plan(tasks, data, device, workers):
    lanes = {}
    for task in tasks:
        lanes.setdefault(task.settings.lane, []).append(task)
    return list(lanes.values())


def train(lane, data, device):
    return [_result(task, data) for task in lane]


def _result(task, data):
    folder, loaded_by = data
    if task.settings.does == "tell":
        return _told()
    (folder / f"{os.getpid()}.pid").touch()
    while task.settings.does == "await the other worker" and len(list(folder.glob("*.pid"))) < 2:
        time.sleep(0.02)
    time.sleep(task.settings.seconds)
    if task.settings.does == "fail":
        raise ZeroDivisionError("a bug of the study")
    if task.settings.does == "refuse":
        raise InputError("The setting does is wrong.")
    if task.settings.does == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    facts = {
        "pid": os.getpid(),
        "parent": os.getppid(),
        "loaded_by": loaded_by,
        "vectors": torch.backends.cpu.get_cpu_capability(),
    }
    return Result({"ood": np.full((2, 1), task.seed, np.float32)}, {}, facts)


def _told():
    """Tell when a run began and ended, and what of the machine it had."""
    began = time.monotonic()
    time.sleep(0.3)
    facts = {
        "began": began,
        "ended": time.monotonic(),
        "cores": " ".join(map(str, sorted(os.sched_getaffinity(0)))),
        "gpus": os.environ.get("CUDA_VISIBLE_DEVICES", ""),
    }
    return Result({}, {}, facts)
