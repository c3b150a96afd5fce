"""SpecAugment by its promises."""

import torch

from studies.speech.training.specaugment import blank
from uphold.randomness import generator


def spectra() -> torch.Tensor:
    return torch.from_numpy(generator(1, "spectra").standard_normal((200, 16, 30))).float()


def hidden(before: torch.Tensor, after: torch.Tensor) -> torch.Tensor:
    return before != after


def test_at_most_two_bands_and_two_stretches_of_the_given_widths_are_blank() -> None:
    x = spectra()
    lost = hidden(x, blank(generator(1, "mask"), x, 4, 7))
    bands, frames = lost.all(dim=2), lost.all(dim=1)
    assert torch.equal(lost, bands[:, :, None] | frames[:, None, :])
    for mask, widest in ((bands, 4), (frames, 7)):
        assert widest < mask.sum(1).max() <= 2 * widest
        edges = mask.int().diff(dim=1, prepend=torch.zeros(len(mask), 1, dtype=torch.int)) == 1
        pieces = edges.sum(1)
        assert pieces.max() == 2
        assert mask.sum(1)[pieces == 1].max() > widest  # two that touch or overlap


def test_blank_is_the_mean_of_the_spectrogram() -> None:
    x = spectra()
    out = blank(generator(1, "mask"), x, 4, 7)
    lost = hidden(x, out)
    means = x.mean(dim=(1, 2), keepdim=True).expand_as(x)
    assert torch.equal(out[lost], means[lost])


def test_width_zero_blanks_nothing_and_a_width_beyond_all_is_cut() -> None:
    x = spectra()
    assert torch.equal(blank(generator(1, "mask"), x, 0, 0), x)
    assert blank(generator(1, "mask"), x, 99, 99).shape == x.shape


def test_every_place_is_met() -> None:
    x = spectra()
    lost = hidden(x, blank(generator(1, "mask"), x, 4, 7))
    assert lost.any(dim=0).all()
