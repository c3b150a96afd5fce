"""A study that any executor can train: it computes, fails, refuses or dies. Workers import it by
this name."""

import os
import signal
import sys
import time
from pathlib import Path

import numpy as np
import torch

from uphold.errors import InputError
from uphold.pipeline.study import Study
from uphold.training.contract import Result, RunSettings
from uphold.validation import Settings


class Run(RunSettings):
    """What a run does, which lane it is in, and where it leaves the number of its process."""

    does: str = "compute"
    lane: int = 0
    seconds: float = 0.0
    marks: str = ""

    def canonical(self):
        return {"does": self.does, "lane": self.lane}


class Toy(Study):
    """A study whose training is this module."""

    def module(self, name):
        assert name == "training"
        return sys.modules[__name__]


STUDY = Toy("toy", "Toy", data=Settings, run=Run, evaluation=Settings, scores=frozenset())


def load(folder):
    return np.load(Path(folder) / "deep" / "features.npy")


def plan(tasks, data, device, workers):
    lanes = {}
    for task in tasks:
        lanes.setdefault(task.settings.lane, []).append(task)
    return list(lanes.values())


def train(lane, data, device):
    return [_result(task, data) for task in lane]


def _result(task, data):
    settings = task.settings
    if settings.marks:
        name = f"{settings.lane}-{task.seed}-{os.getpid()}-{time.monotonic_ns()}.pid"
        (Path(settings.marks) / name).touch()
    time.sleep(settings.seconds)
    if settings.does == "fail":
        raise ZeroDivisionError("a bug of the study")
    if settings.does == "refuse":
        raise InputError("The setting does is wrong.")
    if settings.does == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if task.checkpoint is not None:
        task.checkpoint.write({"steps": np.array(5)})
    return _computed(task.seed, torch.from_numpy(data.copy()))


def _computed(seed, x):
    """Return what some steps of a network come to: numbers that depend on the instructions."""
    draw = torch.Generator().manual_seed(seed)
    weights = torch.randn(x.shape[1], 7, generator=draw)
    losses = []
    for _ in range(5):
        hidden = torch.tanh(x @ weights)
        losses.append(float(hidden.square().mean()))
        weights = weights - 0.1 * (x.T @ hidden) / len(x)
    history = {"epoch": np.arange(1, 6), "loss": np.array(losses)}
    predictions = {"test": torch.softmax(x @ weights, 1).numpy()}
    return Result(predictions, history, {"best": 5}, weights={"dense": weights.numpy()})
