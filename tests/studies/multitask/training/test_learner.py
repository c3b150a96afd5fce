import math

import numpy as np
import pytest
import torch
from torch import nn

from studies.multitask.settings.run import MultitaskRun
from studies.multitask.training.learner import Learner, mixed
from studies.multitask.training.loading import MultitaskData, Rows, Standard


def rows(n: int) -> Rows:
    one_hot = torch.nn.functional.one_hot
    return Rows(
        x=torch.arange(float(n)).view(-1, 1, 1, 1).expand(-1, 1, 32, 32),
        a=one_hot(torch.arange(n) % 10, 10).float(),
        b=one_hot(torch.arange(n) % 32, 32).float(),
        c=torch.arange(float(n)) / n,
    )


class Constant(nn.Module):
    """Answers the same whatever it sees: class 1 of A at odds of e, B uniform, C .5."""

    def forward(self, x):
        a = torch.zeros(len(x), 10)
        a[:, 1] = 1
        return a, torch.zeros(len(x), 32), torch.full((len(x),), 0.5)


def learner(**settings) -> Learner:
    standard = Standard(np.float64(0), np.float64(1))
    data = MultitaskData(rows(40), rows(10), rows(10), standard, digest="")
    return Learner(Constant(), MultitaskRun(batch_size=16, **settings), 3, data)


def test_mixup_blends_grids_one_hot_labels_and_values_alike():
    mix = mixed(rows(4), torch.tensor([1, 0, 3, 2]), torch.tensor([0.75, 1.0, 0.5, 0.0]))
    np.testing.assert_allclose(mix.x[:, 0, 0, 0], [0.25, 1, 2.5, 2])
    np.testing.assert_allclose(mix.c, [0.0625, 0.25, 0.625, 0.5])
    np.testing.assert_allclose(mix.a[0, :3], [0.75, 0.25, 0])
    np.testing.assert_allclose(mix.b[2, :5], [0, 0, 0.5, 0.5, 0])
    assert torch.equal(mix.a.sum(dim=1), torch.ones(4))
    assert torch.equal(mix.b.sum(dim=1), torch.ones(4))


def test_an_epoch_meets_every_row_once_in_an_order_of_its_own():
    one = learner()
    first, again, second = (
        torch.cat([batch.c for batch in one.batches(epoch)]) for epoch in (1, 1, 2)
    )
    assert torch.equal(first.sort().values, rows(40).c)
    assert torch.equal(first, again)
    assert not torch.equal(first, second)
    assert max(len(batch) for batch in one.batches(1)) <= 16


def test_mixup_keeps_the_order_and_the_means():
    plain = torch.cat([batch.x[:, 0, 0, 0] for batch in learner().batches(1)])
    run = learner(mixup=True, mixup_alpha=0.2)
    blended = torch.cat([batch.x[:, 0, 0, 0] for batch in run.batches(1)])
    other = torch.cat([batch.x[:, 0, 0, 0] for batch in run.batches(2)])
    assert not torch.equal(plain, blended)
    assert not torch.equal(blended.sort().values, other.sort().values)
    # with alpha near 0 a row is itself or its partner
    nearly = learner(mixup=True, mixup_alpha=1e-3).batches(1)
    values = torch.cat([batch.x[:, 0, 0, 0] for batch in nearly])
    assert ((values - values.round()).abs() < 0.01).float().mean() > 0.9


def test_the_loss_is_the_weighted_sum_of_the_heads():
    batch = rows(2)
    of_a = math.log(9 + math.e) - 0.5  # the second row is of class 1
    of_b = math.log(32)
    of_c = (0.5**2 + 0**2) / 2
    expected = 2 * of_a + 3 * of_b + 4 * of_c
    loss = learner(weight_a=2, weight_b=3, weight_c=4).loss(batch)
    assert float(loss) == pytest.approx(expected, rel=1e-6)


def test_smoothing_moves_the_targets_of_a_and_b():
    # a target of class 1 is .9 + .01 there: -sum y log p = log(9 + e) - mean of the logits' targets
    loss = learner(weight_b=0, weight_c=0, label_smoothing=True).loss(rows(2))
    assert float(loss) == pytest.approx(math.log(9 + math.e) - (0.01 + 0.91) / 2, rel=1e-6)
    # a uniform answer does not care
    smooth, plain = (
        learner(weight_a=0, weight_c=0, label_smoothing=on).loss(rows(2)) for on in (True, False)
    )
    assert float(smooth) == pytest.approx(float(plain), rel=1e-6)


def test_validation_is_against_the_labels_as_they_are():
    smooth, plain = (learner(label_smoothing=on).validate() for on in (True, False))
    assert smooth == plain
    assert plain["validation_accuracy_a"] == pytest.approx(0.1)
    assert plain["validation_mae_c"] == pytest.approx(0.25)
    expected = (
        math.log(9 + math.e) - 0.1 + math.log(32) + sum((k / 10 - 0.5) ** 2 for k in range(10)) / 10
    )
    assert plain["validation_loss"] == pytest.approx(expected, rel=1e-6)
