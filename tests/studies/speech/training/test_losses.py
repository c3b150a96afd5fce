"""Losses of a batch, by hand: the archived script's, which are not the textbook's throughout."""

from math import exp, log

import pytest
import torch

from studies.speech.settings.run import SpeechRun
from studies.speech.training.losses import batch_loss, focal

LOGITS = torch.tensor([[2.0, 0.5, -1.0], [0.0, 0.0, 3.0]])
LABELS = torch.tensor([0, 1])
WEIGHTS = torch.tensor([0.625, 1.875, 0.833])
ODDS = (exp(2) / (exp(2) + exp(0.5) + exp(-1)), 1 / (2 + exp(3)))
"""Of each row's own class."""


def loss(weights=None, **change) -> float:
    return batch_loss(SpeechRun(**change), LOGITS, LABELS, weights).item()


def test_the_weighted_mean_is_over_the_weights() -> None:
    plain = -(log(ODDS[0]) + log(ODDS[1])) / 2
    assert loss() == pytest.approx(plain, rel=1e-5)
    weighted = -(0.625 * log(ODDS[0]) + 1.875 * log(ODDS[1])) / (0.625 + 1.875)
    assert loss(WEIGHTS) == pytest.approx(weighted, rel=1e-5)


def test_focal_plays_down_by_the_weighted_probability() -> None:
    terms = [(w, -w * log(q)) for w, q in zip((0.625, 1.875), ODDS, strict=True)]
    expected = sum((1 - exp(-t)) ** 1.5 * t for _, t in terms) / 2
    assert loss(WEIGHTS, loss="focal", focal_gamma=1.5) == pytest.approx(expected, rel=1e-5)
    # The textbook's (1 - q)^gamma would be another number.
    textbook = sum((1 - q) ** 1.5 * t for (_, t), q in zip(terms, ODDS, strict=True)) / 2
    assert abs(textbook - expected) > 0.01


def test_focal_ignores_label_smoothing() -> None:
    plain = loss(WEIGHTS, loss="focal")
    assert loss(WEIGHTS, loss="focal", label_smoothing=0.1) == plain
    assert loss(WEIGHTS, label_smoothing=0.1) != loss(WEIGHTS)


def test_focal_has_a_finite_slope_where_the_class_is_met() -> None:
    logits = torch.tensor([[80.0, -80.0]], requires_grad=True)
    focal(logits, torch.tensor([0]), 0.5, None).backward()
    assert torch.isfinite(logits.grad).all()
