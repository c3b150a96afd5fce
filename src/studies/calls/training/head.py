"""The classifier head: [dropout → dense → relu] → dropout → dense → sigmoid.

Weights start as BirdNET-Analyzer's do, by He's rule in the hidden layer (normal, variance 2 /
inputs) and by Glorot's in the output layer (uniform, within ± sqrt(6 / (inputs + outputs))); biases
start at zero. Its L2 penalty of 1e-5 on the weights is not applied.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch

from studies.calls.training.dense import Layer
from uphold.randomness import generator


def widths(features: int, hidden_units: int, classes: int) -> list[tuple[int, int]]:
    """Return inputs and outputs of each layer; without hidden units there is one layer."""
    sizes = [features, hidden_units, classes] if hidden_units else [features, classes]
    return list(pairwise(sizes))


def parameters(features: int, hidden_units: int, classes: int) -> int:
    """Return how many numbers a head learns."""
    return sum((i + 1) * o for i, o in widths(features, hidden_units, classes))


def initial(shapes: Sequence[tuple[int, int]], seeds: Sequence[int], device: str) -> list[Layer]:
    """Return a stack of new heads, one a seed; equal seeds and shapes give equal heads."""
    layers = []
    for depth, (inputs, outputs) in enumerate(shapes):
        weights = torch.empty(len(seeds), inputs, outputs)
        for weight, seed in zip(weights.numpy(), seeds, strict=True):
            rng = generator(seed, "initial", depth)
            if depth + 1 < len(shapes):
                weight[:] = rng.standard_normal((inputs, outputs), dtype=np.float32)
                weight *= np.sqrt(2 / inputs)
            else:
                limit = np.sqrt(6 / (inputs + outputs))
                weight[:] = rng.uniform(-limit, limit, (inputs, outputs))
        biases = torch.zeros(len(seeds), 1, outputs)
        layers.append(Layer(weights.to(device), biases.to(device)))
    return layers


def weights(head: Sequence[Layer]) -> dict[str, np.ndarray]:
    """Return a copy of a single head's weights, ``0.weight`` (inputs, outputs), ``0.bias``, …"""
    return {
        f"{depth}.{name}": values[0].cpu().numpy().copy()
        for depth, layer in enumerate(head)
        for name, values in layer._asdict().items()
    }
