from itertools import islice

import numpy as np
import pytest
import torch
from torch import nn
from torch.optim import optimizer as optimizers

from uphold.training.networks import fit
from uphold.training.step_rates import cosine, on_plateaus


def test_cosine_decay_by_hand():
    # 8 steps from .001 to a tenth: at 0, 2, 4 and 8 the cosine is 1, √½, 0 and −1
    rates = [cosine(step, 8, 0.001, 0.1) for step in (0, 2, 4, 8, 9)]
    half = 0.001 * (0.1 + 0.9 * (1 + np.sqrt(0.5)) / 2)
    np.testing.assert_allclose(rates, [0.001, half, 0.00055, 0.0001, 0.0001], rtol=1e-12)


def test_cosine_decay_is_that_of_pytorch_where_its_floor_is():
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.5)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=13, eta_min=0.05)
    theirs = []
    for _ in range(13):
        theirs.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    np.testing.assert_allclose([cosine(n, 13, 0.5, 0.1) for n in range(13)], theirs, rtol=1e-9)


def rates(losses, **rules):
    """Return the rate of each epoch, each asked for when the loss of the one before is known."""
    known, found = [], []
    schedule = on_plateaus(1.0, len(losses), known, **rules)
    for loss in losses:
        found.append(next(schedule))
        known.append(loss)
    assert next(schedule, None) is None
    return found


def test_plateaus_by_hand():
    rules = {"factor": 0.5, "patience": 2, "min_delta": 0.1}
    # 1.95 is no fall (2 − .1 < 1.95), nor is 1.91: the second of them cuts the fourth epoch's rate.
    # 1.5 is one; 1.45, 1.6 and 1.6, 1.6 are two pairs that are not.
    losses = [2.0, 1.95, 1.91, 1.5, 1.45, 1.6, 1.6, 1.6, 1.0]
    assert rates(losses, **rules) == [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.125]


@pytest.mark.parametrize("patience", [1, 2, 3, 10])
@pytest.mark.parametrize("min_delta", [0.0, 1e-4, 0.05])
def test_plateaus_are_those_of_pytorch_with_the_patience_of_keras(patience, min_delta):
    rng = np.random.default_rng(patience)
    losses = (2 * np.exp(-np.arange(80) / 15) + 0.05 * rng.standard_normal(80)).tolist()
    optimizer = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer,
        factor=0.1,
        patience=patience - 1,  # PyTorch waits for one more than its patience
        threshold=min_delta,
        threshold_mode="abs",
        eps=0.0,
    )
    theirs = []
    for loss in losses:
        theirs.append(optimizer.param_groups[0]["lr"])
        schedule.step(loss)
    ours = rates(losses, factor=0.1, patience=patience, min_delta=min_delta)
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)
    assert patience == 10 or len(set(ours)) > 1


class Line:
    """A line through one point, learned in three batches an epoch."""

    def __init__(self):
        self.model = nn.Linear(1, 1)

    def batches(self, epoch):
        return range(3)

    def loss(self, batch):
        return (self.model(torch.ones(1, 1)) - 1).square().sum()

    def validate(self):
        return {"validation_loss": 0.0}


def test_every_step_has_its_own_rate():
    met = []

    def note(optimizer, args, kwargs):
        met.append(optimizer.param_groups[0]["lr"])

    hook = optimizers.register_optimizer_step_pre_hook(note)
    try:
        rates = [0.1, 0.1]
        found = fit(Line(), rates, seed=1, by_step=lambda step: 0.1 / (step + 1), chosen_by=None)
    finally:
        hook.remove()
    assert met == [0.1 / (step + 1) for step in range(6)]
    assert found.history["learning_rate"].tolist() == rates


def test_training_ends_with_its_rates():
    history = fit(Line(), islice(iter([0.1] * 9), 4), seed=1, chosen_by=None).history
    assert history["epoch"].tolist() == [1, 2, 3, 4]
