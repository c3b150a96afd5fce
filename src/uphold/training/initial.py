"""First weights of a network, from the run's seed and each parameter's own name.

A parameter's numbers follow from the seed, its name and its shape, and from nothing beside it: two
networks that share a part start that part alike, so that an ablation that adds a module does not
also change the start of the others.
"""

import math

import numpy as np
import torch
from torch import nn

from uphold.randomness import generator


def initialise(model: nn.Module, seed: int) -> None:
    """Set all weights and biases of a network, in place.

    Matrices and kernels are drawn uniformly within ``± sqrt(6 / inputs)`` (He et al. 2015, for
    rectified units), those of recurrent layers within ``± 1 / sqrt(units)``, biases are zero, and
    normalisations start as the identity. A module that has a method ``start`` then has the last
    word on its own parameters, for layers that begin as the identity.

    Parameters
    ----------
    model : torch.nn.Module
        Its parameters may be uninitialised; its buffers are left alone.
    seed : int
        The run's.
    """
    with torch.no_grad():
        for path, module in model.named_modules():
            for name, parameter in module.named_parameters(recurse=False):
                _set(module, name, parameter, generator(seed, "initial", path, name))
        for module in model.modules():
            if callable(start := getattr(module, "start", None)):
                start()


def _set(module: nn.Module, name: str, parameter: nn.Parameter, rng: np.random.Generator) -> None:
    if "bias" in name:
        parameter.zero_()
    elif parameter.dim() == 1:
        parameter.fill_(1)
    else:
        recurrent = isinstance(module, nn.RNNBase)
        inputs = parameter[0].numel()
        # an RNNBase has the number of its units
        limit = (
            1 / math.sqrt(module.hidden_size)  # type: ignore[arg-type]
            if recurrent
            else math.sqrt(6 / inputs)
        )
        drawn = rng.uniform(-limit, limit, tuple(parameter.shape)).astype(np.float32)
        parameter.copy_(torch.from_numpy(drawn))
