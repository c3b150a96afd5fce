import math

import numpy as np
import pytest
import torch
from torch import Tensor

from studies.multitask.settings.run import MultitaskRun
from studies.multitask.training.learner import Learner, losses, mixed
from studies.multitask.training.loading import MultitaskData, Rows, Standard
from studies.multitask.training.network import Network
from uphold.randomness import generator


def rows(n: int) -> Rows:
    one_hot = torch.nn.functional.one_hot
    return Rows(
        x=torch.arange(float(n)).view(-1, 1, 1, 1).expand(-1, 1, 32, 32),
        a=one_hot(torch.arange(n) % 10, 10).float(),
        b=one_hot(torch.arange(n) % 32, 32).float(),
        c=torch.arange(float(n)) / n,
    )


def constant(n: int) -> list[Tensor]:
    """Return the same outputs for whatever rows: class 1 of A at odds of e, B uniform, C .5."""
    a = torch.zeros(n, 10)
    a[:, 1] = 1
    return [a, torch.zeros(n, 32), torch.full((n, 1), 0.5)]


def learner(**settings) -> Learner:
    standard = Standard(np.float64(0), np.float64(1))
    data = MultitaskData(rows(40), rows(10), rows(10), standard, digest="")
    return Learner(Network(32), MultitaskRun(batch_size=16, **settings), 3, data)


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
    first, again, second = (one.epoch(number)[3] for number in (1, 1, 2))
    assert torch.equal(first.sort().values, rows(40).c)
    assert torch.equal(first, again)
    assert not torch.equal(first, second)


def test_mixup_keeps_the_order_and_the_means():
    plain = learner().epoch(1)[0][:, 0, 0, 0]
    run = learner(mixup=True, mixup_alpha=0.2)
    blended, other = (run.epoch(number)[0][:, 0, 0, 0] for number in (1, 2))
    assert not torch.equal(plain, blended)
    assert not torch.equal(blended.sort().values, other.sort().values)
    # with alpha near 0 a row is itself or its partner
    values = learner(mixup=True, mixup_alpha=1e-3).epoch(1)[0][:, 0, 0, 0]
    assert ((values - values.round()).abs() < 0.01).float().mean() > 0.9


def loss(n: int, **settings) -> float:
    """Return the loss of some rows, in the order of the data, by the constant outputs."""
    run = learner(**settings)
    _, *of_epoch = run.epoch(1)
    order = torch.from_numpy(generator(3, "shuffle", 1).permutation(40)).argsort()[:n]
    return float(losses([o[None] for o in constant(n)], [t[order][None] for t in of_epoch]))


def test_the_loss_is_the_weighted_sum_of_the_heads():
    of_a = math.log(9 + math.e) - 0.5  # the second row is of class 1
    of_b = math.log(32)
    of_c = (0.5**2 + (0.5 - 1 / 40) ** 2) / 2
    expected = 2 * of_a + 3 * of_b + 4 * of_c
    assert loss(2, weight_a=2, weight_b=3, weight_c=4) == pytest.approx(expected, rel=1e-6)


def test_losses_are_of_each_run_by_itself():
    outputs = [torch.stack([o, 2 * o]) for o in constant(4)]
    targets = [t[:4].expand(2, *t[:4].shape) for t in learner().epoch(1)[1:]]
    both = losses(outputs, targets)
    for run in range(2):
        alone = losses([o[run : run + 1] for o in outputs], [t[:1] for t in targets])
        torch.testing.assert_close(both[run : run + 1], alone)


def test_smoothing_is_of_the_targets_of_a_and_b():
    found = loss(2, weight_b=0, weight_c=0, label_smoothing=True)
    assert found == pytest.approx(math.log(9 + math.e) - (0.01 + 0.91) / 2, rel=1e-6)
    # a uniform answer does not care
    smooth, plain = (loss(2, weight_a=0, weight_c=0, label_smoothing=on) for on in (True, False))
    assert smooth == pytest.approx(plain, rel=1e-6)


def test_validation_is_against_the_labels_as_they_are():
    smooth, plain = (
        learner(label_smoothing=on).scores(1, {"validation": constant(10)}) for on in (True, False)
    )
    assert smooth == plain
    assert plain["validation_accuracy_a"] == pytest.approx(0.1)
    assert plain["validation_mae_c"] == pytest.approx(0.25)
    expected = (
        math.log(9 + math.e) - 0.1 + math.log(32) + sum((k / 10 - 0.5) ** 2 for k in range(10)) / 10
    )
    assert plain["validation_loss"] == pytest.approx(expected, rel=1e-6)
