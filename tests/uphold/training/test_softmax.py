"""The loss of softmax outputs against torch's own; class weights by their promises."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional

from uphold.training.softmax import class_weights, cross_entropy

LOGITS = torch.tensor([[2.0, 0.5, -1.0], [0.0, 0.0, 3.0]])
TARGETS = torch.tensor([[1.0, 0.0, 0.0], [0.2, 0.3, 0.5]])


def test_cross_entropy_is_torchs() -> None:
    expected = functional.cross_entropy(LOGITS, TARGETS, reduction="none")
    torch.testing.assert_close(cross_entropy(LOGITS, TARGETS), expected)


def test_class_weights_weigh_the_terms_of_their_class() -> None:
    weights = torch.tensor([2.0, 0.5, 1.0])
    expected = functional.cross_entropy(LOGITS, TARGETS, weight=weights, reduction="none")
    torch.testing.assert_close(cross_entropy(LOGITS, TARGETS, weights), expected)


@given(st.lists(st.lists(st.floats(-30, 30), min_size=4, max_size=4), min_size=1, max_size=8))
def test_cross_entropy_of_any_distribution_is_torchs(rows: list[list[float]]) -> None:
    logits = torch.tensor(rows)
    targets = torch.softmax(logits.flip(1), dim=1)
    expected = functional.cross_entropy(logits, targets, reduction="none")
    torch.testing.assert_close(cross_entropy(logits, targets), expected)


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=300),
    st.floats(1.0, 6.0),
)
def test_class_weights_keep_to_the_limit_and_lift_the_rare(
    labels: list[int], largest: float
) -> None:
    weights = class_weights(np.array(labels), 6, largest).numpy()
    assert weights.max() <= largest * weights.min() * (1 + 1e-5)
    counts = np.maximum(np.bincount(labels, minlength=6), 1)
    assert (np.diff(weights[np.argsort(counts)]) <= 1e-5).all()  # rarer never counts less


def test_class_weights_without_a_limit_are_the_inverse_frequencies() -> None:
    # 6, 3 and 1 rows of 10: 10/18, 10/9, 10/3.
    weights = class_weights(np.repeat([0, 1, 2], [6, 3, 1]), 3, 6.0)
    assert weights.tolist() == pytest.approx([10 / 18, 10 / 9, 10 / 3])


def test_class_weights_of_ravdess_are_the_archived_ones() -> None:
    # 1440 / (3 · 768) = .625, 1440 / (3 · 96) = 5, cut to 3 · .625, and 1440 / (3 · 576) = .8333.
    weights = class_weights(np.repeat([0, 1, 2], [768, 96, 576]), 3, 3.0)
    assert weights.tolist() == pytest.approx([0.625, 1.875, 0.833333], abs=1e-6)


def test_a_limit_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        class_weights(np.array([0, 1]), 2, 0.5)
