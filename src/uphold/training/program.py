"""What a stack of networks computes: losses of a batch, and the outputs that runs are judged by.

`stack.fit_together` knows runs and steps; how the tensors of several runs are laid out for one
network, and what is learned from, is a program's. `Images` is that of networks that take images and
of a loss of their outputs alone.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from uphold.training.side_by_side import side_by_side

Loss = Callable[[Sequence[Tensor], Sequence[Tensor]], Tensor]
"""From outputs and what else a batch holds, each (runs, rows, ...), to losses of shape (runs,)."""


class Program(Protocol):
    """What `stack.fit_together` asks of what its runs have in common."""

    def widened(self, one: nn.Module, networks: int) -> nn.Module:
        """Return so many networks like this one as one; weights are not set."""
        ...

    def begin(self, number: int, network: nn.Module, learners: Mapping[int, Any]) -> None:
        """Prepare for an epoch of the runs at these places; all of them are at this one."""
        ...

    def losses(
        self, network: nn.Module, x: Sequence[Tensor], others: Sequence[Tensor]
    ) -> tuple[Tensor, Mapping[str, Tensor]]:
        """Return the mean loss of a batch of each run, and what else is recorded of it.

        Parameters
        ----------
        network : torch.nn.Module
            In training mode.
        x : sequence over runs of Tensor of shape (rows, ...)
            What comes first of `Learner.epoch`.
        others : sequence of Tensor, each of shape (runs, rows, ...)
            What comes after it.

        Returns
        -------
        losses : Tensor of shape (runs,)
        parts : mapping of str to Tensor of shape (runs,)
            Their means over an epoch are for `record`; no gradient passes.
        """
        ...

    def record(self, means: Mapping[str, float]) -> Mapping[str, float]:
        """Return what a run's record of an epoch holds of its parts."""
        ...

    def outputs(self, network: nn.Module, x: Sequence[Tensor]) -> list[Tensor]:
        """Return the outputs for some rows of each run, all (networks, rows, features)."""
        ...


class Images:
    """Networks that take images, and a loss that follows from their outputs.

    Parameters
    ----------
    loss : callable
    """

    def __init__(self, loss: Loss) -> None:
        self.loss = loss

    def widened(self, one: nn.Module, networks: int) -> nn.Module:
        """Return so many networks like this one as one; weights are not set."""
        return side_by_side(one, networks)

    def begin(self, number: int, network: nn.Module, learners: Mapping[int, Any]) -> None:
        """Do nothing: every epoch is like the others."""

    def losses(
        self, network: nn.Module, x: Sequence[Tensor], others: Sequence[Tensor]
    ) -> tuple[Tensor, Mapping[str, Tensor]]:
        """Return the loss of each run, and nothing beside it."""
        return self.loss(self.outputs(network, x), others), {}

    def record(self, means: Mapping[str, float]) -> Mapping[str, float]:
        """Return nothing."""
        del means
        return {}

    def outputs(self, network: nn.Module, x: Sequence[Tensor]) -> list[Tensor]:
        """Return the outputs for some rows of each, all of shape (networks, rows, features)."""
        # Channels last: grouped convolutions take half the time on a CPU.
        whole = torch.cat(list(x), dim=1).contiguous(memory_format=torch.channels_last)
        out = network(whole)
        found = out if isinstance(out, tuple) else (out,)
        shape = len(x[0]), len(x), -1
        return [output.reshape(shape).transpose(0, 1).contiguous() for output in found]
