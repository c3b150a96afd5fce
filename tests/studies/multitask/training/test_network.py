import pytest
import torch

from studies.multitask.training.network import Network
from uphold.training.initial import initialise
from uphold.training.networks import parameters


@pytest.fixture(params=[32, 64])
def network(request):
    model = Network(request.param)
    initialise(model, 1)
    return model.eval()


def test_heads_have_their_shapes(network):
    a, b, c = network(torch.randn(5, 1, 32, 32))
    assert (a.shape, b.shape, c.shape) == ((5, 10), (5, 32), (5,))
    assert ((c > 0) & (c < 1)).all()


def test_the_number_of_parameters():
    # stem 9 + w + w; trunk 9 w + 64 w + 128 and 9 * 64 + 64 * 128 + 256; dense 512 * 128 + 128;
    # heads 129 * 43
    for width in (32, 64):
        trunk = 73 * width + 128 + 9 * 64 + 64 * 128 + 256
        expected = 9 + 2 * width + trunk + 512 * 128 + 128 + 129 * 43
        assert parameters(Network(width)) == expected


def test_the_stem_has_one_filter_however_wide():
    for width in (32, 64):
        model = Network(width)
        initialise(model, 1)
        stem = model.stem.across(model.stem.within(torch.randn(4, 1, 32, 32)))
        assert stem.shape == (4, width, 16, 16)
        maps = stem.transpose(0, 1).reshape(width, -1)
        assert torch.linalg.matrix_rank(maps, rtol=1e-4) == 1


def test_place_survives_the_pooling(network):
    x = torch.zeros(2, 1, 32, 32)
    x[0, 0, 4:12, 4:12] = 3
    x[1, 0, 20:28, 20:28] = 3
    _, b, _ = network(x)
    assert (b[0] - b[1]).abs().max() > 1e-3


def test_narrow_and_wide_start_alike_where_they_share_parts():
    narrow, wide = (Network(width) for width in (32, 64))
    initialise(narrow, 5)
    initialise(wide, 5)
    assert torch.equal(narrow.shared.weight, wide.shared.weight)
    assert torch.equal(narrow.stem.within.weight, wide.stem.within.weight)
