"""The LSTMs of several networks, one step of all of them a call.

A library's LSTM knows one network: eight of them are eight times its calls. Here a step multiplies
the states of all networks at once, and what of the slopes needs no state is computed for all steps
together.

Reference: Hochreiter & Schmidhuber 1997, "Long short-term memory", with the forget gate of Gers et
al. 2000; gates in torch's order: input, forget, cell, output.
"""

from typing import Any

import torch
from torch import Tensor


class Recurrence(torch.autograd.Function):
    """From what the inputs give the gates to the states of every step.

    ``Recurrence.apply(told, weight)`` maps `told`, of shape (networks, steps, rows, 4 * units),
    and the weights of the states, (networks, 4 * units, units), to the states (networks, steps,
    rows, units). The states begin at zero.
    """

    @staticmethod
    def forward(ctx: Any, told: Tensor, weight: Tensor) -> Tensor:
        """Return the states."""
        networks, steps, rows, gates = told.shape
        units = gates // 4
        # tanh(x) = 2 sigmoid(2x) - 1, so that one call serves all four gates.
        twice = torch.ones(4, 1, device=told.device, dtype=told.dtype)
        twice[2] = 2
        doubled = twice.expand(4, units).reshape(gates)
        opened = told * doubled
        by_state = (weight * doubled.unsqueeze(1)).transpose(1, 2)
        cells, states, squashed = (told.new_empty(networks, steps, rows, units) for _ in range(3))
        cell = state = told.new_zeros(networks, rows, units)
        for step in range(steps):
            now = opened[:, step]
            if step:
                now.baddbmm_(state, by_state)
            now.sigmoid_()
            entry, forget, candidate, out = now.chunk(4, dim=2)
            candidate.mul_(2).sub_(1)
            kept = forget * cell
            cell = torch.addcmul(kept, entry, candidate, out=cells[:, step])
            state = torch.mul(out, torch.tanh(cell, out=squashed[:, step]), out=states[:, step])
        ctx.save_for_backward(opened, cells, squashed, states, weight)
        return states

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor, Tensor]:
        """Return the slopes of what the gates were told, and of the weights."""
        opened, cells, squashed, states, weight = ctx.saved_tensors
        steps = opened.shape[1]
        entry, forget, candidate, out = opened.chunk(4, dim=3)
        # What a gate's slope is, per slope of the cell (of the state, for the last gate).
        before = torch.cat([torch.zeros_like(cells[:, :1]), cells[:, :-1]], dim=1)
        told = torch.cat([candidate, before, entry, squashed], dim=3)
        rest = opened * (1 - opened)
        units = weight.shape[2]
        rest[..., 2 * units : 3 * units] = 1 - candidate.square()
        told *= rest
        through = out * (1 - squashed.square())
        of_cell, of_state = torch.zeros_like(cells[:, 0]), slope[:, steps - 1]
        for step in reversed(range(steps)):
            of_cell = torch.addcmul(of_cell, of_state, through[:, step])
            gates = told[:, step]
            three = gates[..., : 3 * units].unflatten(2, (3, units))
            three.mul_(of_cell.unsqueeze(2))
            gates[..., 3 * units :].mul_(of_state)
            if step:
                of_cell *= forget[:, step]
                of_state = torch.baddbmm(slope[:, step - 1], gates, weight)
        later, earlier = told[:, 1:].flatten(1, 2), states[:, :-1].flatten(1, 2)
        return told, torch.bmm(later.transpose(1, 2), earlier)
