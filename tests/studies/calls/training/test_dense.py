import pytest
import torch

from studies.calls.training.dense import LARGE, ONEDNN, Batched, Layer, Looped, backward, forward

WIDE = [(256, 272), (272, 2)]
SHAPES = {"linear": [(7, 2)], "small": [(16, 32), (32, 1)], "deep": [(5, 6), (6, 7), (7, 3)]}


def stack(shapes, networks=3, rows=32):
    gen = torch.Generator().manual_seed(1)

    def random(*shape):
        return torch.randn(*shape, generator=gen)

    layers = [Layer(random(networks, i, o) / i**0.5, random(networks, 1, o)) for i, o in shapes]
    x = random(networks, rows, shapes[0][0])
    masks = [(random(networks, rows, o) > 0).float() * 1.5 for _, o in shapes[:-1]]
    return layers, x, masks, random(networks, rows, shapes[-1][1])


def by_autograd(layers, x, masks, slope):
    parameters = [tensor.clone().requires_grad_() for layer in layers for tensor in layer]
    value = x
    for i in range(len(layers)):
        value = value @ parameters[2 * i] + parameters[2 * i + 1]
        if i + 1 < len(layers):
            value = torch.relu(value) * (masks[i] if masks else 1)
    value.backward(slope)
    return value.detach(), [parameter.grad for parameter in parameters]


def test_the_wide_network_is_one_for_onednn():
    assert not ONEDNN or WIDE[0][0] * WIDE[0][1] >= LARGE


@pytest.mark.parametrize("masked", [True, False])
@pytest.mark.parametrize("products", [Looped(), Batched()])
@pytest.mark.parametrize("shapes", [*SHAPES.values(), WIDE], ids=[*SHAPES, "wide"])
@pytest.mark.parametrize("networks", [1, 3])
def test_gradients_are_those_of_autograd(shapes, products, masked, networks):
    layers, x, masks, slope = stack(shapes, networks)
    masks = masks if masked else []
    logits, expected = by_autograd(layers, x, masks, slope)
    values = forward(products, layers, x, masks)
    torch.testing.assert_close(values[-1], logits, rtol=1e-5, atol=2e-5)
    got = backward(products, layers, values, slope, masks)
    assert len(got) == len(expected) == 2 * len(shapes)
    for mine, theirs in zip(got, expected, strict=True):
        torch.testing.assert_close(torch.stack(list(mine)), theirs, rtol=1e-5, atol=5e-5)


@pytest.mark.parametrize("shapes", [SHAPES["small"], WIDE], ids=["small", "wide"])
def test_looped_products_do_not_depend_on_company(shapes):
    layers, x, masks, slope = stack(shapes, networks=5)
    together = forward(Looped(), layers, x, masks)
    grads = backward(Looped(), layers, together, slope, masks)
    for k in range(5):
        own = slice(k, k + 1)
        mine = [Layer(w[own].clone(), b[own].clone()) for w, b in layers]
        my_masks = [mask[own].clone() for mask in masks]
        alone = forward(Looped(), mine, x[own].clone(), my_masks)
        assert torch.equal(alone[-1][0], together[-1][k])
        my_grads = backward(Looped(), mine, alone, slope[own].clone(), my_masks)
        for a, b in zip(my_grads, grads, strict=True):
            assert torch.equal(a[0], b[k])


def test_inputs_are_left_as_they_are():
    layers, x, masks, slope = stack(SHAPES["deep"])
    before = [t.clone() for t in (x, *masks, slope, *(t for layer in layers for t in layer))]
    for products in (Looped(), Batched()):
        backward(products, layers, forward(products, layers, x, masks), slope, masks)
    after = [x, *masks, slope, *(t for layer in layers for t in layer)]
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))
