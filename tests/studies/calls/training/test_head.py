import pytest
import torch

from studies.calls.training import head


@pytest.mark.parametrize(
    ("hidden", "expected"), [(0, [(10, 3)]), (5, [(10, 5), (5, 3)])], ids=["linear", "hidden"]
)
def test_widths_and_parameters(hidden, expected):
    assert head.widths(10, hidden, 3) == expected
    # 10 * 3 + 3; 10 * 5 + 5 + 5 * 3 + 3
    assert head.parameters(10, hidden, 3) == {0: 33, 5: 73}[hidden]


def test_the_default_head_of_the_archived_runs():
    assert head.parameters(1024, 512, 1) == 525_313


def test_equal_seeds_and_shapes_give_equal_heads():
    shapes = head.widths(12, 7, 2)
    together = head.initial(shapes, [3, 4, 3], "cpu")
    alone = head.initial(shapes, [4], "cpu")
    for stack, own in zip(together, alone, strict=True):
        assert torch.equal(stack.weight[0], stack.weight[2])
        assert not torch.equal(stack.weight[0], stack.weight[1])
        assert torch.equal(stack.weight[1:2], own.weight)
        assert not stack.bias.any()


def test_spread_of_the_weights():
    hidden, output = head.initial(head.widths(1000, 500, 4), [1], "cpu")
    # He: variance 2 / 1000. Glorot: uniform within sqrt(6 / 504) = .10911, variance 2 / 504.
    assert hidden.weight.var().item() == pytest.approx(0.002, rel=0.01)
    assert hidden.weight.mean().item() == pytest.approx(0, abs=3e-4)
    assert output.weight.abs().max().item() == pytest.approx(0.10911, rel=0.01)
    assert output.weight.var().item() == pytest.approx(2 / 504, rel=0.1)
