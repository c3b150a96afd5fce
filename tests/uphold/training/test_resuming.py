"""What training came to, packed and taken up: a run that goes on is the uninterrupted one."""

from types import SimpleNamespace

import pytest
import torch
from torch import nn

from uphold.randomness import generator
from uphold.testing.interruption import InMemory, assert_goes_on
from uphold.training import networks
from uphold.training.contract import Result, Task
from uphold.training.dropout import Dropout
from uphold.training.initial import initialise


class Grids:
    """Learns from grids with a network that has all that a state consists of."""

    def __init__(self, seed):
        self.seed = seed
        convolution = nn.Conv2d(2, 4, 3).to(memory_format=torch.channels_last)
        self.model = nn.Sequential(
            *[convolution, nn.BatchNorm2d(4), nn.Flatten(), Dropout(0.5), nn.Linear(36, 1)]
        )
        initialise(self.model, seed)
        rng = generator(seed, "grids")
        self.x = torch.from_numpy(rng.standard_normal((48, 2, 5, 5))).float()
        self.y = self.x.mean(dim=(1, 2, 3), keepdim=False)[:, None]

    def batches(self, epoch):
        order = generator(self.seed, "order", epoch).permutation(48)
        return [torch.from_numpy(rows) for rows in order.reshape(4, 12)]

    def loss(self, rows):
        return (self.model(self.x[rows]) - self.y[rows]).square().mean()

    def validate(self):
        return {"validation_loss": float(self.loss(torch.arange(48)))}


@pytest.mark.parametrize(
    "how",
    [
        {},
        {"weight_decay": 0.1, "clip": 0.1, "patience": 2},
        {"by_step": lambda step: 0.05 / (1 + step), "chosen_by": None},
    ],
)
def test_a_run_goes_on_from_every_epoch_to_the_same_end(how):
    def train(tasks, data, device):
        results = []
        for task in tasks:
            learner = Grids(task.seed)
            rates = [0.05, 0.2, 0.01, 0.05, 0.05]
            found = networks.fit(learner, rates, seed=1, checkpoint=task.checkpoint, **how)
            learnt = networks.weights(learner.model)
            facts = {"best_epoch": found.best_epoch}
            results.append(Result({}, found.history, facts, found.failure, learnt))
        return results

    whole, *_ = assert_goes_on(SimpleNamespace(train=train), Task(None, 1), None)
    if "chosen_by" not in how:
        # the weights that are kept are of an epoch before the last, so that they are in the state
        assert 1 < whole.facts["best_epoch"] < len(whole.history["epoch"])


def test_without_a_state_training_begins_and_what_is_not_due_is_not_kept():
    kept = InMemory()
    kept.due = False
    learners = [Grids(1), Grids(1)]
    networks.fit(learners[0], [0.05] * 2, seed=1)
    networks.fit(learners[1], [0.05] * 2, seed=1, checkpoint=kept)
    assert kept.states == []
    ours, theirs = (learner.model.state_dict() for learner in learners)
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)
