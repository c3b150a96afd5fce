"""The last bit of an element does not depend on its place."""

import torch

from uphold.training.rowwise import sigmoid


def test_it_is_the_logistic_function_wherever_an_element_lies() -> None:
    x = torch.linspace(-30, 30, 61)
    torch.testing.assert_close(sigmoid(x), torch.sigmoid(x))
    for length in range(1, 40):
        for value in (-3.7, 0.3, 1.9):
            found = sigmoid(torch.full((length,), value))
            assert (found == sigmoid(torch.tensor([value]))).all()
