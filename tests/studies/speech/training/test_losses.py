"""Losses of a batch, by hand: the archived script's, which are not the textbook's throughout."""

from math import exp, log

import pytest
import torch
from torch.nn import functional

from studies.speech.training.losses import cross_entropy, focal, targets

LOGITS = torch.tensor([[2.0, 0.5, -1.0], [0.0, 0.0, 3.0]])
LABELS = torch.tensor([0, 1])
WEIGHTS = torch.tensor([0.625, 1.875, 0.833])
ODDS = (exp(2) / (exp(2) + exp(0.5) + exp(-1)), 1 / (2 + exp(3)))
"""Of each row's own class."""


def by_focal(gamma: float, weights: torch.Tensor, share: float = 1.0) -> float:
    own, partner = (torch.diag(weights)[labels][None] for labels in (LABELS, LABELS.flip(0)))
    shares, gammas = torch.full((1, 2), share), torch.full((1, 2), gamma)
    return focal([LOGITS[None]], [own, partner, shares, gammas]).item()


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
@pytest.mark.parametrize("weights", [torch.ones(3), WEIGHTS])
def test_cross_entropy_is_torch_s(weights: torch.Tensor, smoothing: float) -> None:
    found = cross_entropy([LOGITS[None]], [targets(LABELS, weights, smoothing)[None]]).item()
    theirs = functional.cross_entropy(LOGITS, LABELS, weights, label_smoothing=smoothing)
    assert found == pytest.approx(float(theirs), rel=1e-6)


def test_the_weighted_mean_is_over_the_weights() -> None:
    found = cross_entropy([LOGITS[None]], [targets(LABELS, WEIGHTS, 0.0)[None]]).item()
    weighted = -(0.625 * log(ODDS[0]) + 1.875 * log(ODDS[1])) / (0.625 + 1.875)
    assert found == pytest.approx(weighted, rel=1e-5)


def test_focal_plays_down_by_the_weighted_probability() -> None:
    terms = [(w, -w * log(q)) for w, q in zip((0.625, 1.875), ODDS, strict=True)]
    expected = sum((1 - exp(-t)) ** 1.5 * t for _, t in terms) / 2
    assert by_focal(1.5, WEIGHTS) == pytest.approx(expected, rel=1e-5)
    # The textbook's (1 - q)^gamma would be another number.
    textbook = sum((1 - q) ** 1.5 * t for (_, t), q in zip(terms, ODDS, strict=True)) / 2
    assert abs(textbook - expected) > 0.01


def test_a_partner_counts_by_what_is_left_of_the_share() -> None:
    plain, none = by_focal(2.0, WEIGHTS), by_focal(2.0, WEIGHTS, 0.0)
    assert plain != none
    assert by_focal(2.0, WEIGHTS, 0.25) == pytest.approx(0.25 * plain + 0.75 * none, rel=1e-6)


def test_focal_has_a_finite_slope_where_the_class_is_met() -> None:
    logits = torch.tensor([[[80.0, -80.0]]], requires_grad=True)
    own = torch.tensor([[[1.0, 0.0]]])
    focal([logits], [own, own, torch.ones(1, 1), torch.full((1, 1), 0.5)]).sum().backward()
    assert torch.isfinite(logits.grad).all()


def test_losses_are_of_each_run_by_itself() -> None:
    both = torch.stack([LOGITS, 3 * LOGITS])
    counts = targets(LABELS, WEIGHTS, 0.1).expand(2, -1, -1)
    own = torch.diag(WEIGHTS)[LABELS].expand(2, -1, -1)
    of_focal = [own, own, torch.ones(2, 2), torch.tensor([[1.0, 1.0], [2.0, 2.0]])]
    for function, batch in ((cross_entropy, [counts]), (focal, of_focal)):
        found = function([both], batch)
        for run in (0, 1):
            alone = function([both[run : run + 1]], [part[run : run + 1] for part in batch])
            torch.testing.assert_close(found[run : run + 1], alone)
        assert found[0] != found[1]
