import pytest
import torch

from uphold.training.stacked_adam import Rule, StackedAdam, clipped

SHAPES = [(5, 3), (1, 3)]
RULES = [Rule(1e-2), Rule(1e-3, 0.1), Rule(1e-2), Rule(3e-3, 0.01)]


def stacks(networks):
    gen = torch.Generator().manual_seed(1)
    return [torch.randn(networks, *shape, generator=gen) for shape in SHAPES]


def gradients(step, networks):
    gen = torch.Generator().manual_seed(100 + step)
    return [torch.randn(networks, *shape, generator=gen) for shape in SHAPES]


def by_torch(network, rule, steps):
    parameters = [stack[network].clone().requires_grad_() for stack in stacks(len(RULES))]
    if rule.decay:
        optimizer = torch.optim.AdamW(parameters, lr=rule.rate, weight_decay=rule.decay)
    else:
        optimizer = torch.optim.Adam(parameters, lr=rule.rate)
    for step in steps:
        grads = gradients(step, len(RULES))
        for parameter, gradient in zip(parameters, grads, strict=True):
            parameter.grad = gradient[network].clone()
        optimizer.step()
    return [parameter.detach() for parameter in parameters]


def test_equals_torch_network_by_network():
    adam = StackedAdam(stacks(len(RULES)))
    updates = adam.updates(RULES)
    for step in range(50):
        updates.apply([list(g) for g in gradients(step, len(RULES))])
    for network, rule in enumerate(RULES):
        expected = by_torch(network, rule, range(50))
        for stack, want in zip(adam.parameters, expected, strict=True):
            torch.testing.assert_close(stack[network], want, rtol=1e-5, atol=1e-6)


def test_networks_count_their_own_steps():
    adam = StackedAdam(stacks(len(RULES)))
    for step in range(20):
        running = 4 if step < 10 else 2
        grads = gradients(step, len(RULES))
        adam.updates(RULES[:running]).apply([list(g[:running]) for g in grads])
    for network, steps in ((0, range(20)), (1, range(20)), (2, range(10)), (3, range(10))):
        expected = by_torch(network, RULES[network], steps)
        for stack, want in zip(adam.parameters, expected, strict=True):
            torch.testing.assert_close(stack[network], want, rtol=1e-5, atol=1e-6)


def test_keeping_some_networks_keeps_their_moments():
    adam = StackedAdam(stacks(len(RULES)))
    adam.updates(RULES).apply([list(g) for g in gradients(0, 4)])
    adam.keep([1, 3])
    kept = [RULES[1], RULES[3]]
    adam.updates(kept).apply([[g[1], g[3]] for g in gradients(1, 4)])
    for place, network in enumerate((1, 3)):
        expected = by_torch(network, RULES[network], range(2))
        for stack, want in zip(adam.parameters, expected, strict=True):
            torch.testing.assert_close(stack[place], want, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("company", [[0], [0, 1], [3, 0, 2, 1]])
def test_company_changes_no_bit(company):
    def update(networks):
        adam = StackedAdam([stack[networks] for stack in stacks(4)])
        updates = adam.updates([RULES[k] for k in networks])
        for step in range(10):
            updates.apply([list(g[networks]) for g in gradients(step, 4)])
        return [stack[networks.index(0)] for stack in adam.parameters]

    for got, want in zip(update(company), update([0]), strict=True):
        assert torch.equal(got, want)


def test_a_parameter_without_gradient_stays_and_counts_no_step():
    """As in torch, where its first update is then corrected as a first one."""
    adam = StackedAdam(stacks(2))
    updates = adam.updates([Rule(1e-2, 0.1)] * 2)
    for step in range(3):
        updates.apply([gradients(step, 2)[0], None])
    assert torch.equal(adam.parameters[1], stacks(2)[1])
    updates.apply([None, gradients(3, 2)[1]])
    own = stacks(2)[1][0].clone().requires_grad_()
    own.grad = gradients(3, 2)[1][0]
    torch.optim.AdamW([own], lr=1e-2, weight_decay=0.1).step()
    torch.testing.assert_close(adam.parameters[1][0], own.detach(), rtol=1e-5, atol=1e-6)


def test_decay_can_be_of_matrices_alone():
    def updated(rule):
        adam = StackedAdam([torch.ones(2, 3, 4), torch.ones(2, 3)])
        adam.updates([rule] * 2).apply([torch.ones(2, 3, 4), torch.ones(2, 3)])
        return adam.parameters

    plain, decayed = updated(Rule(0.1)), updated(Rule(0.1, 0.5, matrices=True))
    assert torch.equal(plain[1], decayed[1])
    torch.testing.assert_close(decayed[0], plain[0] - 0.1 * 0.5)


def test_gradients_are_clipped_as_torch_clips_them():
    for largest in (0.5, 100.0):
        own = [g[0].clone() for g in gradients(0, 2)]
        parameters = [torch.zeros_like(g).requires_grad_() for g in own]
        for parameter, gradient in zip(parameters, own, strict=True):
            parameter.grad = gradient.clone()
        torch.nn.utils.clip_grad_norm_(parameters, largest)
        clipped(own, largest)
        for parameter, gradient in zip(parameters, own, strict=True):
            torch.testing.assert_close(gradient, parameter.grad)
