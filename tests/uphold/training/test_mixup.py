import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from uphold.randomness import generator
from uphold.training import mixup


@given(st.integers(0, 10), st.integers(1, 60), st.sampled_from([0.1, 0.2, 1.0, 3.0]))
def test_mixed_one_hot_labels_sum_to_one(seed, rows, alpha):
    rng = generator(seed, "labels")
    one_hot = torch.eye(4)[rng.integers(4, size=rows)]
    partner, weight = mixup.draw(generator(seed, "mixup"), rows, alpha)
    mixed = mixup.mix(one_hot, one_hot[partner], weight)
    torch.testing.assert_close(mixed.sum(1), torch.ones(rows))
    assert ((mixed >= 0) & (mixed <= 1)).all()


def test_every_row_is_a_partner_once():
    partner, _ = mixup.draw(generator(1, "mixup"), 50, 0.2)
    assert sorted(partner.tolist()) == list(range(50))


def test_mix_by_hand_and_in_place():
    own = torch.tensor([[1.0, 0.0], [4.0, 8.0]])
    partner = torch.tensor([[0.0, 1.0], [0.0, 0.0]])
    expected = torch.tensor([[0.75, 0.25], [1.0, 2.0]])
    weight = torch.tensor([0.75, 0.25])
    torch.testing.assert_close(mixup.mix(own, partner, weight), expected)
    assert mixup.mix(own, partner, weight, out=own) is own
    torch.testing.assert_close(own, expected)


def test_weights_follow_the_beta_distribution():
    # Beta(.2, .2): mean 1/2, variance 1 / (4 (2 * .2 + 1)) = .178571
    _, weight = mixup.draw(generator(1, "mixup"), 200_000, 0.2)
    assert weight.mean().item() == pytest.approx(0.5, abs=0.005)
    assert weight.var().item() == pytest.approx(0.178571, abs=0.003)


def test_mixing_keeps_the_mean_over_rows_in_expectation():
    x = torch.from_numpy(generator(2, "x").standard_normal((40_000, 1)).astype(np.float32)) + 3
    partner, weight = mixup.draw(generator(2, "mixup"), len(x), 0.2)
    assert mixup.mix(x, x[partner], weight).mean().item() == pytest.approx(3, abs=0.05)


def test_a_batch_has_one_weight_and_mixes_allowed_rows_alone() -> None:
    allowed = torch.tensor([True, False, True, True, False, True])
    partner, weight = mixup.draw_batch(generator(1, "mix"), allowed, 0.2, 1.0)
    assert (partner[~allowed] == torch.tensor([1, 4])).all()
    assert (weight[~allowed] == 1).all()
    assert set(partner[allowed].tolist()) == {0, 2, 3, 5}
    assert len(set(weight[allowed].tolist())) == 1
    assert weight[0] < 1


def test_a_batch_is_mixed_with_the_given_probability() -> None:
    rng, allowed = generator(2, "mix"), torch.ones(4, dtype=torch.bool)
    mixed = [bool((mixup.draw_batch(rng, allowed, 0.4, 0.3)[1] < 1).any()) for _ in range(2000)]
    assert sum(mixed) / 2000 == pytest.approx(0.3, abs=0.03)
