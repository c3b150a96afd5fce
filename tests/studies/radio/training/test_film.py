import torch

from studies.radio.training.film import FiLM
from uphold.training.initial import initialise


def test_film_starts_as_the_identity():
    film = FiLM(6)
    initialise(film, seed=1)
    h = torch.randn(9, 4, 6, generator=torch.Generator().manual_seed(0))
    assert torch.equal(film(h, torch.linspace(-8, 5, 4)), h)


def test_film_scales_and_shifts_channels_by_what_it_is_told():
    film = FiLM(2)
    initialise(film, seed=1)
    with torch.no_grad():
        film.factors.bias.copy_(torch.tensor([1.0, -1.0, 0.5, 7.0]))
    h = torch.ones(3, 1, 2)
    # gamma 1 and −1, beta .5 and 7: 2 · 1 + .5 and 0 · 1 + 7
    expected = torch.tensor([[[2.5, 7.0]]] * 3)
    torch.testing.assert_close(film(h, torch.zeros(1)), expected)


def test_film_depends_on_the_log_odds_once_it_has_learned():
    film = FiLM(2)
    initialise(film, seed=1)
    torch.nn.init.ones_(film.factors.weight)
    h = torch.ones(3, 2, 2)
    out = film(h, torch.tensor([-8.0, 5.0]))
    assert not torch.allclose(out[:, 0], out[:, 1])
